"""What a text area needs to hold code: line numbers, Tab, and a mark on the line that is wrong."""

import streamlit as st

from seqlab.ui.widgets import script

_mount = st.components.v2.component("seqlab_code_field", html='<div class="code-field"></div>', js=script("code_field"))


def code_field(field: str, lines: int, wrong: int | None, *, key: str) -> None:
    """Turn the text area with the key ``field`` into a field for code; ``lines`` are in it, ``wrong`` is marked.

    Without the browser's script it stays a text area that works.
    """
    _mount(data={"field": field, "lines": lines, "wrong": wrong}, key=key)
