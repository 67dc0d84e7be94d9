"""What is known at every place of a string, over what a network makes of it."""

from pathlib import Path

import streamlit as st

from seqlab.training.run import Run
from seqlab.ui.labs.grammar.truth_measures import measures
from seqlab.ui.labs.grammar.truth_string import string_view
from seqlab.ui.proof.snapshot import Snapshot
from seqlab.ui.runs.following import goes_on, new_weights, weights_to_show
from seqlab.ui.shell.faults import show_fault_inline
from seqlab.ui.shell.pacing import paced
from seqlab.ui.shell.style import style

EVERY = 2.0  # seconds between two looks at a run that trains


def truth_section(run: Run) -> None:
    """Draw the string that a person types with its truth and, below, what was measured on many strings."""
    style(Path(__file__).with_name("truth.css"))
    going = goes_on(run)
    st.fragment(paced(show_fault_inline(_truth), new_weights(run)), run_every=EVERY if going else None)(run, going)


def _truth(run: Run, was_going: bool) -> None:
    if was_going and not goes_on(run):
        st.rerun()  # the whole page: it stops this timer
    if not weights_to_show(run):
        st.info("This network is about to start its training; its states can be looked at as soon as it has weights."
                if was_going else "This run kept no weights, so there is nothing to look into.")
        return
    snapshot = Snapshot.of(run)  # once: a run that trains has other weights a second later, and all parts must agree
    prove = string_view(snapshot)
    measures(snapshot)
    prove()
