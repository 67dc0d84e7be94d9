"""The passes behind the special GRUs: every position of a slider at once, kept for all sessions, and their proof."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from seqlab.figures.rounding import Arrays
from seqlab.reference import special
from seqlab.reference.cells import cells
from seqlab.reference.core import cores
from seqlab.reference.network import stack
from seqlab.reference.weights import Weights
from seqlab.ui.proof import client
from seqlab.ui.proof.proof import Proof
from seqlab.ui.proof.store import ANSWERS, PICTURES
from seqlab.ui.proof.waiting import Ready, wait_for

BIASES = np.arange(0.0, 40.5, 0.5)
STEPS, CHUNK = 10_000, 1000
INPUT, HIDDEN, SHORT = 3, 2, 24
PRECISIONS = ("float32", "float64")


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


def memory_at(seed: int, random: bool, bias: float) -> Weights:
    """Weights of the GRU that should keep its state; with ``random`` it has that RNN's weights for its candidate."""
    return special.gru_long_term_memory(HIDDEN, INPUT, bias=bias, candidate=rnn_of(seed) if random else None)


@PICTURES.cached
def rnns(seed: int) -> Rnns:
    """Run the RNN and, at every position of the slider, the GRU."""
    def states(cell: str, weights: Weights, dtype: str) -> np.ndarray:
        cast = {name: part.astype(dtype) for name, part in weights.items()}
        return stack(cores()[cell], _input(seed, SHORT)[None].astype(dtype), cast)["h.0"][0]

    return Rnns({dtype: states("rnn_tanh", rnn_of(seed), dtype) for dtype in PRECISIONS},
                {dtype: np.stack([states("gru", gru_at(seed, bias), dtype) for bias in BIASES])
                 for dtype in PRECISIONS})


def _rnn_states(seed: int, precision: str) -> list[Arrays]:
    states = rnns(seed)
    return [{"h.0": np.concatenate([states.rnn[precision][None], states.grus[precision]])}]


RNNS = Proof[int, dict[str, np.ndarray]](
    name="GRUs that are RNNs", reference=_rnn_states, symbols=("h",),
    remote=lambda seed: client.cell_states([("rnn_tanh", rnn_of(seed)), *(("gru", gru_at(seed, bias)) for bias in
                                                                          BIASES.tolist())], _input(seed, SHORT)[None]),
    torch=lambda seed, answer, precision: [{"h.0": answer[precision]}],
    compares="The badge compares the RNN with nn.RNN and, at every position of the slider, the GRU with nn.GRU.")


def single(seed: int, random: bool) -> Float[np.ndarray, " bias"] | None:
    """Say how far torch's memory in float32 has moved after all steps, or None where torch has not been asked yet."""
    states = _torch_memories.known(seed, random)
    return None if states is None else np.abs(states["float32"][:, -1] - _first(seed)).max(axis=-1)


@PICTURES.cached
def memories(seed: int, random: bool) -> Memories:
    """Run the memory over all steps at every position of the slider, as one batch in float64."""
    weights, times = _reading(seed, random), _times()
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


@ANSWERS.cached
def _torch_memories(seed: int, random: bool) -> dict[str, np.ndarray]:
    return wait_for(client.cell_memories(_reading(seed, random), _input(seed, STEPS), _first(seed), BIASES, _times()))


MEMORIES = Proof[tuple[int, bool], dict[str, np.ndarray]](
    name="GRUs that never forget", symbols=("h",),
    precisions=("float64",),  # in float32 10,000 roundings may add up to more
    remote=lambda question: Ready(_torch_memories(*question)),
    reference=lambda question, precision: [{"h.0": memories(*question).h[:, 1:]}],
    torch=lambda question, answer, precision: [{"h.0": answer[precision]}],
    compares="The badge compares the states drawn here, at every position of the slider, with nn.GRU's.")


def _reading(seed: int, random: bool) -> dict[str, np.ndarray]:
    return special.memory_from_input(memory_at(seed, random, 0.0))


def _times() -> Int[np.ndarray, " some"]:
    """Times evenly spread on a logarithmic axis, the last one among them."""
    return np.unique(np.geomspace(1, STEPS, 160).round().astype(int)) - 1


def _first(seed: int) -> Float[np.ndarray, " hidden"]:
    """An initial state that float32 holds exactly, one unit up and one down."""
    size = np.random.default_rng(10_000 + seed).uniform(0.4, 0.9, HIDDEN)
    return (size * np.array([1, -1])).astype(np.float32).astype(np.float64)


def _input(seed: int, time: int) -> Float[np.ndarray, "time input"]:
    return np.random.default_rng(20_000 + seed).uniform(-2, 2, (time, INPUT))
