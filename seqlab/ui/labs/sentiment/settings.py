"""The form from which a network that classifies reviews is made: recipe, reviews, network, training."""

from html import escape
from typing import Any

import numpy as np
import streamlit as st

from seqlab.data import reviews
from seqlab.data.review_preparation import PREPARATIONS
from seqlab.reference.core import cores
from seqlab.tasks import sentiment
from seqlab.tasks.sentiment_recipes import RECIPES
from seqlab.training.config import RunConfig
from seqlab.ui.labs.sentiment.choice import NEXT, OWN, choose, confirm_own, own_field, present
from seqlab.ui.labs.sentiment.field import offered
from seqlab.ui.proof.store import PICTURES
from seqlab.ui.runs.batches import BatchWords, batches
from seqlab.ui.runs.forms import Fields, checked, dropout, network, optimiser, timing
from seqlab.ui.runs.train_form import Shown
from seqlab.ui.shell.foreign import literal

BATCHES = BatchWords("reviews", "computed as words are")
KEEPS = {"both": "its start and its end", "start": "its start", "end": "its end"}
MOST_SAMPLES = 4
SAMPLE = 260  # characters of a review that is shown as one of its kind
POOLINGS = {"max": "max, padding ignored", "max-with-padding": "max, padding too", "none": "the last word's state"}


def sentiment_settings() -> RunConfig:
    """Draw the form and read it; raises Fault for what cannot be, Absent for reviews that have to be fetched first."""
    st.session_state.update(st.session_state.pop(NEXT, {}))
    left, right = st.columns([2, 3], gap="large")
    with left:
        recipe = _recipe()
        fields = Fields(f"sentiment-{recipe}", RECIPES[recipe])
        chosen = choose(_corpus(recipe))
        file = own_field() if chosen == OWN else None
    if chosen == OWN:
        with right:
            confirm_own(file)
        left, _ = st.columns([2, 3], gap="large")  # below it, so that a phone shows first what was read
    with left:
        part = {"name": "sentiment"} | _reading(fields)
    cut, made, taught, timed = st.columns(4)
    with made:
        st.markdown("**Network**")
        net = network(fields, "Words enter as") | {"dropout": dropout(fields)}
        net["pooling"] = fields.choice("The answer comes from", "network.pooling", POOLINGS)
    with cut:
        st.markdown("**Batches**")
        cuts, batch = batches(fields, BATCHES, packs=cores()[str(net["model"])].packs)
    with taught:
        st.markdown("**Optimiser**")
        training: dict[str, Any] = {"batch": batch, "optimiser": optimiser(fields)}
    with timed:
        st.markdown("**Training**")
        training |= timing(fields)
    if chosen == OWN:
        raise Shown("Take your table first: add it, look at what was read, and press the button below that.")
    with right:
        corpus = present(chosen)
        config = checked({"task": part | cuts | {"corpus": corpus}, "network": net} | training)
        _about(config)
    with timed:
        st.caption(f"An epoch has {sentiment.plan(config.task_config, config.batch).steps:,} steps.")
    return config


def _recipe() -> str:
    asked = st.query_params.get("recipe")
    if "sentiment-recipe" not in st.session_state:
        st.session_state["sentiment-recipe"] = asked if asked in RECIPES else next(iter(RECIPES))

    def moved() -> None:
        recipe = st.session_state["sentiment-recipe"]
        st.session_state["reviews"] = _corpus(recipe)
        st.query_params["recipe"] = recipe
        st.query_params.pop("data", None)

    recipe: str = st.selectbox("Recipe", list(RECIPES), format_func=lambda name: RECIPES[name].label,
                               key="sentiment-recipe", on_change=moved, help="Where the numbers below start.")
    st.caption(RECIPES[recipe].note)
    return recipe


def _corpus(recipe: str) -> str:
    return str(RECIPES[recipe].config["task"].get("corpus", "opinions"))


def _reading(fields: Fields) -> dict[str, Any]:
    ways = {name: way.label for name, way in PREPARATIONS.items()}
    task = {"preparation": fields.choice("Prepared", "task.preparation", ways)}
    many, long = st.columns(2)
    with many:
        task["words"] = fields.number("Vocabulary", "task.words", min_value=10, max_value=100_000)
    with long:
        task["longest"] = fields.number("Longest review", "task.longest", min_value=4, max_value=sentiment.MOST_WORDS)
    return task | {"keep": fields.choice("Of a longer one it keeps", "task.keep", KEEPS)}


def _about(config: RunConfig) -> None:
    """Say what the chosen reviews are and how they are divided."""
    task = config.task_config
    with st.spinner("Cutting the texts into words …"):
        learned, validation = sentiment.parts(task)
    known, middle = float((learned.ids != sentiment.vocabulary(task).unknown).mean()), np.median(validation.lengths)
    st.markdown(f"**{literal(reviews.title(task.corpus))}**")
    if task.corpus == "opinions":
        st.caption(":material/science: A stand-in that a small grammar writes, so that this page works with no "
                   "network. Its figures say nothing about real reviews.")
    tiles = ((f"{len(learned.labels):,}", "reviews to learn from"), (f"{len(validation.labels):,}", "to validate with"),
             (f"{middle:,.0f}", "words, the median"), (f"{known:.1%}", "of the words are known"))
    st.html('<div class="tiles">' + "".join(f"<p><b>{number}</b><small>{name}</small></p>" for number, name in tiles)
            + "</div>")
    names = ", ".join(f"{place} is {name}" for place, name in enumerate(task.labels))
    st.caption(literal(f"Label {names}. Prepared {task.way.label}. {task.way.note} "
                     f"{_repeated(task.corpus, task.preparation)}"))
    st.html("".join(f"<p class='review-sample'><b>{escape(task.named(label))}</b> {escape(text[:SAMPLE])}"
                    f"{' …' if len(text) > SAMPLE else ''}</p>"
                    for text, label in offered(task.corpus, task.preparation)[:min(len(task.labels), MOST_SAMPLES)]
                    if label is not None))


@PICTURES.cached
def _repeated(corpus: str, preparation: str) -> str:
    """Say whether reviews that validate stand among those that are learned from."""
    learned, validation = PREPARATIONS[preparation].parts(corpus)
    count = validation.repeats(learned)
    if not count:
        return "No review that validates stands, word for word, among those that are learned from."
    return (f"{count:,} of the {len(validation.rows):,} reviews that validate stand, word for word, among those that "
            "are learned from, too: the collection is divided as it was published.")
