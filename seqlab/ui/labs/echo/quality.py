"""How good an echo network is, measured now on fresh strings."""

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from seqlab.errors import Fault
from seqlab.figures.curves import accuracy_by_delay, accuracy_by_length
from seqlab.training.run import Run
from seqlab.ui.proof import client
from seqlab.ui.proof.snapshot import Snapshot
from seqlab.ui.proof.store import ANSWERS, PICTURES
from seqlab.ui.proof.waiting import Together, wait_for
from seqlab.ui.shell.charts import chart
from seqlab.ui.shell.faults import show_fault_inline

LENGTHS = (5, 10, 15, 20, 25, 30, 40, 50, 75, 100, 150, 200)


def quality(run: Run, *, dark: bool) -> None:
    """Draw accuracy by delay and by length of the string, well beyond the trained length."""
    st.fragment(show_fault_inline(_quality))(run, dark)


def _quality(run: Run, dark: bool) -> None:
    st.header("How good is it?")
    st.caption("Measured on fresh random strings; only letters after the delay count. Guessing gets 1 in 26.")
    left, right = st.columns(2)
    try:
        with st.spinner("Echoing some thousands of fresh strings …"):
            by_delay, by_length = _drawn(Snapshot.of(run), dark)
    except TimeoutError:
        raise Fault("The workers are busy; the curves will be here when you open this page again.") from None
    with left:
        chart(by_delay, key="by-delay")
    with right:
        chart(by_length, key="by-length")


@PICTURES.cached
def _drawn(snapshot: Snapshot, dark: bool) -> tuple[go.Figure, go.Figure]:
    """Draw both curves, once for all sessions: it is a third of what a new word costs. Raises Fault, TimeoutError."""
    delays, lengths = _measured(snapshot)
    config, chance = snapshot.run.config.task_config, snapshot.run.config.task_spec.chance
    return (accuracy_by_delay(np.array(list(delays)), np.array(list(delays.values())), chance, trained=config.delays,
                              dark=dark),
            accuracy_by_length(np.array(LENGTHS), lengths, chance, trained_length=config.length, dark=dark))


@ANSWERS.cached
def _measured(snapshot: Snapshot) -> tuple[dict[int, float], np.ndarray]:
    return wait_for(Together(client.echo_by_delay(snapshot.path, snapshot.step),
                             client.echo_by_length(snapshot.path, snapshot.step, LENGTHS)))
