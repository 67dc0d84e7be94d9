"""GRUs whose weights are written by hand: one that is a given RNN, and one that never forgets.

Which gate bias shuts or opens a gate entirely is a question of rounding. σ(b) = 1 / (1 + e^-b) is never 1 in the real
numbers, but a computer adds e^-b to 1 and rounds: once e^-b is at most half the gap between 1 and the next number
(2^-24 in float32, 2^-53 in float64) the sum is 1, and so is σ. That is so from b = 24 ln 2 = 16.64 in float32 and
b = 53 ln 2 = 36.74 in float64 on (``exactly_open``), in torch and here. σ(-b) is exactly 0 only where e^b overflows,
in float32 from b = 88.73 on, in float64 from 709.79; long before, what it multiplies is too small to be seen beside
what it is added to. ``OPEN`` is beyond all of these but the last: in float64 σ(-100) = 4e-44.
"""

from collections.abc import Mapping

import numpy as np
from jaxtyping import Float

from seqlab.reference.cells import Cell
from seqlab.reference.weights import Weights

OPEN = 100.0
_EPSILON_BITS = {"float32": 24, "float64": 53}


def exactly_open(dtype: str) -> float:
    """Return the bias from which on σ is exactly 1 in a precision: ``float32`` or ``float64``."""
    return _EPSILON_BITS[dtype] * float(np.log(2.0))


def kept(bias: float | np.ndarray, time: int | np.ndarray) -> Float[np.ndarray, "*shape"]:
    """Share of a state that is left after ``time`` steps where nothing comes in (n = 0): σ(bias)^time, in [0, 1].

    Taken by way of the logarithm, log σ(b) = -log(1 + e^-b), so that 1 - σ is not lost to rounding.
    """
    return np.asarray(np.exp(-time * np.log1p(np.exp(-np.asarray(bias, dtype=np.float64)))))


def lost(bias: float | np.ndarray, time: int | np.ndarray) -> Float[np.ndarray, "*shape"]:
    """Share of a state that is gone after ``time`` steps where nothing comes in: 1 - σ(bias)^time, exact when tiny."""
    return np.asarray(-np.expm1(-time * np.log1p(np.exp(-np.asarray(bias, dtype=np.float64)))))


def drawn(cell: Cell, hidden: int, width: int, seed: int, *, recurrent: float = 1.0,
          dtype: str = "float64") -> dict[str, np.ndarray]:
    """Draw weights of one layer as torch's modules start, uniform in ±1/√hidden; recurrent ones times ``recurrent``."""
    rng, bound = np.random.default_rng(seed), hidden ** -0.5
    shapes = cell.parts.shapes(0, cell.gates * hidden, width, hidden)
    weights = {f"core.{name}": rng.uniform(-bound, bound, shape) for name, shape in shapes.items()}
    named = cell.parts.of(weights, 0).scaled(recurrent).named(0)
    return {name: array.astype(dtype) for name, array in named.items()}


def gru_from_rnn(rnn: Weights, bias: float = OPEN) -> dict[str, np.ndarray]:
    """Give the weights of a GRU that is the given tanh RNN of one layer.

    r_t = σ(bias)    the reset gate is open: the candidate sees the whole old state
    z_t = σ(-bias)   the update gate is shut: nothing of the old state is kept
    n_t = tanh(W_ih x_t + b_ih + r_t ⊙ (W_hh h_t-1 + b_hh)), with the RNN's weights, so h_t = n_t is the RNN's state

    With a smaller bias the gates are half open and the two part, by about e^-bias. Up to three units the GRU and the
    RNN are equal to the last bit, in torch as here (tests/lenses/test_cells.py); with more units the GRU's matrix is
    multiplied in another order than the RNN's, which is smaller (``linear.product``), and they part by rounding.
    Raises ValueError where the weights are not those of one RNN layer.
    """
    hidden = rnn["core.weight_hh_l0"].shape[1]
    if rnn["core.weight_hh_l0"].shape != (hidden, hidden):
        raise ValueError(f"weight_hh_l0 has shape {rnn['core.weight_hh_l0'].shape}; an RNN's is square")
    return _gated(rnn, reset=bias, update=-bias)


def gru_long_term_memory(hidden: int, input: int, *, bias: float = OPEN, candidate: Weights | None = None,
                         dtype: str = "float64") -> dict[str, np.ndarray]:
    """Give the weights of a GRU that keeps its initial state.

    z_t = σ(bias), which is exactly 1 from ``exactly_open`` on; n_t = 0 unless an RNN's weights are given as candidate.
    Then h_t = n_t + z_t ⊙ (h_t-1 - n_t) is exactly h_t-1, for any number of steps. r_t does not matter and is 1/2.

    With a candidate of its own, z = 1 does not suffice to the last bit: h - n is rounded, and n + (h - n) is not always
    h. torch computes it so, and here it is computed so as well. Such a memory wanders by about 1e-6 in 10,000 steps.
    """
    silent = {"core.weight_ih_l0": np.zeros((hidden, input), dtype), "core.bias_ih_l0": np.zeros(hidden, dtype),
              "core.weight_hh_l0": np.zeros((hidden, hidden), dtype), "core.bias_hh_l0": np.zeros(hidden, dtype)}
    return _gated(silent if candidate is None else candidate, reset=0.0, update=bias)


def memory_from_input(weights: Weights) -> dict[str, np.ndarray]:
    """Let a GRU read the bias of z from one more input, so that one batch can hold many biases at once."""
    hidden = weights["core.weight_hh_l0"].shape[1]
    column = np.zeros((3 * hidden, 1), weights["core.weight_ih_l0"].dtype)
    column[hidden:2 * hidden] = 1
    bias = weights["core.bias_ih_l0"].copy()
    bias[hidden:2 * hidden] = 0
    return {**weights, "core.weight_ih_l0": np.hstack([weights["core.weight_ih_l0"], column]), "core.bias_ih_l0": bias}


def _gated(content: Mapping[str, np.ndarray], reset: float, update: float) -> dict[str, np.ndarray]:
    """Put two gates that look at nothing, and stand as their biases say, on top of a candidate's weights."""
    hidden = content["core.weight_hh_l0"].shape[1]
    gates = {name: np.zeros((2 * hidden, *content[f"core.{name}_l0"].shape[1:]))
             for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")}
    gates["bias_ih"][:hidden], gates["bias_ih"][hidden:] = reset, update
    return {f"core.{name}_l0": np.concatenate([rows.astype(content[f"core.{name}_l0"].dtype),
                                               content[f"core.{name}_l0"]]) for name, rows in gates.items()}
