"""The form from which an echo network is made."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from seqlab.tasks import echo
from seqlab.training.config import RunConfig
from seqlab.ui.labs.echo.epochs import epoch_settings
from seqlab.ui.runs.forms import Fields, checked, length, network, optimiser, untouched

LOSSES = {"all": "every position", "echo": "only the echo"}


def echo_settings() -> RunConfig:
    """Draw the form of the echo task and read it; raises Fault in one plain sentence for a value that cannot be."""
    recipe = st.selectbox("Recipe", list(echo.RECIPES), format_func=lambda name: echo.RECIPES[name].label,
                          key="recipe", help="Where the numbers below start. Choose “as published” to see how much "
                          "longer the same network takes without the tricks.")
    st.caption(echo.RECIPES[recipe].note)
    fields = Fields(recipe, echo.RECIPES[recipe])
    details = epoch_settings(fields)
    left, middle, right = st.columns(3)
    with left:
        st.markdown("**Task**")
        values: dict[str, Any] = {"task": {"name": "echo"} | _task(fields) | details.task}
    with middle:
        st.markdown("**Network**")
        values["network"] = details.network | network(
            fields, "Letters enter as", note=_too_short_note(values["task"]))
    with right:
        st.markdown("**Training**")
        values |= {"optimiser": optimiser(fields), "reduction": details.reduction} | length(fields)
    return checked(values)


def usual_echo() -> RunConfig:
    """What the form makes where nobody has touched it."""
    return untouched(next(iter(echo.RECIPES.values())))


def _task(fields: Fields) -> dict[str, Any]:
    return {
        "form": fields.choice("Delay", "task.form", {"variable": "given as an input", "fixed": "always the same"}),
        "delay": fields.number("Largest delay", "task.delay", min_value=0, max_value=32),
        "length": fields.number("Letters in a training string", "task.length", min_value=1, max_value=500),
        "loss_on": fields.choice("Loss counts", "task.loss_on", LOSSES),
        "endings": fields.switch("Practise endings", "task.endings"),
    }


def _too_short_note(task: Mapping[str, Any]) -> str:
    """Say what a transformer should practise, where the strings that it is evaluated on are longer than its own."""
    longest = max(echo.evaluation_lengths(task["delay"]))
    if longest <= task["length"]:
        return ""
    return (f"A transformer knows only the positions that it has practised, and it is evaluated on strings of up to "
            f"{longest} letters: make the training strings at least as long.")
