"""What a text area needs to hold code: line numbers, Tab, a mark on a wrong line, and a place in the browser."""

from collections.abc import Callable

import streamlit as st

from seqlab.ui.widgets import component

_mount = component("code_field", root="code-field")


def code_field(field: str, code: str, wrong: int | None, *, key: str, store: str = "", template: str = "",
               fresh: bool = False, on_restore: Callable[[str], None] = lambda code: None) -> None:
    """Turn the text area with the key ``field`` into a field for code; ``code`` is in it, the ``wrong`` line is marked.

    With a ``store`` the browser keeps under that name what is written, unless it is the ``template``; to a ``fresh``
    field, in which nothing was written since the page was loaded, ``on_restore`` gives what was kept there.
    Without the browser's script it stays a text area that works.
    """
    def restored() -> None:
        kept = st.session_state[key].restore
        if isinstance(kept, str):
            on_restore(kept)

    _mount(data={"field": field, "text": code, "wrong": wrong, "store": store, "given": template, "fresh": fresh},
           key=key, on_restore_change=restored)
