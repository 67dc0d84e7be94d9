"""The hello lab's picture: every epoch, unit and weight of a tiny network, all linked, all in the browser."""

import streamlit as st

from seqlab.ui.widgets import script, style

_mount = st.components.v2.component(
    "seqlab_hello", html='<div class="hello"></div>', css=style("hello"),
    js=script("player", "lesson", "epochs", "spelling", "wiring", "tables", "sums", "hello"),
)


def hello(lesson: bytes, *, key: str) -> None:
    """Show a lesson (``figures.lesson.lesson``); a new one under the same key is drawn in place."""
    _mount(data=lesson, key=key)
