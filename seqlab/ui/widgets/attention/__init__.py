"""Multi-head attention: all heads, one of them large, and the numbers of one query, all in the browser."""

from collections.abc import Callable

import streamlit as st

from seqlab.ui.widgets import component

_mount = component("attention", root="explorer attention")


def attention(film: bytes, *, key: str, on_switch: Callable[[dict[str, int] | None], None]) -> None:
    """Show the maps of ``figures.attention.attention_film``; new ones are drawn in place, keeping what was chosen.

    ``on_switch`` is called when a person switches a head off or on, with its ``layer`` and ``head``, and with None
    when all are to be on.
    """
    def switched() -> None:
        value = st.session_state[key].switch
        if value == "all":
            on_switch(None)
        elif isinstance(value, dict) and all(isinstance(value.get(part), int) for part in ("layer", "head")):
            on_switch(value)

    _mount(data=film, key=key, on_switch_change=switched)
