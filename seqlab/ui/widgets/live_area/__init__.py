"""What a text area needs to be read while somebody types."""

import streamlit as st

from seqlab.ui.widgets import script

_mount = st.components.v2.component("seqlab_live_area", html='<div class="live-area"></div>', js=script("live_area"))


def live_area(field: str, *, key: str) -> None:
    """Let the text area with the key ``field`` send what is typed after each short pause.

    Without the browser's script it stays a text area that works.
    """
    _mount(data={"field": field}, key=key)
