"""Two passes side by side: letters in and out, one quantity of both and its difference, one cursor through all."""

from collections.abc import Callable

import streamlit as st

from seqlab.ui.widgets import component

_mount = component("compare")


def compare(picture: bytes, *, key: str, on_rest: Callable[[str, float], None] | None = None) -> None:
    """Show a comparison (``figures.comparison.comparison``); under the same key the next one is drawn in its place.

    ``on_rest`` is called with the name of one of its sliders and the number at which a hand rests; whatever came from
    the browser is a text and a number there.
    """
    def rested() -> None:
        match st.session_state[key].rest:
            case {"name": str(name), "stop": int() | float() as stop} if on_rest is not None:
                on_rest(name, float(stop))

    _mount(data=picture, key=key, on_rest_change=rested)
