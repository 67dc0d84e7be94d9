"""The field for a review: typed, pasted, or one that the network has not learned from."""

import streamlit as st

from seqlab.data import reviews
from seqlab.data.tokens import to_learn
from seqlab.training.run import Run
from seqlab.ui.proof.store import PICTURES
from seqlab.ui.widgets.live_area import live_area

OURS = (("The music was not bad, but the story was boring and the ending was awful. I was glad when it was over.", 0),
        ("A wonderful cast and a clever script. I would see it again tomorrow.", 1),
        ("Although the plot was dull the acting was brilliant, and I was sorry when it ended.", 1),
        ("I wanted to like this film. It has good actors, and still it is lifeless from its first minute on.", 0))
SHORT = 120, 1100  # characters of a review that is offered
OFFERED = 200


def typed(run: Run) -> str:
    """Draw the field and return its text; it opens with a review of ours, or one that was kept from learning."""
    corpus, state = run.config.task["corpus"], st.session_state
    if state.get("review") is None or (state.get("review-run") != run.id and state["review"] == state["review-given"]):
        state["review-place"] = 0
        state["review"] = state["review-given"] = review_at(corpus, 0)[0]
    state["review-run"] = run.id
    left, right = st.columns([5, 1], vertical_alignment="bottom")
    text = left.text_area("A review", key="review", height=118, persist_state="session",
                          label_visibility="collapsed", placeholder="Type or paste what somebody says of a film",
                          help="It is read while you type. Letters alone are read, in lower case; marks such as HTML's "
                          "are no words.")
    with right:
        st.button("Another review", icon=":material/casino:", key="another-review", width="stretch", args=(corpus,),
                  on_click=_another, help="The next one of those that no network learned from.")
    live_area("review", key="live-review")
    return str(text or "")


def label_of(text: str, run: Run) -> str:
    """Say what label a review has that was offered here and left as it was ("" where nobody knows)."""
    known, label = review_at(run.config.task["corpus"], st.session_state.get("review-place", 0))
    return str(run.config.task_config.labels[label]) if text == known else ""


def _another(corpus: str) -> None:
    place = st.session_state.get("review-place", 0) + 1
    st.session_state["review-place"] = place
    st.session_state["review"] = st.session_state["review-given"] = review_at(corpus, place)[0]


def review_at(corpus: str, place: int) -> tuple[str, int]:
    """Text and label of the review at a place; of films ours come first: they need no reading, and offend nobody."""
    first = OURS if corpus == "imdb" else ()
    if place < len(first):
        return first[place]
    given = offered(corpus)
    return given[(place - len(first)) % len(given)]


def offered(corpus: str) -> tuple[tuple[str, int], ...]:
    """Give reviews that validate and are soon read, with their labels; ours where the collection is not here."""
    return _fitting(corpus) if reviews.at_hand(corpus) else OURS


@PICTURES.cached
def _fitting(corpus: str) -> tuple[tuple[str, int], ...]:
    rows, (_, _, validation) = reviews.rows(corpus, "train"), to_learn(corpus)
    fitting = [rows[place] for place in validation.tolist() if SHORT[0] <= len(rows[place][0]) <= SHORT[1]]
    # The rows are sorted by label: every so-many-th one mixes them.
    hop = max(1, len(fitting) // OFFERED)
    mixed = fitting[::hop][:OFFERED]
    half = len(mixed) // 2
    pairs = [row for both in zip(mixed[half:], mixed[:half], strict=False) for row in both]
    return tuple((text.replace("<br />", " "), label) for text, label in pairs) or OURS
