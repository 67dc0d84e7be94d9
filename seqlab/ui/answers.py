"""Waiting for a worker's answer in a way that a moved widget can interrupt."""

import time
from typing import Any

import streamlit as st

from seqlab.training.answer import Answer

PATIENCE = 30.0  # seconds; a fresh server imports torch in its workers first


def awaited(answer: Answer) -> Any:
    """Return what a worker answers; raises TimeoutError where none does, Fault where it cannot be answered."""
    end = time.monotonic() + PATIENCE
    while not answer.done():
        if time.monotonic() > end:
            raise TimeoutError
        # Touching the session's state lets Streamlit end this run where a widget was moved in the meantime.
        st.session_state.get("word")
        time.sleep(0.004)
    return answer.result()
