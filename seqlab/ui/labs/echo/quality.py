"""How good an echo network is, measured now on fresh strings."""

import numpy as np
import streamlit as st

from seqlab.errors import Fault
from seqlab.figures.curves import accuracy_by_delay, accuracy_by_length
from seqlab.training.run import Run
from seqlab.ui.shell.faults import show_fault_inline
from seqlab.ui.shell.services import engine

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
            delays, lengths = _measured(str(run.path), run.snapshots()[-1])
    except TimeoutError:
        raise Fault("The workers are busy; the curves will be here when you open this page again.") from None
    config, chance = run.config.task_config, run.config.task_spec.chance
    by_delay = accuracy_by_delay(np.array(list(delays)), np.array(list(delays.values())), chance,
                                 trained=config.delays, dark=dark)
    by_length = accuracy_by_length(np.array(LENGTHS), np.array(lengths), chance, trained_length=config.length,
                                   dark=dark)
    left.plotly_chart(by_delay, theme=None, key="by-delay")
    right.plotly_chart(by_length, theme=None, key="by-length")


@st.cache_data(max_entries=200, show_spinner=False)
def _measured(path: str, step: int) -> tuple[dict[int, float], list[float]]:
    by_delay = engine().ask("seqlab.lenses.echo:by_delay", path, step)
    by_length = engine().ask("seqlab.lenses.echo:by_length", path, step, LENGTHS)
    return by_delay.result(timeout=60), by_length.result(timeout=60).tolist()
