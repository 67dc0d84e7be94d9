"""The sampling studio: a text that was drawn, its stored logits, and what chose each character; in the browser."""

from collections.abc import Callable

import streamlit as st

from seqlab.ui.widgets import component

_mount = component("sampling", root="studio")


def studio(packed: bytes, *, key: str, on_choose: Callable[[dict[str, object]], None]) -> None:
    """Show a drawn text (``figures.studio.studio``); a new one under the same key is drawn in place.

    ``on_choose`` is called with what the dials say when a person lets them go; whatever came from the browser is
    checked there.
    """
    def chosen() -> None:
        value = st.session_state[key].choose
        if isinstance(value, dict):
            on_choose(value)

    _mount(data=packed, key=key, on_choose_change=chosen)
