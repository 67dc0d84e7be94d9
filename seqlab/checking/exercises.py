"""The functions that a person can write and have checked: their arguments, the reference, and seeded cases to try."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from seqlab.reference import course

Arguments = tuple[Any, ...]  # arrays, or lists and tuples of them: each function has its own
SEED = 2026

# Sizes of the cases: no two of B, T, D, H are alike, so that a swapped axis shows, but for the last one, where square
# matrices let a transposed weight run at all.
RECURRENT = ((1, 3, 2, 4), (2, 5, 3, 4), (4, 12, 3, 2), (3, 7, 5, 6), (2, 4, 3, 3))  # B, T, D, H
ATTENTION = ((1, 3, 4, 2), (2, 5, 6, 3), (4, 8, 10, 5), (3, 7, 8, 2), (2, 4, 5, 1))  # B, T, E, heads


@dataclass(frozen=True)
class CodingExercise:
    """One function: its name in the code, its arguments and return value, and the reference it is compared with.

    ``arguments`` has a row for each: name, shape, meaning. ``symbol`` is the notation's name of what comes out,
    ``formula`` lines of LaTeX to be aligned at their &.
    """

    key: str
    label: str
    function: str
    arguments: tuple[tuple[str, str, str], ...]
    returns: tuple[str, str]
    symbol: str
    formula: tuple[str, ...]
    reference: Callable[..., np.ndarray]
    draw: Callable[[np.random.Generator, tuple[int, ...], bool], Arguments]
    sizes: tuple[tuple[int, ...], ...]
    letters: str

    @property
    def signature(self) -> str:
        """The function as it is called."""
        return f"{self.function}({', '.join(name for name, _, _ in self.arguments)})"

    def cases(self) -> list[Arguments]:
        """Arguments of every case, the same each time; in the first, the initial state is zero."""
        return [self.draw(np.random.default_rng((SEED, place)), sizes, place == 0)
                for place, sizes in enumerate(self.sizes)]

    def answers(self) -> list[np.ndarray]:
        """What the reference returns for every case."""
        return [self.reference(*case) for case in self.cases()]

    def example(self) -> tuple[Arguments, np.ndarray]:
        """A call so small that it can be done by hand, and its answer."""
        small = (1, 2, 1, 1) if self.letters == "BTDH" else (1, 2, 2, 1)
        arguments = _rounded(self.draw(np.random.default_rng(SEED), small, True))
        assert isinstance(arguments, tuple)
        return arguments, self.reference(*arguments)

    def size(self, case: int) -> str:
        """The sizes of a case in words: ``B 2, T 5, D 3, H 4``."""
        names = [*self.letters] if self.letters == "BTDH" else ["B", "T", "E", "heads"]
        return ", ".join(f"{name} {size}" for name, size in zip(names, self.sizes[case], strict=True))


def draw_rnn(rng: np.random.Generator, sizes: tuple[int, ...], zero: bool) -> Arguments:
    """Draw random (wt_h, wt_x, bias, init_state, input_data)."""
    B, T, D, H = sizes
    state = rng.normal(size=(B, H)) * (not zero)
    return (rng.normal(size=(H, H)) / np.sqrt(H), rng.normal(size=(D, H)) / np.sqrt(D), rng.normal(size=H) / 2,
            np.tanh(state), rng.normal(size=(B, T, D)))


def draw_gru(rng: np.random.Generator, sizes: tuple[int, ...], zero: bool) -> Arguments:
    """Draw (r, z, n, init_state, input_data), each gate as (W_i, b_i, W_h, b_h)."""
    B, T, D, H = sizes
    gates = [(rng.normal(size=(D, H)) / np.sqrt(D), rng.normal(size=H) / 2, rng.normal(size=(H, H)) / np.sqrt(H),
              rng.normal(size=H) / 2) for _ in range(3)]
    return (*gates, np.tanh(rng.normal(size=(B, H)) * (not zero)), rng.normal(size=(B, T, D)))


def draw_mha(rng: np.random.Generator, sizes: tuple[int, ...], zero: bool) -> Arguments:
    """Draw (Wq, Wk, Wv, Wo, input_data), the first three as lists of one matrix for each head."""
    B, T, E, heads = sizes
    lists = [[1.5 * rng.normal(size=(E, E // heads)) / np.sqrt(E) for _ in range(heads)] for _ in range(3)]
    return (*lists, rng.normal(size=(E, E)) / np.sqrt(E), rng.normal(size=(B, T, E)))


def _rounded(value: object) -> object:
    if isinstance(value, np.ndarray):
        return np.round(value, 1) + 0.0
    assert isinstance(value, list | tuple)
    return type(value)(_rounded(part) for part in value)


_STATE = ("init_state", "[B, H]", "the hidden state before the first step")
_INPUT = ("input_data", "[B, T, D]", "a batch of sequences of vectors")
_STATES = ("[B, T, H]", "the hidden state after every step")
_HEADS = "list of [E, E/heads]"
_ATTENTION = (("Wq", _HEADS, "one matrix a head: queries are x @ Wq[i]"), ("Wk", _HEADS, "likewise the keys"),
              ("Wv", _HEADS, "likewise the values"), ("Wo", "[E, E]", "mixes the heads, side by side"),
              ("input_data", "[B, T, E]", "a batch of sequences of vectors"))
_OUTPUT = (r"y^{(i)} &= \text{softmax}(s^{(i)}) \, v",
           r"\text{output} &= [\,y^{(1)}, y^{(2)}, \dots] \, W_o")

EXERCISES = {exercise.key: exercise for exercise in (
    CodingExercise("rnn", "RNN", "rnn", (
        ("wt_h", "[H, H]", "from the old state to the new: h @ wt_h"),
        ("wt_x", "[D, H]", "from the input: x @ wt_x"), ("bias", "[H]", "added to both"), _STATE, _INPUT),
        _STATES, "h", (r"h_t &= \tanh(h_{t-1} W_h + x_t W_x + b)",), course.rnn, draw_rnn, RECURRENT, "BTDH"),
    CodingExercise("gru", "GRU", "gru", (
        ("r", "(W_i, b_i, W_h, b_h)", "the reset gate: [D, H], [H], [H, H], [H]"),
        ("z", "(W_i, b_i, W_h, b_h)", "the update gate; z = 1 keeps the old state"),
        ("n", "(W_i, b_i, W_h, b_h)", "the candidate"), _STATE, _INPUT),
        _STATES, "h", (r"r_t &= \sigma(x_t W_{ir} + b_{ir} + h_{t-1} W_{hr} + b_{hr})",
                       r"z_t &= \sigma(x_t W_{iz} + b_{iz} + h_{t-1} W_{hz} + b_{hz})",
                       r"n_t &= \tanh(x_t W_{in} + b_{in} + r_t \odot (h_{t-1} W_{hn} + b_{hn}))",
                       r"h_t &= (1 - z_t) \odot n_t + z_t \odot h_{t-1}"), course.gru, draw_gru, RECURRENT, "BTDH"),
    CodingExercise("mha", "Attention", "mha", _ATTENTION, ("[B, T, E]", "the output at every position"), "attended",
                   (r"s^{(i)} &= q k^\top / \sqrt{d} \quad (d = E/\text{heads})", *_OUTPUT),
                   course.mha, draw_mha, ATTENTION, "BTE"),
    CodingExercise("causal", "Causal attention", "mha", _ATTENTION,
                   ("[B, T, E]", "the output; position t sees positions 0 … t alone"), "attended",
                   (r"s^{(i)}_{tj} &= q_t k_j^\top / \sqrt{d} \quad (j \le t)",
                    r"s^{(i)}_{tj} &= -\infty \quad (j > t)",
                    *_OUTPUT),
                   course.causal_mha, draw_mha, ATTENTION, "BTE"),
)}
