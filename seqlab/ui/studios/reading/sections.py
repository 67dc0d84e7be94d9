"""Which sections the Reading page has, one of which is shown."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from seqlab.training.run import Run
from seqlab.ui.runs.following import goes_on
from seqlab.ui.shell.sections import chosen
from seqlab.ui.shell.style import style
from seqlab.ui.studios.reading.books import books_section
from seqlab.ui.studios.reading.codes import codes_section
from seqlab.ui.studios.reading.context import context_section
from seqlab.ui.studios.reading.surprise import surprise_section

SECTIONS: dict[str, Callable[[Run], None]] = {
    "What surprises it": surprise_section,
    "Another book": books_section,
    "How far back": context_section,
    "One-hot is an embedding": codes_section,
}


def chosen_section(run: Run) -> None:
    """Draw the switch between the sections and the one that is chosen."""
    style(Path(__file__).with_name("reading.css"))
    section = chosen(SECTIONS)
    if run.snapshots():
        section(run)
    elif goes_on(run):
        st.fragment(_soon, run_every=1.0)(run)
    else:
        st.info("This run kept no weights, so it cannot read.")


def _soon(run: Run) -> None:
    st.info("This network is about to start its training; it can read as soon as it has weights.")
    if run.snapshots() or not goes_on(run):
        st.rerun()  # the whole page: it stops this timer
