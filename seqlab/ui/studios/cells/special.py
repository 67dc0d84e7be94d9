"""GRUs set by hand, with a slider on the bias of their gates: one that is an RNN, and one that never forgets."""

import numpy as np
import streamlit as st

from seqlab.figures.cells import by_bias, matrices, overlaid, remembered
from seqlab.reference.layer_weights import LayerWeights
from seqlab.reference.special import exactly_open, kept, lost
from seqlab.reference.weights import Weights
from seqlab.ui.proof.drawing import prove
from seqlab.ui.shell.choices import toggle
from seqlab.ui.shell.faults import show_fault_inline
from seqlab.ui.shell.theme import is_dark
from seqlab.ui.studios.cells import hand_made
from seqlab.ui.studios.cells.inputs import seed, short, slider
from seqlab.ui.widgets.plot import plot

MARKS = {"σ = 1 in float32": exactly_open("float32"), "σ = 1 in float64": exactly_open("float64")}


@show_fault_inline
def special_section() -> None:
    """Draw both; what a slider moves stands in a fragment, and torch is asked once everything is drawn."""
    about, field = st.columns([4, 1], vertical_alignment="center", gap="medium")
    about.caption("The gates of a GRU can be set by hand, through their biases alone. Two settings make it something "
                  "else entirely. Move a bias and see how much of it is left when the gates are only half open.")
    with field:
        drawn = seed("seed")
    st.header("A GRU that is an RNN")
    st.caption("Reset gate open (r = 1), update gate shut (z = 0), and the RNN's own weights for the candidate: "
               "then every new state is the RNN's.")
    first = st.container(key="badge-slot-rnn", gap=None)
    st.fragment(show_fault_inline(_as_rnn))(drawn)
    st.divider()
    st.header("A GRU that never forgets")
    st.caption("Update gate open (z = 1) and nothing else: each new state is the old one. With a smaller bias "
               "a share 1 − z leaks out at every step.")
    random = toggle(st.toggle, "Candidate of an RNN (n is not 0)", False, "loud",
                    help="What leaks out is then replaced by what the inputs say. Even at z = 1 exactly, rounding "
                         "moves such a memory a little: torch computes n + z (h − n), and n + (h − n) is not always "
                         "h.")
    second = st.container(key="badge-slot-memory", gap=None)
    st.fragment(show_fault_inline(_memory))(drawn, random)
    prove(hand_made.RNNS, drawn, key="proof-rnn", slot=first)
    known = hand_made.single(drawn, random)
    prove(hand_made.MEMORIES, (drawn, random), key="proof-memory", slot=second)
    if known is None and hand_made.single(drawn, random) is not None:
        st.rerun()  # torch's float32 is there now and belongs into the picture


def _as_rnn(drawn: int) -> None:
    bias = float(slider("Bias of the gates (+ for r, − for z)", 0.0, 40.0, 20.0, step=0.5, key="gates", format="%.1f",
                        help="r = σ(bias) and z = σ(−bias), whatever the input: their other weights are 0."))
    sweep = hand_made.rnns(drawn)
    place = hand_made.place(bias)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        plot(overlaid(sweep.rnn["float64"], sweep.grus["float64"][place], bias), key="overlaid")
    curves = {dtype: (hand_made.BIASES, sweep.gaps(dtype)) for dtype in ("float64", "float32")}
    with right:
        plot(by_bias(curves, bias, MARKS, "How far they are apart", "largest |Δ| of all states"), key="rnn-by-bias")
    st.markdown(f"At bias **{bias:g}** the gates stand at r = 1 − {short(float(lost(bias, 1)))} and "
                f"z = {short(float(lost(bias, 1)))}. RNN and GRU differ by at most "
                f"**{short(sweep.gaps('float64')[place])}** in float64 and by "
                f"**{short(sweep.gaps('float32')[place])}** in float32.")
    st.html(matrices(_blocks(hand_made.gru_at(drawn, bias), "the RNN's weights", f"open: σ({bias:g})",
                             f"shut: σ(−{bias:g})"), dark=is_dark()))


def _memory(drawn: int, random: bool) -> None:
    bias = float(slider("Bias of z", 0.0, 40.0, 20.0, step=0.5, key="keep", format="%.1f",
                        help="z = σ(bias), whatever the input: its other weights are 0."))
    with st.spinner(f"10,000 steps at {hand_made.BIASES.size} positions of the slider …"):
        states = hand_made.memories(drawn, random)
    place, first, single = hand_made.place(bias), states.h[0, 0], hand_made.single(drawn, random)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        plot(remembered(states.times, states.h[place], first * kept(bias, states.times[:, None]), bias),
             key="remembered")
    curves: dict[str, tuple[np.ndarray, np.ndarray]] = {"float64": (hand_made.BIASES, states.moved)}
    if single is not None:
        curves["float32 (torch)"] = (hand_made.BIASES, single)
    gone = float(np.abs(first).max()) * lost(hand_made.BIASES, hand_made.STEPS)
    curves["theory (n = 0)"] = (hand_made.BIASES, gone)
    with right:
        plot(by_bias(curves, bias, MARKS, "What 10,000 steps change", "largest |h − initial h|"), key="memory-by-bias")
    also = "" if single is None else f" and **{short(single[place])}** in float32"
    st.markdown(f"At bias **{bias:g}** z = 1 − {short(float(lost(bias, 1)))}, so in theory a share of "
                f"{short(float(lost(bias, hand_made.STEPS)))} of the state leaks out in 10,000 steps. It has moved by "
                f"**{short(states.moved[place])}** in float64{also}.")
    st.html(matrices(_blocks(hand_made.memory_at(drawn, random, bias), "an RNN's weights" if random else "zeros",
                             "half open: it does not matter", f"open: σ({bias:g})"), dark=is_dark()))


def _blocks(weights: Weights, candidate: str, reset: str, update: str) -> dict[str, list[tuple[str, np.ndarray]]]:
    layer = LayerWeights.of(weights, 0)
    hidden = layer.W_hh.shape[1]
    names = {f"r, {reset}": 0, f"z, {update}": 1, f"n, {candidate}": 2}
    return {name: [(label, part[k * hidden:(k + 1) * hidden].reshape(hidden, -1)) for label, part in
                   (("W<sub>i</sub>", layer.W_ih), ("W<sub>h</sub>", layer.W_hh), ("b<sub>i</sub>", layer.b_ih),
                    ("b<sub>h</sub>", layer.b_hh))] for name, k in names.items()}
