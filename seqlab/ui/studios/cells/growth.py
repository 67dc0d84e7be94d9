"""Error growth: how far float32 drifts from float64 along a sequence, and what "agrees" means there."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

from seqlab.agreement import TOLERANCE, Agreement
from seqlab.errors import Fault
from seqlab.figures.cells import growth
from seqlab.reference.cells import cells
from seqlab.reference.special import drawn
from seqlab.training import snapshots
from seqlab.training.answer import Answer
from seqlab.training.run import Run
from seqlab.ui.proof.comparison import proved
from seqlab.ui.proof.waiting import awaited
from seqlab.ui.runs.picker import candidates, label
from seqlab.ui.shell.faults import show_fault_inline
from seqlab.ui.shell.services import engine
from seqlab.ui.studios.cells.inputs import seed, short
from seqlab.ui.widgets.plot import plot

TIME, UNITS, INPUT = 5000, 16, 3
STRENGTHS = (0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0)
RANDOM = {f"{name}, random weights": key for key, name in
          (("rnn_tanh", "RNN"), ("gru", "GRU"), ("lstm", "LSTM"))}


@show_fault_inline
def growth_section() -> None:
    """Draw the choice of weights and the fragment of its picture."""
    st.caption("Every float32 step rounds. Most networks forget old roundings as fast as new ones come; with strong "
               "recurrent weights some are chaotic, and the smallest rounding grows until two programs with the same "
               "weights have nothing in common. Move the weights from 1 to 3 and watch.")
    st.fragment(show_fault_inline(_growth))()


def _growth() -> None:
    runs = {label(run): run for run in candidates().values() if run.core.name in RANDOM.values()
            and run.snapshots()}
    left, middle, right = st.columns([4, 2, 5], vertical_alignment="bottom")
    with left:
        chosen = st.selectbox("Cell and weights", [*RANDOM, *runs], key="of", bind="query-params",
                              help="The first layer of a trained network, on random letters; or random weights.")
    with middle:
        start = seed("seed")
    with right:
        strength = st.select_slider("Recurrent weights ×", STRENGTHS, 1.0, key="strength", bind="query-params",
                                    help="What W_hh is multiplied by. Strong recurrent weights make chaos.")
    if strength not in STRENGTHS or chosen not in {**RANDOM, **runs}:
        raise Fault("Choose the weights and their strength again.")
    badge = st.container(key="badge-slot-growth", gap=None)
    cell, run = (RANDOM[chosen], None) if chosen in RANDOM else (runs[chosen].core.name, runs[chosen])
    with st.spinner(f"{TIME:,} steps in four ways …"):
        found = _grown(*_question(cell, run, start, strength))
    st.caption(_meaning(found["agreement"]))
    title = f"Distance from NumPy in float64 (weights × {strength:g})"
    plot(growth(found, TOLERANCE["float32"], title), key="growth")
    st.markdown(_told(found))
    with badge:
        proved(lambda: {"float64": found["agreement"]}, key="proof-growth", symbols=("h",),
               compares=f"The badge compares the hidden states of all {TIME:,} steps, NumPy in float64 with torch in "
                        "float64. In chaos these two part as well, only later: that is no fault of either.")
    for other in STRENGTHS:  # the slider's other positions, computed while this one is looked at
        _asked(*_question(cell, run, start, other))


def _meaning(agreement: Agreement) -> str:
    """Say beside the badge why it has its colour, in as many words for each, so that nothing below moves."""
    if agreement.holds:
        return "Not chaotic: roundings are forgotten as fast as they come, so both programs stay together."
    return ("**Red is right here:** this network is chaotic. Even in float64 a rounding grows until the two programs "
            "part; neither is wrong.")


def _told(found: Mapping[str, Any]) -> str:
    """Say what agreeing means, and how long torch and NumPy do."""
    said = []
    for key, name in (("numpy32", "NumPy"), ("torch32", "torch")):
        beyond = np.flatnonzero(found[key] > TOLERANCE["float32"] * (1 + found["size"]))
        said.append(f"{name} in float32 leaves the band at **t = {beyond[0]}**" if beyond.size else
                    f"{name} in float32 stays within it for all {TIME:,} steps (largest |Δ| "
                    f"**{short(float(found[key].max()))}**)")
    return ("**What “agrees” means:** every number x of one program lies within 1e−4 · (1 + |x|) of the other's in "
            f"float32, the shaded band, and within 1e−10 · (1 + |x|) in float64. Here {said[0]}, and {said[1]}.")


def _question(cell: str, run: Run | None, start: int, strength: float) -> tuple[Any, ...]:
    if run is None:
        return cell, "", 0, 0, start, strength
    step = run.snapshots()[-1]
    return cell, str(run.path), step, snapshots.file(run.path, "weights", step).stat().st_mtime_ns, start, strength


@st.cache_resource(max_entries=200, show_spinner=False)
def _asked(cell: str, path: str, step: int, stamp: int, start: int, strength: float) -> Answer:
    if path:
        return engine().ask("seqlab.lenses.growth:growth_of_run", path, step, strength, TIME, start)
    weights = drawn(cells()[cell], UNITS, INPUT, start, recurrent=strength)
    x = np.random.default_rng(20_000 + start).uniform(-1, 1, (TIME, INPUT))
    return engine().ask("seqlab.lenses.growth:growth", cell, weights, x)


@st.cache_resource(max_entries=200, show_spinner=False)
def _grown(*question: Any) -> dict[str, Any]:
    try:
        return awaited(_asked(*question))
    except TimeoutError:
        raise Fault("No worker has answered; the picture will be here when you open this page again.") from None
    except Fault:
        _asked.clear(*question)  # so that it can be asked again
        raise
