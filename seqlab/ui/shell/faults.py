"""What a page does where something cannot be done: one sentence in its place, and the page goes on."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import streamlit as st

from seqlab.errors import Fault
from seqlab.ui.shell.foreign import literal

P = ParamSpec("P")
log = logging.getLogger("seqlab")


class NoAnswer(Fault):
    """No worker has answered in time; what asked can ask again."""

    def __init__(self) -> None:
        super().__init__("No worker has answered yet: they are busy, or still waking up.")


def show_fault_inline(draw: Callable[P, None]) -> Callable[P, None]:
    """Let a part of a page say in its place what is wrong, while the rest of the page goes on."""
    @wraps(draw)
    def safe(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            draw(*args, **kwargs)
        except Fault as fault:
            st.warning(literal(fault), icon=":material/error:")
            if isinstance(fault, NoAnswer):  # the press alone draws this part of the page again
                st.button("Ask again", icon=":material/refresh:", key=f"again-{draw.__module__}-{draw.__name__}")
    return safe


def attempt(action: Callable[[], object]) -> None:
    """Do what a button asks for; say in one sentence why if it cannot be done."""
    try:
        action()
    except Fault as fault:
        st.toast(literal(fault), icon=":material/error:")


def apologise(error: Exception) -> bool:
    """Answer an error that nobody foresaw: the log has it whole, the page says one sentence and goes on."""
    log.error("a page failed", exc_info=error)
    st.error("Something went wrong here; the log of the server says what. Nothing was lost: reload the page to go on.",
             icon=":material/error:")
    return True
