"""What a person has done on a page, for a lesson that asks for it: exercises of *Your code* that came out exact."""

import time

import streamlit as st

_EXACT = "exact-codes"  # in the session's state: when each came out exact last


def code_is_exact(exercise: str) -> None:
    """Note that the code for an exercise came out exact now."""
    st.session_state.setdefault(_EXACT, {})[exercise] = time.time()


def exact_since(moment: float) -> frozenset[str]:
    """The exercises whose code came out exact since a moment, in seconds since 1970."""
    known: dict[str, float] = st.session_state.get(_EXACT, {})
    return frozenset(exercise for exercise, when in known.items() if when >= moment)
