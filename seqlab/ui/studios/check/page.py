"""Your code: a cell or attention in NumPy, written by hand, against the reference."""

import streamlit as st

from seqlab.ui.runs.frames import plain
from seqlab.ui.shell.page import Card, Page, Section
from seqlab.ui.studios.check.check import choose_exercise, given, reading, write_and_check
from seqlab.ui.studios.check.local import why_off


def _check() -> None:
    exercise = choose_exercise()
    off = why_off()
    write, given_to_it = st.columns([3, 2], gap="medium")
    with write:
        if off is None:
            write_and_check(exercise)
        else:
            st.warning(f"{off} To check your code, run seqlab on your own machine: `python -m seqlab serve`, then open "
                       "`http://127.0.0.1:8501/check`.", icon=":material/lock:")
    with given_to_it:
        given(exercise)
    reading(exercise)
    if off is None:
        st.caption(":material/shield: Your code runs in a process of its own on this machine: 5 seconds of computing, "
                   "1 GB of memory, an empty folder, no files, no network. This isolates mistakes, not attackers: "
                   "check only code that you trust.")


PAGE = Page(
    "check", "Your code", ":material/fact_check:", Section.INSIDE, 4, plain(_check),
    caption="Write one function in NumPy: it is tried on seeded cases and compared number by number, and a classic "
    "mistake is named.",
    card=Card("Check your own code", "Paste your RNN, GRU or attention: a classic mistake is named."))
