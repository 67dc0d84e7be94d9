"""The form from which a live run is made; a recipe fills it with defaults, so that one click suffices."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import streamlit as st
from pydantic import ValidationError

from seqlab.errors import Fault
from seqlab.reference.core import cores
from seqlab.tasks import echo
from seqlab.training.config import RunConfig, explain
from seqlab.ui.services import engine

INITIALISATIONS = {
    "default": "torch's own (uniform)",
    "orthogonal": "orthogonal",
    "delay-line": "delay line (remembers from the start)",
}
INPUTS = {"embedding": "learned embedding", "one-hot": "one-hot"}
DEVICES = {"cpu": "CPU", "cuda": "GPU (CUDA)", "mps": "GPU (Apple)"}
POSITIONS = {"sinusoidal": "waves (sines and cosines)", "learned": "learned"}
LOSSES = {"all": "every position", "echo": "only the echo"}


def echo_settings() -> RunConfig:
    """Draw the form of the echo task and read it; raises Fault in one plain sentence for a value that cannot be."""
    recipe = st.selectbox("Recipe", list(echo.RECIPES), format_func=lambda name: echo.RECIPES[name].label,
                          key="recipe", help="Where the numbers below start. Choose “plain” to see how much longer "
                          "the same network takes without the tricks.")
    st.caption(echo.RECIPES[recipe].note)
    return _config(_Fields(recipe, echo.RECIPES[recipe].config))


class _Fields:
    """Widgets whose starting values come from a recipe; another recipe has widgets of its own."""

    def __init__(self, recipe: str, start: Mapping[str, Any]) -> None:
        self.recipe, self.start = recipe, RunConfig(**start).model_dump()

    def _default(self, path: str) -> tuple[str, Any]:
        value: Any = self.start
        for part in path.split("."):
            value = value[part]
        return f"{path}-{self.recipe}", value

    def number(self, label: str, path: str, **options: Any) -> Any:
        key, value = self._default(path)
        return st.number_input(label, value=value, key=key, **options)

    def choice(self, label: str, path: str, names: Mapping[str, str], **options: Any) -> str:
        key, value = self._default(path)
        listed = list(names)
        return st.selectbox(label, listed, listed.index(value), format_func=names.__getitem__, key=key, **options)

    def switch(self, label: str, path: str, **options: Any) -> bool:
        key, value = self._default(path)
        return st.toggle(label, value, key=key, **options)


def _config(fields: _Fields) -> RunConfig:
    left, middle, right = st.columns(3)
    with left:
        values: dict[str, Any] = {"task": {"name": "echo"} | _task(fields)}
    with middle:
        values["network"] = _network(fields, _unpractised(values["task"]))
    with right:
        values["optimiser"] = _optimiser(fields)
        values |= _length(fields)
    try:
        return RunConfig(**values)
    except ValidationError as error:
        raise Fault(explain(error)) from error


def _task(fields: _Fields) -> dict[str, Any]:
    st.markdown("**Task**")
    return {
        "form": fields.choice("Delay is", "task.form", {"variable": "told each time", "fixed": "always the same"}),
        "delay": fields.number("Delay (largest, if told)", "task.delay", min_value=0, max_value=32),
        "length": fields.number("Letters in a training string", "task.length", min_value=1, max_value=500),
        "loss_on": fields.choice(
            "Loss counts", "task.loss_on", LOSSES,
            help="The first answers, before the echo begins, are blanks and need no memory. Counting them makes the "
            "loss look smaller and teaches the network to wait; leaving them out puts all the effort on the echo."),
        "endings": fields.switch("Practise endings", "task.endings",
                                 help="Half of the strings end in blanks, so that the network learns to finish an "
                                 "echo after the word is over."),
    }


def _unpractised(task: Mapping[str, Any]) -> int:
    """Letters of the longest string that judges the network, where none so long is practised; else 0."""
    longest = max(echo.lengths_judged(task["delay"]))
    return longest if longest > task["length"] else 0


def _network(fields: _Fields, longest: int) -> dict[str, Any]:
    st.markdown("**Network**")
    values = {
        "model": fields.choice("Model", "network.model", {name: core.label for name, core in cores().items()}),
        "hidden": fields.number("Hidden units", "network.hidden", min_value=1, max_value=2048),
        "layers": fields.number("Layers", "network.layers", min_value=1, max_value=8),
        "input": fields.choice("Letters enter as", "network.input", INPUTS),
        "embedding": fields.number("Embedding width", "network.embedding", min_value=1, max_value=1024),
    }
    if cores()[values["model"]].state:
        start = fields.choice("Weights start", "network.initialisation", INITIALISATIONS)
        return values | {"initialisation": start}
    return values | _attention(fields, longest)


def _attention(fields: _Fields, longest: int) -> dict[str, Any]:
    """Settings that only a model without a carried state has: it looks back by attention, and is told positions."""
    values = {
        "heads": fields.number("Attention heads", "network.heads", min_value=1, max_value=64,
                               help="The hidden units are shared out among the heads, so the number of heads must "
                               "divide theirs."),
        "positions": fields.choice("Positions are", "network.positions", POSITIONS,
                                   help="Attention alone does not know what came first, so each position is told."),
    }
    if values["positions"] == "learned":
        values["context"] = fields.number("Learned positions reach", "network.context", min_value=1, max_value=4096,
                                          help="Time steps of the longest sequence that the network can ever read.")
    if longest:
        st.caption(f"A transformer knows only the positions that it has practised, and it is judged on strings of up "
                   f"to {longest} letters: make the training strings at least as long.")
    return values


def _optimiser(fields: _Fields) -> dict[str, Any]:
    st.markdown("**Training**")
    names = {"adam": "Adam", "adamw": "AdamW", "rmsprop": "RMSprop", "sgd": "SGD"}
    return {
        "name": fields.choice("Optimiser", "optimiser.name", names),
        "lr": fields.number("Learning rate", "optimiser.lr", min_value=0.0, step=0.001, format="%.4g"),
        "decay": fields.choice("Learning rate then", "optimiser.decay", {"none": "stays", "linear": "falls to 0"}),
        "warmup": fields.number("Warm-up steps", "optimiser.warmup", min_value=0),
        "clip": fields.number("Clip gradient norm at", "optimiser.clip", min_value=0.0, step=0.1, format="%.4g",
                              help="Empty: no clipping."),
    }


def _length(fields: _Fields) -> dict[str, Any]:
    return {
        "batch": fields.number("Batch", "batch", min_value=1, max_value=65536),
        "steps": fields.number("Steps", "steps", min_value=1, max_value=10_000_000),
        "seed": fields.number("Seed", "seed", min_value=0),
        "stop_at": fields.number("Stop at accuracy", "stop_at", min_value=0.01, max_value=1.0, step=0.001,
                                 format="%.4g", help="On fresh strings, as a share. Empty: all steps are done."),
        "evaluate_every": fields.start["evaluate_every"],
        "device": _device(fields),
    }


def _device(fields: _Fields) -> str:
    """Choose a device and say what this machine has; raises Fault for one that it has not."""
    here = _here() if engine().ready else []
    absent = "" if not here else " (not here)"
    names = {name: label + ("" if name in here else absent) for name, label in DEVICES.items()}
    names = {"auto": f"automatic: {DEVICES[here[0]]} here" if here else "automatic", **names}
    device = fields.choice("Device", "device", names, help="Automatic takes the fastest that the workers have.")
    if here and device != "auto" and device not in here:
        present = " or ".join(DEVICES[name] for name in here)
        raise Fault(f"There is no {DEVICES[device]} here; choose automatic, or {present}.")
    return device


@cache
def _here() -> list[str]:
    """Devices of the workers; asked once, and only of an engine that is there, for no page should wait for it."""
    return engine().devices()
