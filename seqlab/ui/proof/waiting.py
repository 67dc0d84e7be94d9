"""Waiting, for a worker's answer or for a picture to leave, in a way that a moved widget can interrupt."""

import time
from concurrent.futures import Future
from typing import Any

import streamlit as st

from seqlab.training.answer import Answer

PATIENCE = 30.0  # seconds; a fresh server imports torch in its workers first
PAUSE = 0.06  # seconds, in which what was drawn reaches the browser


def awaited(answer: "Answer | Future[Any]") -> Any:
    """Return what a worker answers; raises TimeoutError where none does, Fault where it cannot be answered."""
    end = time.monotonic() + PATIENCE
    while not answer.done():
        if time.monotonic() > end:
            raise TimeoutError
        _moment()
    return answer.result()


def seen() -> None:
    """Let what was drawn so far leave for the browser, before this process is busy with what comes below it."""
    end = time.monotonic() + PAUSE
    while time.monotonic() < end:
        _moment()


def _moment() -> None:
    # Touching the session's state lets Streamlit end this run where a widget was moved in the meantime.
    st.session_state.get("word")
    time.sleep(0.004)
