"""Sliders whose value reaches the page while they are dragged; Streamlit's own say theirs when they are let go."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

import streamlit as st

from seqlab.numerals import number
from seqlab.ui.widgets import component

_mount = component("moving_slider", root="moving-slider")

Stop = TypeVar("Stop")


def moving_slider(label: str, low: int | float, high: int | float, value: int | float | None = None,
                  step: int | float | None = None, *, key: str, format: str = "", **options: Any) -> int | float:
    """Draw a slider over numbers, as ``st.slider`` does, and return the number where it stands.

    The number stands in the session under ``key``; ``format`` says it, such as ``%.1f``. The other options are those of
    ``moving_choice``.
    """
    by = step or (1 if isinstance(low, int) else (high - low) / 100)
    count = int((high - low) / by + 1e-6) + 1
    stops: list[int | float] = [round(low + place * by, 10) for place in range(count)]  # an int stays one
    now: int | float = min(max(st.session_state.setdefault(key, low if value is None else value), low), high)
    if now not in stops:  # a link may name a number between two stops
        stops.insert(bisect_left(stops, now), now)
    st.session_state[key] = now
    chosen: int | float = moving_choice(
        label, stops, key=key, format_func=lambda stop: format % stop if format else number(stop, 6), **options)
    return chosen


def moving_choice(label: str, options: Sequence[Stop], value: Stop | None = None, *, key: str,
                  format_func: Callable[[Stop], str] = str, help: str | None = None, disabled: bool = False,
                  width: Literal["stretch"] | int = "stretch", on_change: Callable[[], None] | None = None) -> Stop:
    """Draw a slider over ``options``, as ``st.select_slider`` does, and return the one where it stands.

    Each stop is sent while a hand drags, one after another as the page follows, and the last one always;
    ``on_change`` is called once it stands in the session under ``key``.
    """
    stops, state = list(options), st.session_state
    if state.get(key) not in stops:
        state[key] = stops[0] if value is None else value
    mount = f"{key}-slider"
    slider = Slider(key, stops, [format_func(stop) for stop in stops], on_change)
    at = stops.index(state[key])
    state[key] = stops[at]
    data = {"label": label, "help": help or "", "disabled": disabled, "texts": slider.texts, "at": at,
            "turn": state.get(slider.turn, 0)}
    _mount(data=data, key=mount, width=width, on_move_change=lambda: slider.moved(state[mount].move))
    return stops[at]


@dataclass(frozen=True)
class Slider(Generic[Stop]):
    """The stops of the slider with a key, each with its text."""

    key: str
    stops: Sequence[Stop]
    texts: Sequence[str]
    on_change: Callable[[], None] | None

    @property
    def turn(self) -> str:
        """Under which name the session keeps the number of the browser's last message, which is answered with it."""
        return f"turn-of-{self.key}"

    def moved(self, sent: object) -> None:
        """Take a stop that came from the browser; one of a slider that had other stops is answered, and not taken."""
        match sent:
            case {"turn": int(turn), "at": int(at), "text": str(text)}:
                st.session_state[self.turn] = turn
                if 0 <= at < len(self.stops) and self.texts[at] == text:
                    st.session_state[self.key] = self.stops[at]
                    if self.on_change is not None:
                        self.on_change()
