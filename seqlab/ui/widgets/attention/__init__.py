"""Multi-head attention: all heads, one of them large, and the numbers of one query, all in the browser."""

from collections.abc import Callable

import streamlit as st

from seqlab.ui.widgets import script, style

_mount = st.components.v2.component(
    "seqlab_attention", html='<div class="explorer attention"></div>', css=style("explorer", "attention"),
    js=script("player", "timeline", "pointer", "maps", "heads", "reads", "chain", "attention"),
)


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
