"""Units that follow an annotation, their strongest passages, and a text on the colours of one of them."""

from collections.abc import Callable

import streamlit as st

from seqlab.ui.widgets import component

_mount = component("search", root="search")


def search(packed: bytes, *, key: str, on_choose: Callable[[dict[str, object]], None]) -> None:
    """Show the bytes of ``figures.search.search_bytes``; new ones under the same key are drawn in place.

    ``on_choose`` is called with the ``unit`` that a person chose or the stretch that was marked, as ``mark`` of two
    places in the text; whatever came from the browser is checked there.
    """
    def chosen() -> None:
        value = st.session_state[key].choose
        if isinstance(value, dict):
            on_choose(value)

    _mount(data=packed, key=key, on_choose_change=chosen)
