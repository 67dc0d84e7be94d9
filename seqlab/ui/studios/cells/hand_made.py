"""The passes behind the special GRUs: every position of a slider at once, kept for all sessions, and their proof."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import streamlit as st
from jaxtyping import Float, Int

from seqlab.agreement import Agreement, compare
from seqlab.reference import special
from seqlab.reference.cells import cells
from seqlab.reference.core import Weights, cores
from seqlab.reference.network import stack
from seqlab.ui.proof.waiting import awaited
from seqlab.ui.shell.services import engine

BIASES = np.arange(0.0, 40.5, 0.5)
STEPS, CHUNK = 10_000, 1000
INPUT, HIDDEN, SHORT = 3, 2, 24
PRECISIONS = ("float32", "float64")
KEPT = 40


def place(bias: float) -> int:
    """Number of the position of the slider that is nearest to a bias."""
    return int(np.abs(BIASES - bias).argmin())


@dataclass(frozen=True)
class Rnns:
    """States of an RNN and, for each bias, of the GRU that should be it, in both precisions."""

    rnn: Mapping[str, Float[np.ndarray, "time hidden"]]
    grus: Mapping[str, Float[np.ndarray, "bias time hidden"]]

    def gaps(self, dtype: str) -> Float[np.ndarray, " bias"]:
        """Return the largest difference of any state, for each bias."""
        return np.abs(self.grus[dtype] - self.rnn[dtype]).max(axis=(1, 2)).astype(np.float64)


@dataclass(frozen=True)
class Memories:
    """States at some times of a GRU that should keep its first one, for each bias, and |h - first h| after all steps.

    The first time is 0, before the first step.
    """

    times: Int[np.ndarray, " some"]
    h: Float[np.ndarray, "bias some hidden"]
    moved: Float[np.ndarray, " bias"]


def rnn_of(seed: int) -> Weights:
    """Weights of the RNN drawn from a seed."""
    return special.drawn(cells()["rnn_tanh"], HIDDEN, INPUT, seed)


def gru_at(seed: int, bias: float) -> Weights:
    """Weights of the GRU that should be that RNN."""
    return special.gru_from_rnn(rnn_of(seed), bias)


def memory_at(seed: int, loud: bool, bias: float) -> Weights:
    """Weights of the GRU that should keep its state; a loud one has that RNN's weights for its candidate."""
    return special.gru_long_term_memory(HIDDEN, INPUT, bias=bias, candidate=rnn_of(seed) if loud else None)


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def rnns(seed: int) -> Rnns:
    """Run the RNN and, at every position of the slider, the GRU."""
    def states(cell: str, weights: Weights, dtype: str) -> np.ndarray:
        cast = {name: part.astype(dtype) for name, part in weights.items()}
        return stack(cores()[cell], _input(seed, SHORT)[None].astype(dtype), cast)["h.0"][0]

    return Rnns({dtype: states("rnn_tanh", rnn_of(seed), dtype) for dtype in PRECISIONS},
                {dtype: np.stack([states("gru", gru_at(seed, bias), dtype) for bias in BIASES])
                 for dtype in PRECISIONS})


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def rnns_agree(seed: int) -> dict[str, Agreement]:
    """Compare all of that with torch; waits for it. Raises Fault or TimeoutError."""
    passes = [("rnn_tanh", rnn_of(seed)), *(("gru", gru_at(seed, bias)) for bias in BIASES)]
    theirs = awaited(engine().ask("seqlab.lenses.cells:in_precisions", passes, _input(seed, SHORT)[None]))
    ours = rnns(seed)
    return {dtype: compare({"h.0": np.concatenate([ours.rnn[dtype][None], ours.grus[dtype]])}, {"h.0": theirs[dtype]})
            for dtype in PRECISIONS}


def single(seed: int, loud: bool) -> Float[np.ndarray, " bias"] | None:
    """Say how far torch's memory in float32 has moved after all steps, or None where torch has not been asked yet."""
    return _singles().get((seed, loud))


def memories_agree(seed: int, loud: bool) -> dict[str, Agreement]:
    """Compare the states that are drawn with torch, in float64: in float32 10,000 roundings may add up to more."""
    theirs = _torch_memories(seed, loud)
    _singles()[seed, loud] = np.abs(theirs["float32"][:, -1] - _first(seed)).max(axis=-1)
    return {"float64": compare({"h.0": memories(seed, loud).h[:, 1:]}, {"h.0": theirs["float64"]})}


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def memories(seed: int, loud: bool) -> Memories:
    """Run the memory over all steps at every position of the slider, as one batch in float64."""
    weights, times = _reading(seed, loud), _times()
    x, h, parts = _input(seed, STEPS), np.tile(_first(seed), (BIASES.size, 1)), []
    for start in range(0, STEPS, CHUNK):
        part = np.broadcast_to(x[start:start + CHUNK], (BIASES.size, CHUNK, INPUT))
        column = np.broadcast_to(BIASES[:, None, None], (BIASES.size, CHUNK, 1))
        run = stack(cores()["gru"], np.concatenate([part, column], axis=-1), weights, state=(h[None],))["h.0"]
        h = run[:, -1]
        parts.append(run[:, times[(times >= start) & (times < start + CHUNK)] - start])
    first = np.broadcast_to(_first(seed), (BIASES.size, 1, HIDDEN))
    states = np.concatenate([first, *parts], axis=1)
    return Memories(np.concatenate([[0], times + 1]), states, np.abs(h - _first(seed)).max(axis=-1))


@st.cache_resource(show_spinner=False)
def _singles() -> dict[tuple[int, bool], np.ndarray]:
    return {}


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def _torch_memories(seed: int, loud: bool) -> dict[str, np.ndarray]:
    return awaited(engine().ask("seqlab.lenses.cells:memories", _reading(seed, loud), _input(seed, STEPS),
                                _first(seed), BIASES, _times()))


def _reading(seed: int, loud: bool) -> dict[str, np.ndarray]:
    return special.memory_from_input(memory_at(seed, loud, 0.0))


def _times() -> Int[np.ndarray, " some"]:
    """Times evenly spread on a logarithmic axis, the last one among them."""
    return np.unique(np.geomspace(1, STEPS, 160).round().astype(int)) - 1


def _first(seed: int) -> Float[np.ndarray, " hidden"]:
    """An initial state that float32 holds exactly, one unit up and one down."""
    size = np.random.default_rng(10_000 + seed).uniform(0.4, 0.9, HIDDEN)
    return (size * np.array([1, -1])).astype(np.float32).astype(np.float64)


def _input(seed: int, time: int) -> Float[np.ndarray, "time input"]:
    return np.random.default_rng(20_000 + seed).uniform(-2, 2, (time, INPUT))
