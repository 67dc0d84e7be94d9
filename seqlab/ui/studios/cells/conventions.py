"""The convention switch: the same weights in two GRUs, and where and by how much they part."""

import numpy as np
import streamlit as st

from seqlab.figures.conventions import accuracies, maps, parting
from seqlab.figures.theme import palette
from seqlab.reference.conventions import TORCH, Convention, first_beyond
from seqlab.trace import Trace
from seqlab.ui.proof.drawing import prove
from seqlab.ui.runs.opens import Opens
from seqlab.ui.runs.picker import pick_run
from seqlab.ui.shell.charts import chart
from seqlab.ui.shell.choices import choose
from seqlab.ui.shell.faults import show_fault_inline
from seqlab.ui.shell.theme import is_dark
from seqlab.ui.studios.cells import two_readings
from seqlab.ui.studios.cells.inputs import seed, short, slider
from seqlab.ui.widgets.plot import plot

SOURCES = {"trained": "A trained network", "random": "Random weights"}
GRUS = Opens("echo-variable-gru", tasks=("echo",), needs=frozenset({"r", "z", "n"}))
OTHERS = {
    "Reset before": Convention(reset="before"),
    "z takes": Convention(z="takes"),
    "Both": Convention("before", "takes"),
}
KEYS = ("h", "r", "z", "n")
THRESHOLDS = {"1e-6": 1e-6, "0.001": 0.001, "0.01": 0.01, "0.1": 0.1}


@show_fault_inline
def conventions_section() -> None:
    """Draw the formulas, the weights' source and what the two GRUs make of them."""
    st.caption("Papers and programs disagree on two details of the GRU. Weights that were trained under one "
               "convention mean something else under the other. Choose what differs and read the network's output.")
    with st.container(horizontal=True, vertical_alignment="bottom", key="convention-bar"):
        source = choose(st.segmented_control, "Weights", SOURCES, "weights", required=True,
                        help="Whose weights both of them use.")
        name = choose(st.segmented_control, "What differs in the other GRU", list(OTHERS), "differs", required=True,
                      help="Reset before: the reset gate acts before the product with W (Cho v3, d2l), "
                           "not after it (torch, Cho v1). z takes: z = 1 takes the candidate, where in "
                           "torch it keeps the old state.")
    other = OTHERS[name]
    _formulas(other)
    st.fragment(show_fault_inline(_random if source == "random" else _trained))(name, other)


def _formulas(other: Convention) -> None:
    left, right = st.container(key="formulas").columns(2, gap="medium")
    for place, title, convention in ((left, "torch", TORCH), (right, "the other", other)):
        with place.container(border=True, gap=None):
            st.markdown(f"**{title}**: reset {convention.reset} the product, z = 1 {_meaning(convention)}")
            st.latex(latex(convention, other, palette(is_dark()).wrong))


def latex(convention: Convention, other: Convention, colour: str) -> str:
    """Write the two lines of a convention's formula in which conventions differ; what differs here is coloured."""
    def marked(text: str, differs: bool) -> str:
        return rf"\textcolor{{{colour}}}{{{text}}}" if differs else text

    after = r"r_t \odot (W_{hn} h_{t-1} + b_{hn})"
    before = r"W_{hn} (r_t \odot h_{t-1}) + b_{hn}"
    keeps = r"(1 - z_t) \odot n_t + z_t \odot h_{t-1}"
    takes = r"z_t \odot n_t + (1 - z_t) \odot h_{t-1}"
    inside = marked(after if convention.reset == "after" else before, other.reset != TORCH.reset)
    mixed = marked(keeps if convention.z == "keeps" else takes, other.z != TORCH.z)
    return (rf"\begin{{aligned}} n_t &= \tanh(W_{{in}} x_t + b_{{in}} + {inside}) \\ h_t &= {mixed} "
            r"\end{aligned}")


def _meaning(convention: Convention) -> str:
    return "keeps the old state" if convention.z == "keeps" else "takes the candidate"


def _random(name: str, other: Convention) -> None:
    with st.container(key="random-bar"):
        columns = st.columns([2, 3, 3, 3], vertical_alignment="bottom")
        with columns[0]:
            drawn = seed("seed", label="Seed")
        with columns[1]:
            units = int(slider("Units", 1, 32, 8, key="units", help="Numbers in the hidden state."))
        with columns[2]:
            time = int(slider("Time steps", 5, 80, 40, key="time", help="Length of the sequence that is read."))
        with columns[3]:
            strength = slider("Recurrent weights ×", 0.5, 4.0, 2.0, step=0.5, key="recurrent", format="%.1f",
                              help="What W_hh is multiplied by; strong ones make chaos.")
    layer = two_readings.RandomLayer(drawn, units, time, float(strength))
    badge = st.container(key="badge-slot-random", gap=None)
    _differences(name, layer.trace(TORCH, "float64"), layer.trace(other, "float64"))
    prove(two_readings.LAYERS, (TORCH, layer), (other, layer), key="proof-random", slot=badge)


