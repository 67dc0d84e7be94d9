"""A text area whose text the browser keeps over a reload of the page."""

import streamlit as st

from seqlab.ui.shell.own_code import browser_name
from seqlab.ui.widgets import component

_mount = component("kept_area", root="kept-area")


def kept_area(field: str, given: str, *, key: str, most: int) -> None:
    """Have the browser keep what a person writes in the text area with the key ``field``, up to ``most`` characters.

    ``given`` is the text that stands there where nobody wrote. After a reload the field is as it was.
    """
    fresh = not _written(field, given)

    def restored() -> None:
        text = st.session_state[key].restore
        if isinstance(text, str) and len(text) <= most and not _written(field, given):
            st.session_state[f"written-{field}"] = True
            st.session_state[field] = text

    _mount(data={"field": field, "text": st.session_state.get(field) or "", "given": given,
                 "store": browser_name(f"text/{field}"), "fresh": fresh}, key=key, on_restore_change=restored)


def _written(field: str, given: str) -> bool:
    """Whether a person has written in the field in this session."""
    name = f"written-{field}"
    st.session_state[name] = st.session_state.get(name, False) or st.session_state.get(field, given) != given
    return bool(st.session_state[name])
