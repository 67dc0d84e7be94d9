"""What the truth allows: what is known at every place of a string, over what a network makes of it."""

from pathlib import Path

import streamlit as st

from seqlab.training.run import Run
from seqlab.ui.labs.grammar.truth_measures import measures
from seqlab.ui.labs.grammar.truth_string import string_view
from seqlab.ui.proof.snapshot import Snapshot
from seqlab.ui.shell.faults import show_fault_inline
from seqlab.ui.shell.style import style


def truth_section(run: Run) -> None:
    """Draw the string that a person types with its truth and, below, what was measured on many strings."""
    st.header("What the truth allows")
    if not run.snapshots():
        st.info("This network is about to start its training; its states can be looked at as soon as it has weights."
                if run.status.active else "This run kept no weights, so there is nothing to look into.")
        return
    style(Path(__file__).with_name("truth.css"))
    st.caption("The grammar says what is true at every place of a string: how many brackets are open, which word it is "
               "in, what may come next and how probably. Here that stands above what the network made of it.")
    # The newest weights of this moment: a run that trains has others a second later, and all parts must agree.
    st.fragment(show_fault_inline(_truth))(Snapshot.of(run))


def _truth(snapshot: Snapshot) -> None:
    prove = string_view(snapshot)
    measures(snapshot)
    prove()