def _trained(name: str, other: Convention) -> None:
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    with left:
        run = pick_run(GRUS)
    if run is None:
        st.info("There is no trained GRU here. Choose **Random weights**, or train a GRU in the Echo lab.")
        return
    with right:
        word = st.text_input("Your word", "remember", key="word", bind="query-params", placeholder="a to z",
                             help="What both of them read.")
    reading = two_readings.EchoReading.of(run, word or "")
    if reading.word != (word or "").strip().lower():
        st.caption(f":material/info: Echo knows the letters a to z, so it reads “{reading.word}”.")
    badge = st.container(key="badge-slot-trained", gap=None)
    answers, bars = st.columns([3, 2], gap="medium")
    with answers, st.spinner("Both readings echo strings of letters …"):
        _answers(reading, name, other)
    shares = {"torch's convention": reading.accuracy(TORCH), name: reading.accuracy(other)}
    with bars:
        chart(accuracies(reading.delays, shares, run.config.task_spec.chance, dark=is_dark()),
              key="convention-accuracy", tools=False)
    _differences(name, reading.trace(TORCH), reading.trace(other))
    prove(two_readings.ECHOES, *two_readings.EchoPasses.shown(reading, other), key="proof-trained", slot=badge)


def _answers(reading: two_readings.EchoReading, name: str, other: Convention) -> None:
    torch, wrong = reading.accuracy(TORCH).mean(), reading.accuracy(other).mean()
    st.markdown(f"Read as it was trained, this network echoes **{torch:.1%}** of the letters. The same numbers read "
                f"with **{name.lower()}** give **{wrong:.1%}**: not one weight is different.")
    rows = "".join(f"<tr><th scope=row>{label}</th>{''.join(reading.letters(text))}</tr>" for label, text in (
        ("input", None), ("torch's convention", reading.answer(TORCH)), (name, reading.answer(other))))
    st.html(f'<div class="echoed" role="group" tabindex="0" aria-label="What both echo"><table>{rows}</table></div>')


def _differences(name: str, one: Trace, other: Trace) -> None:
    gaps = {key: np.abs(one[f"{key}.0"] - other[f"{key}.0"]).max(axis=(0, 2)) for key in KEYS}
    with st.container(horizontal=True, vertical_alignment="bottom", key="difference-bar"):
        key = choose(st.segmented_control, "Draw", {key: two_readings.named(key) for key in KEYS}, "draw",
                     required=True, wrap=True, help="The quantity whose difference is drawn.")
        chosen = choose(st.segmented_control, "They part where |Δh| passes", list(THRESHOLDS), "threshold", "0.01",
                        required=True, help="From which difference of a hidden state on the two count as parted.")
    threshold = THRESHOLDS[chosen]
    left, right = st.columns([3, 2], gap="medium")
    with left:
        plot(maps(one[f"{key}.0"][0], other[f"{key}.0"][0], key, ("torch", name.lower())), key="convention-maps")
    first = first_beyond(one["h.0"][0], other["h.0"][0], threshold)
    with right:
        plot(parting(gaps, threshold, None if first is None else first[0]), key="convention-gaps")
    where = "**never** differ by more than" if first is None else \
        f"first differ at **t = {first[0]}** (unit {first[1]}) by more than"
    widest = int(gaps["h"].argmax())
    right.markdown(f"The states {where} {chosen}. The widest gap is **{short(float(gaps['h'][widest]))}**, at "
                   f"t = {widest}." + _why(one, other))


def _why(one: Trace, other: Trace) -> str:
    """Say why the two differ at once where they do, though both start from zeros."""
    if not np.abs(one["q.0"][:, 0]).max() or np.array_equal(one["h.0"][:, 0], other["h.0"][:, 0]):
        return " Both start from a state of zeros."
    return (" Both start from a state of zeros and still differ at t = 0: the bias of the candidate passes the reset "
            "gate in one and not in the other." if not np.array_equal(one["n.0"][:, 0], other["n.0"][:, 0]) else
            " They differ from t = 0 on, because z has changed its meaning.")
