"""One text at several temperatures, drawn with the same random numbers; the temperature is dragged in the browser."""

from collections.abc import Callable, Mapping

import streamlit as st

from seqlab.ui.widgets import component

_mount = component("temperatures")


def temperatures(prompt: str, texts: Mapping[float, str], at: float, *, key: str,
                 on_choose: Callable[[float], None]) -> None:
    """Show the text of one temperature, ``at`` at first; ``texts`` are all of them, each goes on from the prompt.

    ``on_choose`` is called with the temperature at which a person lets the slider go, one of those of the texts.
    """
    known = sorted(texts)

    def chosen() -> None:
        value = st.session_state[key].choose
        if value in known:
            on_choose(float(value))

    _mount(data={"prompt": prompt, "texts": [[one, texts[one]] for one in known], "at": known.index(at)}, key=key,
           on_choose_change=chosen)
