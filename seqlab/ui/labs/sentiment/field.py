"""The field for a review: typed, pasted, or one that the network has not learned from."""

from itertools import zip_longest

import streamlit as st

from seqlab.data import reviews
from seqlab.data.review_preparation import PREPARATIONS
from seqlab.tasks.sentiment import SentimentConfig
from seqlab.training.run import Run
from seqlab.ui.proof.store import PICTURES
from seqlab.ui.widgets.kept_area import kept_area
from seqlab.ui.widgets.live_area import live_area

Offered = tuple[tuple[str, int | None], ...]  # texts, and their labels where they are known
OURS: Offered = (
    ("The music was not bad, but the story was boring and the ending was awful. I was glad when it was over.", 0),
    ("A wonderful cast and a clever script. I would see it again tomorrow.", 1),
    ("Although the plot was dull the acting was brilliant, and I was sorry when it ended.", 1),
    ("I wanted to like this film. It has good actors, and still it is lifeless from its first minute on.", 0))
SHORT = 120, 1100  # characters of a review that is offered
OFFERED = 200
MOST_KEPT = 200_000  # characters of a review that the browser keeps


def typed(run: Run) -> str:
    """Draw the field and return its text; it opens with a review of ours, or one that was kept from learning."""
    task, state = run.config.task_config, st.session_state
    if state.get("review") is None or (state.get("review-run") != run.id and state["review"] == state["review-given"]):
        state["review-place"] = 0
        state["review"] = state["review-given"] = review_at(task, 0)[0]
    state["review-run"] = run.id
    left, right = st.columns([5, 1], vertical_alignment="bottom")
    text = left.text_area("A review", key="review", height=76, persist_state="session",
                          label_visibility="collapsed", placeholder="Type or paste what somebody says of a film",
                          help="It is read while you type: letters alone, in lower case.")
    with right:
        st.button("Another review", icon=":material/casino:", key="another-review", width="stretch", args=(task,),
                  on_click=_another, help="The next one of those that no network learned from.")
    live_area("review", key="live-review")
    kept_area("review", state["review-given"], key="kept-review", most=MOST_KEPT)
    return str(text or "")


def label_of(text: str, run: Run) -> str:
    """Say what label a review has that was offered here and left as it was ("" where nobody knows)."""
    task = run.config.task_config
    known, label = review_at(task, st.session_state.get("review-place", 0))
    return str(task.named(label)) if text == known and label is not None else ""


def _another(task: SentimentConfig) -> None:
    place = st.session_state.get("review-place", 0) + 1
    st.session_state["review-place"] = place
    st.session_state["review"] = st.session_state["review-given"] = review_at(task, place)[0]


def review_at(task: SentimentConfig, place: int) -> tuple[str, int | None]:
    """Text of the review at a place, and the label that it has in its collection, if it is in one.

    Of films ours come first: they need no reading, and offend nobody.
    """
    first = OURS if task.corpus == "imdb" else ()
    if place < len(first):
        return first[place]
    given = offered(task.corpus, task.preparation)
    return given[(place - len(first)) % len(given)]


def offered(corpus: str, preparation: str) -> Offered:
    """Give reviews that validate and are soon read, with their labels; ours where the collection is not here."""
    films = corpus in reviews.TITLES
    ours = OURS if films else tuple((text, None) for text, _ in OURS)  # of films, so they have no label of a table's
    return _fitting(corpus, preparation) if reviews.at_hand(corpus) else ours


@PICTURES.cached
def _fitting(corpus: str, preparation: str) -> Offered:
    _, validation = PREPARATIONS[preparation].parts(corpus)
    rows = reviews.rows(corpus, validation.file)
    every = [rows[place] for place in sorted(validation.rows)]
    fitting = ([row for row in every if SHORT[0] <= len(row[0]) <= SHORT[1]]
               or sorted(every, key=lambda row: abs(len(row[0]) - SHORT[0])))
    hop = max(1, len(fitting) // OFFERED)
    chosen = fitting[::hop][:OFFERED]
    labels = sorted({label for _, label in chosen}, reverse=True)
    by_label = [[row for row in chosen if row[1] == label] for label in labels]
    turns = [row for turn in zip_longest(*by_label) for row in turn if row is not None]
    return tuple((text.replace("<br />", " "), label) for text, label in turns)
