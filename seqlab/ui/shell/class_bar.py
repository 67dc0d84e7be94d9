"""The bar of a class, as far as the server draws it: its style, and what it asks the script for."""

import streamlit as st

from seqlab.classroom.person import Person
from seqlab.ui.shell import follow
from seqlab.ui.shell.faults import attempt
from seqlab.ui.shell.in_view import in_view
from seqlab.ui.shell.style import style
from seqlab.ui.shell.theme import is_dark
from seqlab.ui.studios.teacher.ask import ask_class, reveal
from seqlab.ui.widgets.frame import CLASS_STYLE


def class_bar(person: Person, wish: str, page: str) -> None:
    """Draw what the bar at the foot of a page needs, and do what a teacher's bar wishes for: ``ask`` or ``reveal``."""
    # It lies beside what Streamlit draws, so that a pause can still that; there no theme reaches it.
    style(CLASS_STYLE, f".class-bar, .class-pointer {{ color-scheme: {'dark' if is_dark() else 'light'}; }}")
    shown, board = in_view(page), follow.board()
    if not person.teaches or board is None:
        return
    if wish == "ask":
        ask_class(board, page, shown, st.session_state.get("race"))
    elif wish == "reveal":
        attempt(lambda: reveal(board))
