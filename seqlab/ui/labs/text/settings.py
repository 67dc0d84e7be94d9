"""The form from which a network that writes is made: recipe, text, network, training; and what is wrong with it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from seqlab.data import corpora
from seqlab.data.preparation import LABELS
from seqlab.data.sentences import PREPARATIONS
from seqlab.data.windows import lanes
from seqlab.errors import Fault
from seqlab.tasks import MOST_TOKENS, Recipe, sentences, tasks, text, text_symbols
from seqlab.training.config import RunConfig
from seqlab.ui.labs.text.corpora import NEXT, OWN, PYTHON, choose_corpus, confirm_own, own_fields, present
from seqlab.ui.labs.text.corpus_view import corpus_view
from seqlab.ui.runs.forms import Fields, checked, dropout, length, network, optimiser
from seqlab.ui.runs.train_form import Shown

RECIPES: Mapping[str, Recipe] = {f"{task.TASK.name}-{name}": recipe for task in (text, sentences)
                                 for name, recipe in task.RECIPES.items()}
FIRST, OFFLINE = "text-fast", "text-python"
SPLITS = {"position": "by position: the last tenth validates", "d2l": "as d2l: 10,000 windows, then 5,000"}
UNITS = {"character": "a character", "word": "a word", "piece": "a piece of a word"}
SAMPLING = {"replacement": "drawn with replacement", "epochs": "shuffled, each once an epoch"}
FEWEST = 20  # a preparation that leaves less than one character in so many has the wrong letters


def text_settings() -> RunConfig:
    """Draw the form and read it; raises Fault for what cannot be, Absent for a text that has to be fetched first."""
    st.session_state.update(st.session_state.pop(NEXT, {}))
    left, right = st.columns([2, 3], gap="large")
    with left:
        recipe = _recipe()
        fields, task = Fields(recipe, _openable(recipe)), recipe.partition("-")[0]
        chosen = choose_corpus(_corpus(recipe))
        file = own_fields() if chosen == OWN else None
    if chosen == OWN:
        with right:
            confirm_own(file)
        left, _ = st.columns([2, 3], gap="large")  # below it, so that a phone shows first what was read
    with left:
        part = {"name": task} | PARTS[task](fields, _start(fields, chosen))
    made, taught, timed = st.columns(3)
    with made:
        st.markdown("**Network**")
        net = network(fields, "Symbols enter as") | {"dropout": dropout(fields)}
    with taught:
        st.markdown("**Optimiser**")
        training: dict[str, Any] = {"optimiser": optimiser(fields)}
    with timed:
        st.markdown("**Training**")
        training |= length(fields)
    if chosen == OWN:
        raise Shown("Take your text first: add it, look at what was read, and press the button below that.")
    with right:
        corpus = present(chosen)
        config = checked({"task": part | {"corpus": corpus}, "network": net} | training)
        _possible(config)
        corpus_view(config)
    return config


def _start(fields: Fields, corpus: str) -> str:
    """How a text of one's own is prepared to begin with: as it is, unless the recipe is a published one's ("")."""
    own = corpus == OWN or corpus.startswith(("text-", "table-"))
    return "whole" if own and fields.start["task"]["preparation"] != "published" else ""


def _recipe() -> str:
    """Draw the recipes of both tasks; one that comes with another text than the last brings it along."""
    asked = st.query_params.get("recipe")
    if "text-recipe" not in st.session_state:
        st.session_state["text-recipe"] = asked if asked in RECIPES else FIRST

    def moved() -> None:
        recipe = st.session_state["text-recipe"]
        before, own = _corpus(st.session_state["recipe-before"]), _corpus(recipe)
        if own != before:
            st.session_state["corpus"] = own
            st.query_params.pop("text", None)
        st.query_params["recipe"] = recipe

    recipe: str = st.selectbox("Recipe", list(RECIPES), format_func=lambda name: RECIPES[name].label, key="text-recipe",
                          on_change=moved, help="Where the numbers below start.")
    st.session_state["recipe-before"] = recipe
    st.caption(RECIPES[recipe].note)
    return recipe


def _corpus(recipe: str) -> str:
    """The text that a recipe comes with; it is not opened."""
    task = RECIPES[recipe].config["task"]
    return str(task.get("corpus") or tasks()[task["name"]].config.model_fields["corpus"].default)


def _openable(recipe: str) -> Recipe:
    """A recipe whose config can be made here: where its text must be fetched first, with one that needs no network."""
    known = RECIPES[recipe]
    if corpora.at_hand(_corpus(recipe)):
        return known
    return replace(known, config=known.config | {"task": known.config["task"] | {"corpus": PYTHON}})


def _windows(fields: Fields, start: str) -> dict[str, Any]:
    return {
        "preparation": fields.choice("Prepared as", "task.preparation", LABELS, start=start),
        **_unit(fields),
        "split": fields.choice("Split", "task.split", SPLITS),
        "num_steps": fields.number("Symbols a window", "task.num_steps", min_value=1, max_value=text.LONGEST),
        **_order(fields),
    }


def _unit(fields: Fields) -> dict[str, Any]:
    """Draw what a symbol is, and how many the network knows where that is a choice."""
    unit = fields.choice("A symbol is", "task.unit", UNITS)
    if unit == "character":
        return {"unit": unit}
    most = fields.number("Vocabulary", "task.most", min_value=text_symbols.FEWEST_TOKENS, max_value=MOST_TOKENS)
    return {"unit": unit, "most": most}


def _order(fields: Fields) -> dict[str, Any]:
    """Draw how windows come: one after another with the state carried on, or in an order of their own."""
    carry = fields.switch("Carry the state on", "task.carry")
    sampling = "replacement" if carry else fields.choice("Windows come", "task.sampling", SAMPLING)
    return {"carry": carry, "sampling": sampling}


def _sentences(fields: Fields, start: str) -> dict[str, Any]:
    return {
        "preparation": fields.choice("Prepared as", "task.preparation",
                                     {name: preparation.label for name, preparation in PREPARATIONS.items()},
                                     start=start),
        "longest": fields.number("Longest sentence", "task.longest", min_value=2, max_value=1024),
        "sampling": fields.choice("Sentences come", "task.sampling", SAMPLING),
    }


PARTS = {text.TASK.name: _windows, sentences.TASK.name: _sentences}


def _possible(config: RunConfig) -> None:
    """Raise Fault where the text is too short for what is asked of it."""
    task = config.task_config
    if not isinstance(task, text.TextConfig):
        sentences.parts(task)
        return
    whole, prepared = (len(corpora.prepared(task.corpus, preparation)) for preparation in ("whole", task.preparation))
    if prepared * FEWEST < whole:
        raise Fault(f"“{LABELS[task.preparation]}” leaves {prepared:,} of {whole:,} characters; take another "
                    "preparation, such as “as it is”.")
    learned, _ = text.parts(task)
    if task.carry:
        lanes(len(learned), config.batch, task.num_steps, 0)
