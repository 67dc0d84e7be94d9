"""The code that a person writes, kept for each exercise; nothing that replaces it loses it.

While the session lasts it stands in the session; over a reload, the browser keeps it (``widgets.code_field``), and of a
pupil in a class the server.
"""

from typing import Any

import streamlit as st

from seqlab.checking.exercises import EXERCISES
from seqlab.checking.sandbox import LONGEST_CODE
from seqlab.errors import Fault
from seqlab.ui.shell import own_code

MOST_UNDO = 20


def field(key: str) -> str:
    """Name of the text area that holds the code of an exercise."""
    return f"code-{key}"


def load(key: str, code: str) -> None:
    """Put code into the field of an exercise; what was there can be had back."""
    st.session_state[_written(key)] = True
    before = st.session_state.get(field(key), EXERCISES[key].template)
    if before != code:
        st.session_state[_undone(key)] = [*st.session_state.get(_undone(key), ()), before][-MOST_UNDO:]
        st.session_state[field(key)] = code


def undo(key: str) -> None:
    """Take back the last code that was put in its place."""
    *rest, last = st.session_state[_undone(key)]
    st.session_state[_undone(key)] = rest
    st.session_state[field(key)] = last


def can_undo(key: str) -> bool:
    """Whether something was replaced."""
    return bool(st.session_state.get(_undone(key)))


def recall(key: str) -> None:
    """Put what the server has kept of a pupil into a field that this session has not had yet."""
    if field(key) not in st.session_state and (code := own_code.recall(key)) is not None:
        st.session_state[_written(key)] = True
        st.session_state[field(key)] = code


def fresh(key: str) -> bool:
    """Whether nobody has written anything in this session yet, so that the browser's copy may be had back."""
    written = st.session_state.get(field(key), EXERCISES[key].template) != EXERCISES[key].template
    st.session_state[_written(key)] = st.session_state.get(_written(key), False) or written
    return not st.session_state[_written(key)]


def restore(key: str, code: str) -> None:
    """Put back what the browser has kept; longer than code may be, it is left alone."""
    if fresh(key) and len(code.encode(errors="replace")) <= LONGEST_CODE:
        st.session_state[_written(key)] = True
        st.session_state[field(key)] = code


def load_mistake(key: str, widget: str) -> None:
    """Load the correct function with the mistake that a select box names, and empty the box."""
    if cause := st.session_state.get(widget):
        load(key, EXERCISES[key].planted(cause))
        st.session_state[widget] = None


def load_file(key: str, file: Any) -> None:
    """Load an uploaded file; raises Fault where it is no text or too long."""
    data = file.getvalue()
    if len(data) > LONGEST_CODE:
        raise Fault(f"The file is longer than {LONGEST_CODE // 1024} KB; upload the function alone.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Fault("The file is not text in UTF-8; save it as a plain .py file.") from None
    load(key, text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", ""))


def _undone(key: str) -> str:
    return f"undo-{key}"


def _written(key: str) -> str:
    return f"written-{key}"
