"""Error growth: how far float32 drifts from float64 along a sequence, and what "agrees" means there."""

from dataclasses import dataclass, replace

import numpy as np
import streamlit as st

from seqlab.agreement import TOLERANCE, Agreement
from seqlab.figures.cells import growth
from seqlab.reference.cells import cells
from seqlab.reference.special import drawn
from seqlab.training.answers import ErrorGrowth
from seqlab.ui.proof import client
from seqlab.ui.proof.drawing import prove
from seqlab.ui.proof.proof import Proof
from seqlab.ui.proof.snapshot import Snapshot
from seqlab.ui.proof.store import ANSWERS
from seqlab.ui.proof.waiting import Pending, Ready, wait_for
from seqlab.ui.runs.picker import candidates, label
from seqlab.ui.shell.choices import choose
from seqlab.ui.shell.faults import NoAnswer, show_fault_inline
from seqlab.ui.studios.cells.inputs import seed, short
from seqlab.ui.widgets.moving_slider import moving_choice
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
    runs = {run.id: run for run in candidates().values() if run.core.name in RANDOM.values() and run.snapshots()}
    left, middle, right = st.columns([4, 2, 5], vertical_alignment="bottom")
    with left:
        titles = {cell: name for name, cell in RANDOM.items()} | {id: label(run) for id, run in runs.items()}
        chosen = choose(st.selectbox, "Cell and weights", titles, "of",
                        help="The first layer of a trained network, on random letters; or random weights.")
    with middle:
        start = seed("seed")
    with right:
        strength = choose(moving_choice, "Recurrent weights ×", STRENGTHS, "strength", 1.0,
                          help="What W_hh is multiplied by. Strong recurrent weights make chaos.")
    badge = st.container(key="badge-slot-growth", gap=None)
    cell, run = (chosen, None) if chosen not in runs else (runs[chosen].core.name, runs[chosen])
    question = GrowthQuestion(cell, None if run is None else Snapshot.of(run), start, strength)
    with st.spinner(f"{TIME:,} steps in four ways …"):
        distances = _grown(question)
    st.caption(_meaning(distances["agreement"]))
    title = f"Distance from NumPy in float64 (weights × {strength:g})"
    curves = {key: distances[key] for key in ("numpy32", "torch32", "torch64", "size")}
    plot(growth(curves, TOLERANCE["float32"], title), key="growth")
    st.markdown(_in_words(distances))
    prove(GROWTH, question, key="proof-growth", slot=badge)
    for other in STRENGTHS:  # the slider's other positions, computed while this one is looked at
        if _grown.known(replace(question, strength=other)) is None:
            _asked(replace(question, strength=other))


def _meaning(agreement: Agreement) -> str:
    """Say beside the badge why it has its colour, in as many words for each, so that nothing below moves."""
    if agreement.holds:
        return "Not chaotic: roundings are forgotten as fast as they come, so both programs stay together."
    return ("**Red is right here:** this network is chaotic. Even in float64 a rounding grows until the two programs "
            "part; neither is wrong.")


def _in_words(distances: ErrorGrowth) -> str:
    """Say what agreeing means, and how long torch and NumPy do."""
    parts = []
    for far, name in ((distances["numpy32"], "NumPy"), (distances["torch32"], "torch")):
        beyond = np.flatnonzero(far > TOLERANCE["float32"] * (1 + distances["size"]))
        parts.append(f"{name} in float32 leaves the band at **t = {beyond[0]}**" if beyond.size else
                     f"{name} in float32 stays within it for all {TIME:,} steps (largest |Δ| "
                     f"**{short(float(far.max()))}**)")
    return ("**What “agrees” means:** every number x of one program lies within 1e−4 · (1 + |x|) of the other's in "
            f"float32, the shaded band, and within 1e−10 · (1 + |x|) in float64. Here {parts[0]}, and {parts[1]}.")


@dataclass(frozen=True)
class GrowthQuestion:
    """Which weights, from a snapshot or a seed, and what their recurrent part is multiplied by."""

    cell: str
    snapshot: Snapshot | None
    start: int
    strength: float

    def ask(self) -> Pending[ErrorGrowth]:
        """Let a worker run it in four ways."""
        if self.snapshot is not None:
            return client.error_growth_of_run(self.snapshot.path, self.snapshot.step, self.strength, TIME, self.start)
        weights = drawn(cells()[self.cell], UNITS, INPUT, self.start, recurrent=self.strength)
        return client.error_growth(self.cell, weights, np.random.default_rng(20_000 + self.start).uniform(
            -1, 1, (TIME, INPUT)))


@ANSWERS.cached
def _asked(question: GrowthQuestion) -> Pending[ErrorGrowth]:
    return question.ask()


@ANSWERS.cached
def _grown(question: GrowthQuestion) -> ErrorGrowth:
    pending = _asked(question)
    try:
        return wait_for(pending)
    except TimeoutError:
        raise NoAnswer from None
    finally:
        if pending.done():  # an answer is stored by this function; after a fault it is asked again
            _asked.forget(question)


GROWTH = Proof[GrowthQuestion, ErrorGrowth](
    name="error growth", remote=lambda question: Ready(_grown(question)), symbols=("h",),
    reported=lambda answer: {"float64": answer["agreement"]},
    compares=f"The badge compares the hidden states of all {TIME:,} steps, NumPy in float64 with torch in float64. In "
             "chaos these two part as well, only later: that is no fault of either.")
