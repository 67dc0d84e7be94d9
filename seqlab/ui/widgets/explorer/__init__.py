"""The explorer: letters in and out, hidden states and gates of a film, all linked, all in the browser."""

import streamlit as st

from seqlab.ui.widgets import script, style

_mount = st.components.v2.component(
    "seqlab_explorer", html='<div class="explorer"></div>', css=style("explorer"),
    js=script("film", "player", "timeline", "strip", "panels", "trace", "pointer", "explorer"),
)


def explorer(film: bytes, *, key: str) -> None:
    """Show a film (``figures.film.film``); a new one under the same key is drawn in place, keeping what was chosen."""
    _mount(data=film, key=key)
