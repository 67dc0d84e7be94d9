"""The explorer: letters in and out, hidden states and gates of a film, all linked, all in the browser."""

from collections.abc import Callable

import streamlit as st

from seqlab.ui.widgets import component

_mount = component("explorer")


def explorer(film: bytes, *, key: str, on_delay: Callable[[int], None] | None = None) -> None:
    """Show a film (``figures.film.film``); a new one under the same key is drawn in place, keeping what was chosen.

    ``on_delay`` is called with the delay at which a hand rests, where the film has the pictures of several; whatever
    came from the browser is a whole number there.
    """
    def rested() -> None:
        value = st.session_state[key].delay
        if on_delay is not None and isinstance(value, int | float) and value == int(value):
            on_delay(int(value))

    _mount(data=film, key=key, on_delay_change=rested)
