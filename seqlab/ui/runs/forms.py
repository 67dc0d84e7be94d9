"""Parts of the forms from which live runs are made; a recipe fills them with defaults, so that one click suffices."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import streamlit as st
from pydantic import ValidationError

from seqlab.errors import Fault
from seqlab.numerals import number
from seqlab.reference.core import Core, cores
from seqlab.tasks import Recipe
from seqlab.training.config import RunConfig, explain
from seqlab.training.setting_words import described
from seqlab.ui.runs import devices
from seqlab.ui.runs.seeds import chosen_seed, next_seed

INPUTS = {"embedding": "learned embedding", "one-hot": "one-hot"}
BIASES = {"two": "two, as torch has them", "one": "one"}
POSITIONS = {"sinusoidal": "waves (sines and cosines)", "learned": "learned"}
DECAYS = {"none": "stays", "linear": "falls to 0", "steps": "falls in steps"}
OPTIMISERS = {"adam": "Adam", "adamw": "AdamW", "rmsprop": "RMSprop", "sgd": "SGD"}
Settings = dict[str, object]  # a part of a config

_REFUSED: ContextVar[list[str] | None] = ContextVar("refused", default=None)
MEMORY = "delay-line"  # the way to start that holds what is read from the first update on
CLIP = 1.0  # where a recipe does not clip and a person wants to


class Fields:
    """Widgets whose starting values come from a recipe, and whose help is what the config says of each setting.

    Another recipe has widgets of its own.
    """

    def __init__(self, name: str, recipe: Recipe) -> None:
        self.name, self.config = name, checked(recipe.config)
        self.start = self.config.model_dump()

    def help(self, path: str) -> str:
        """Say what a setting is."""
        return described(path, self.config.task["name"])

    def _default(self, path: str) -> tuple[str, Any]:
        value: Any = self.start
        for part in path.split("."):
            value = value[part]
        return f"{path}-{self.name}", value

    def number(self, label: str, path: str, **options: Any) -> Any:
        """A number, starting from the recipe's; None where that is none or the field was emptied."""
        key, value = self._default(path)
        return ranged(label, value, key, {"help": self.help(path)} | options)

    def choice(self, label: str, path: str, names: Mapping[str, str], *, start: str = "", **options: Any) -> str:
        """One of several values, shown by their names; ``start`` is where it begins instead of the recipe's."""
        key, value = self._default(path)
        if start:
            key, value = f"{key}-from-{start}", start
        listed = list(names)
        at = listed.index(value) if value in names else 0
        chosen: str = st.selectbox(label, listed, at, format_func=names.__getitem__, key=key, help=self.help(path),
                                   **options)
        return chosen

    def text(self, label: str, path: str, **options: Any) -> str:
        """Plain text."""
        key, value = self._default(path)
        return st.text_input(label, value, key=key, help=self.help(path), **options) or ""

    def listed(self, label: str, path: str, **options: Any) -> list[str]:
        """Values that commas separate, as they were typed."""
        key, value = self._default(path)
        typed = st.text_input(label, ", ".join(map(str, value)), key=key, help=self.help(path), **options) or ""
        return [part.strip() for part in typed.split(",") if part.strip()]

    def switch(self, label: str, path: str, **options: Any) -> bool:
        """Yes or no."""
        key, value = self._default(path)
        return st.toggle(label, value, key=key, help=self.help(path), **options)

    def optional(self, label: str, path: str, otherwise: float, **options: Any) -> float | None:
        """A number that can be switched off, which is None; ``otherwise`` stands there where the recipe has none."""
        key, value = self._default(path)
        on = st.toggle(label, value is not None, key=f"{key}-on", help=self.help(path))
        number = ranged(label, value or otherwise, key, options | {"disabled": not on,
                                                                    "label_visibility": "collapsed"})
        return number if on else None


def ranged(label: str, value: Any, key: str, options: dict[str, Any]) -> Any:
    """A number field that says below itself what it cannot take; a browser would keep that to itself and send nothing.

    The rest of the form goes on with the nearest number that can be, and nothing is trained from it.
    """
    low, high = options.pop("min_value", None), options.pop("max_value", None)
    typed = st.number_input(label, value=value, key=key, **options)
    if typed is None or not ((low is not None and typed < low) or (high is not None and typed > high)):
        return typed
    least, most = ("" if end is None else number(end, 9) for end in (low, high))
    allowed = f"from {least} to {most}" if least and most else f"at least {least}" if least else f"at most {most}"
    sentence = f"{label} must be {allowed}; {number(typed, 9)} was typed."
    st.error(sentence)
    if (refused := _REFUSED.get()) is not None:
        refused.append(sentence)
    return low if low is not None and typed < low else high


@contextmanager
def refusing() -> Iterator[list[str]]:
    """Collect what the fields of a form cannot take, a sentence each."""
    sentences: list[str] = []
    token = _REFUSED.set(sentences)
    try:
        yield sentences
    finally:
        _REFUSED.reset(token)


