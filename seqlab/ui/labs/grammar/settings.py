"""The form from which a network that learns a grammar is made: grammar, strings, batches, network, training."""

from typing import Any

import streamlit as st

from seqlab.data.grammar import BUILT_IN
from seqlab.errors import Fault
from seqlab.reference.core import cores
from seqlab.tasks.grammar import RECIPES, GrammarConfig, epoch
from seqlab.training.config import RunConfig
from seqlab.ui.labs.grammar.language import choose_language, language_view
from seqlab.ui.runs.batches import BatchWords, batches
from seqlab.ui.runs.forms import Fields, checked, device, dropout, network, optimiser, ranged
from seqlab.ui.runs.train_form import Shown

FIRST = "quick"
LEVELS = {"character": "characters", "word": "words"}
BATCHES = BatchWords("strings", "masked out of the loss")
MOST_EPOCHS = 500


def grammar_settings() -> RunConfig:
    """Draw the form and read it; raises Fault in one plain sentence for what cannot be."""
    left, right = st.columns([2, 3], gap="large")
    with left:
        recipe = _recipe()
        fields = Fields(recipe, RECIPES[recipe])
        task, wrong = _strings(fields)
    cut, made, taught, timed = st.columns(4)
    with made:
        st.markdown("**Network**")
        net = network(fields, "Tokens enter as") | {"dropout": dropout(fields)}
    with cut:
        st.markdown("**Batches**")
        cuts, batch = batches(fields, BATCHES, packs=cores()[str(net["model"])].packs)
    with taught:
        st.markdown("**Optimiser**")
        training: dict[str, Any] = {"optimiser": optimiser(fields)}
    with timed:
        st.markdown("**Training**")
        in_epochs = st.container()
        training |= {"seed": fields.number("Seed", "seed", min_value=0), "batch": batch}
        training["device"], no_device = _device(fields)
    with right:
        if wrong:
            raise Shown(wrong)
        if no_device:
            raise Fault(no_device)
        return _read(recipe, {"task": {"name": "grammar"} | task | cuts, "network": net} | training, in_epochs)


def _read(recipe: str, values: dict[str, Any], place: Any) -> RunConfig:
    """Make the config, with as many steps as the epochs that are asked for have; and show what it learns from."""
    each = _epoch(values)
    with place:
        values |= _length(recipe, each)
    config = checked(values)
    language_view(config)
    return config


def _epoch(values: dict[str, Any]) -> int:
    """Steps of an epoch; raises Fault for what cannot be."""
    first = checked({name: part for name, part in values.items() if name in ("task", "batch", "network")})
    return epoch(first.task_config, first.batch)


def _recipe() -> str:
    asked = st.query_params.get("recipe")
    if "grammar-recipe" not in st.session_state:
        st.session_state["grammar-recipe"] = asked if asked in RECIPES else FIRST

    def moved() -> None:
        st.query_params["recipe"] = st.session_state["grammar-recipe"]

    recipe: str = st.selectbox("Recipe", list(RECIPES), format_func=lambda name: RECIPES[name].label,
                               key="grammar-recipe", on_change=moved, help="Where everything below starts.")
    st.caption(RECIPES[recipe].note)
    return recipe


def _strings(fields: Fields) -> tuple[dict[str, Any], str]:
    """What is learned from, and what is wrong with the grammar ("" where nothing is)."""
    start = GrammarConfig(**{name: part for name, part in fields.start["task"].items() if name != "name"})
    first = start.grammar if start.grammar in BUILT_IN else "ndfa"
    level = fields.choice("Cut into", "task.level", LEVELS)
    grammar, wrong = choose_language(first, level, fields.name)
    many, long = st.columns(2)
    with many:
        count = fields.number("Strings to learn from", "task.strings", min_value=1, max_value=1_000_000)
    with long:
        longest = fields.number("Longest", "task.longest", min_value=1, max_value=1000)
    prompt = st.text_input("Seed sequence of the samples", start.prompt, key=f"task.prompt-{fields.name}",
                           placeholder="Nothing: they begin by themselves",
                           help="After every epoch ten strings are listed that go on from here.")
    return {"grammar": grammar, "level": level, "strings": count, "longest": longest, "prompt": prompt or ""}, wrong


def _length(recipe: str, each: int) -> dict[str, Any]:
    start = RECIPES[recipe].config
    epochs = ranged("Epochs", start["steps"] // start["evaluate_every"], f"epochs-{recipe}",
                    {"min_value": 1, "max_value": MOST_EPOCHS, "help": "How often each string is learned from."})
    if epochs is None:
        raise Fault("The number of epochs is missing.")
    st.caption(f"{each:,} steps each, {epochs * each:,} in all; it is evaluated after each.")
    return {"steps": epochs * each, "evaluate_every": each}


def _device(fields: Fields) -> tuple[str, str]:
    """The device, and what is wrong with it ("" if nothing), which is said with the rest."""
    try:
        return device(fields), ""
    except Fault as fault:
        return "", str(fault)
