"""A text coloured by how much each character surprised a network; a click shows what it expected there."""

import streamlit as st

from seqlab.ui.widgets import script, style

_mount = st.components.v2.component("seqlab_reading", html='<div class="reading"></div>', css=style("reading"),
                                    js=script("reading"))


def reading(picture: bytes, *, key: str) -> None:
    """Show the bytes of ``figures.reading.reading_bytes``; new ones under the same key are drawn in place."""
    _mount(data=picture, key=key)