def checked(values: Mapping[str, object]) -> RunConfig:
    """Make a config; raises Fault in one plain sentence for a value that cannot be."""
    try:
        return RunConfig.model_validate(values)
    except ValidationError as error:
        raise Fault(explain(error)) from error


def untouched(recipe: Recipe) -> RunConfig:
    """What a form that starts from a recipe makes as long as nobody has touched it."""
    config = checked(recipe.config)
    return config if config.seed else config.model_copy(update={"seed": next_seed()})


def network(fields: Fields, enter: str, note: str = "") -> Settings:
    """Draw the settings of the network, as far as the chosen model has them; ``note`` is for one that has attention."""
    values = {
        "model": fields.choice("Model", "network.model", {name: core.label for name, core in cores().items()}),
        "hidden": fields.number("Hidden units", "network.hidden", min_value=1, max_value=2048),
        "layers": fields.number("Layers", "network.layers", min_value=1, max_value=8),
        "input": fields.choice(enter, "network.input", INPUTS),
        "embedding": fields.start["network"]["embedding"],
    }
    if values["input"] == "embedding":
        values["embedding"] = fields.number("Embedding width", "network.embedding", min_value=1, max_value=1024)
    core = cores()[values["model"]]
    starts = _starts(core, fields)
    if len(starts) > 1:
        values |= {"initialisation": fields.choice("Weights start", "network.initialisation", starts)}
    values["bias"] = _bias(core, fields)
    return values | _attention(fields, note) if core.heads else values


def _bias(core: Core, fields: Fields) -> str:
    """Draw how many biases a layer has, where its second one can be left out."""
    if not core.second_bias:
        return "two"
    return fields.choice("Biases of a layer", "network.bias", BIASES)


def _starts(core: Core, fields: Fields) -> Mapping[str, str]:
    """How a model's weights can start; as a memory only where the task asks for one."""
    task = fields.config.task_spec.dimensions(fields.config.task_config)
    return {name: label for name, label in core.initialisations.items() if task.memory or name != MEMORY}


def _attention(fields: Fields, note: str) -> Settings:
    """Settings that only a model with attention has: its heads, and how it knows positions."""
    values = {
        "heads": fields.number("Attention heads", "network.heads", min_value=1, max_value=64),
        "positions": fields.choice("Positions", "network.positions", POSITIONS),
    }
    if values["positions"] == "learned":
        values["context"] = fields.number("Learned positions reach", "network.context", min_value=1, max_value=4096)
    if note:
        st.caption(note)
    return values


def dropout(fields: Fields) -> float:
    """Draw the setting that silences a share of what a layer reads and gives."""
    share: float = fields.number("Dropout", "network.dropout", min_value=0.0, max_value=0.95, step=0.05, format="%.2f")
    return share


def optimiser(fields: Fields) -> Settings:
    """Draw the settings of the optimiser."""
    return {
        "name": fields.choice("Optimiser", "optimiser.name", OPTIMISERS),
        "lr": fields.number("Learning rate", "optimiser.lr", min_value=0.0, step=0.001, format="%.4g"),
        **_decay(fields),
        "warmup": fields.number("Warm-up steps", "optimiser.warmup", min_value=0),
        "clip": fields.optional("Clip the gradient's norm at", "optimiser.clip", CLIP, min_value=0.0, step=0.1,
                                format="%.4g"),
    }


def _decay(fields: Fields) -> Settings:
    """How the learning rate falls, and where it falls in steps, after which updates and by what factor."""
    decay = fields.choice("Learning rate then", "optimiser.decay", DECAYS)
    if decay != "steps":
        return {"decay": decay}
    return {"decay": decay,
            "milestones": fields.listed("Falls after updates", "optimiser.milestones"),
            "fall": fields.number("To this share of it", "optimiser.fall", min_value=0.0, max_value=1.0, step=0.1,
                                  format="%.3g")}


def length(fields: Fields) -> Settings:
    """Draw how long and with how much at a time it trains, and where."""
    return {"batch": fields.number("Batch", "batch", min_value=1, max_value=65536)} | timing(fields)


def timing(fields: Fields) -> Settings:
    """Draw how long it trains, and where."""
    return {
        "steps": fields.number("Steps", "steps", min_value=1, max_value=10_000_000),
        "seed": chosen_seed(ranged("Seed", fields.start["seed"] or None, f"seed-{fields.name}", {
            "min_value": 0, "max_value": 2**31 - 1, "step": 1, "placeholder": "a new one",
            "help": fields.help("seed")})),
        "stop_at": fields.number("Stop at accuracy", "stop_at", min_value=0.01, max_value=1.0, step=0.001,
                                 format="%.4g"),
        "evaluate_every": fields.start["evaluate_every"],
        "device": device(fields),
    }


def device(fields: Fields) -> str:
    """Draw the choice of a device; raises Fault for one that is not here."""
    device = fields.choice("Device", "device", devices.names())
    devices.require(device)
    return device
