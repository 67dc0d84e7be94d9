"""The form from which a network that classifies reviews is made: recipe, reviews, network, training."""

from html import escape
from typing import Any

import numpy as np
import streamlit as st

from seqlab.data import reviews
from seqlab.tasks import sentiment
from seqlab.training.config import RunConfig
from seqlab.ui.labs.sentiment.choice import NEXT, choose, present
from seqlab.ui.labs.sentiment.field import offered
from seqlab.ui.runs.forms import Fields, checked, dropout, length, network, optimiser

RECIPES = sentiment.RECIPES
KEEPS = {"both": "its start and its end", "start": "its start", "end": "its end"}
SAMPLE = 260  # characters of a review that is shown as one of its kind
POOLINGS = {"max": "max over the words, padding ignored", "max-with-padding": "max over everything, padding too",
            "none": "the last word's state"}


def sentiment_settings() -> RunConfig:
    """Draw the form and read it; raises Fault for what cannot be, Absent for reviews that have to be fetched first."""
    st.session_state.update(st.session_state.pop(NEXT, {}))
    left, right = st.columns([2, 3], gap="large")
    with left:
        recipe = _recipe()
        fields = Fields(f"sentiment-{recipe}", RECIPES[recipe])
        chosen = choose(_corpus(recipe))
        part = {"name": "sentiment"} | _reading(fields)
    made, taught, timed = st.columns(3)
    with made:
        st.markdown("**Network**")
        net = network(fields, "Words enter as") | {"dropout": dropout(fields)}
        net["pooling"] = fields.choice("The answer comes from", "network.pooling", POOLINGS, help="Reviews of a batch "
                                       "are filled up to the longest of them. A pool that reads the padding too gives "
                                       "a review another answer beside a longer one.")
    with taught:
        st.markdown("**Optimiser**")
        training: dict[str, Any] = {"optimiser": optimiser(fields)}
    with timed:
        st.markdown("**Training**")
        training |= length(fields)
    with right:
        corpus = present(chosen)
        config = checked({"task": part | {"corpus": corpus}, "network": net} | training)
        _about(config)
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
    return {
        "words": fields.number("Vocabulary", "task.words", min_value=10, max_value=100_000,
                               help="The most frequent words of what is learned from; all others are one symbol, the "
                               "unknown."),
        "longest": fields.number("Longest review", "task.longest", min_value=4, max_value=sentiment.LONGEST_EVALUATED,
                                 help="Words of a review in training; of a longer one it keeps as many."),
        "keep": fields.choice("Of a longer one it keeps", "task.keep", KEEPS),
    }


def _about(config: RunConfig) -> None:
    """Say what the chosen reviews are and how they are divided."""
    task = config.task_config
    learned, validation = sentiment.parts(task)
    known, middle = float((learned.ids != sentiment.vocabulary(task).unknown).mean()), np.median(validation.lengths)
    st.markdown(f"**{reviews.title(task.corpus)}**")
    if task.corpus == "opinions":
        st.caption(":material/science: A stand-in that a small grammar writes, so that this page works with no "
                   "network. Its figures say nothing about real reviews.")
    tiles = ((f"{len(learned.labels):,}", "reviews to learn from"), (f"{len(validation.labels):,}", "to validate with"),
             (f"{middle:,.0f}", "words, the median"), (f"{known:.1%}", "of the words are known"))
    st.html('<div class="tiles">' + "".join(f"<p><b>{number}</b><small>{name}</small></p>" for number, name in tiles)
            + "</div>")
    st.caption(f"Labels: {' and '.join(task.labels)}, each divided by itself, four fifths to learn from. The test set "
               "is another part, and no training ever reads it.")
    st.html("".join(f"<p class='review-sample'><b>{escape(task.labels[label])}</b> {escape(text[:SAMPLE])}"
                    f"{' …' if len(text) > SAMPLE else ''}</p>" for text, label in offered(task.corpus)[:2]))
