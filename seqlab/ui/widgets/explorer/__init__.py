"""The explorer: letters in and out, hidden states and gates of a film, all linked, all in the browser."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from seqlab.ui.widgets import component

_mount = component("explorer")


@dataclass(frozen=True)
class PinnedNumber:
    """The number that a person has pinned: its name in a trace, time and unit, and after which training step."""

    name: str
    t: int
    unit: int
    step: int


def explorer(film: bytes, *, key: str, on_delay: Callable[[int], None] | None = None,
             on_pin: Callable[[PinnedNumber | None], None] | None = None) -> None:
    """Show a film (``figures.film.film``); a new one under the same key is drawn in place, keeping what was chosen.

    ``on_delay`` is called with the delay at which a hand rests, where the film has the pictures of several; whatever
    came from the browser is a whole number there. ``on_pin`` is called when a number is pinned or let go (None).
    """
    def rested() -> None:
        value = st.session_state[key].delay
        if on_delay is not None and isinstance(value, int | float) and value == int(value):
            on_delay(int(value))

    def pinned() -> None:
        if on_pin is not None:
            on_pin(_pinned(st.session_state[key].pin))

    _mount(data=film, key=key, on_delay_change=rested, on_pin_change=pinned)


def _pinned(value: object) -> PinnedNumber | None:
    """Take what the browser sent for a pinned number, where it is one."""
    if not isinstance(value, dict) or not isinstance(name := value.get("name"), str):
        return None
    match value.get("t"), value.get("unit"), value.get("step"):
        case int(t), int(unit), int(step):
            return PinnedNumber(name, t, unit, step)
    return None
