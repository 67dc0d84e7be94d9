"""GRUs set by hand: the RNN they must be, the state they must keep, and the bias at which σ is exactly 1."""

import numpy as np
import pytest
import torch

from seqlab.reference.activations import sigmoid
from seqlab.reference.cells import cells
from seqlab.reference.core import cores
from seqlab.reference.network import stack
from seqlab.reference.special import (
    OPEN,
    drawn,
    exactly_open,
    gru_from_rnn,
    gru_long_term_memory,
    kept,
    lost,
    memory_from_input,
)

HIDDEN, INPUT, TIME = 4, 3, 30
X = np.random.default_rng(1).uniform(-1, 1, (2, TIME, INPUT))


def states(cell: str, weights: dict, x: np.ndarray = X, **more) -> np.ndarray:
    return stack(cores()[cell], x.astype(weights["core.weight_ih_l0"].dtype), weights, **more)["h.0"]


@pytest.mark.parametrize("hidden", [1, 2, 3])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_gru_with_open_and_shut_gates_is_the_rnn_to_the_last_bit(dtype: str, hidden: int) -> None:
    rnn = drawn(cells()["rnn_tanh"], hidden, INPUT, 0, dtype=dtype)
    made = gru_from_rnn(rnn)
    assert {part.dtype for part in made.values()} == {np.dtype(dtype)}
    np.testing.assert_array_equal(states("gru", made), states("rnn_tanh", rnn))


@pytest.mark.parametrize(("dtype", "rounding"), [("float32", 1e-6), ("float64", 1e-14)])
def test_with_more_units_they_part_by_rounding_alone(dtype: str, rounding: float) -> None:
    rnn = drawn(cells()["rnn_tanh"], 16, INPUT, 0, dtype=dtype)
    np.testing.assert_allclose(states("gru", gru_from_rnn(rnn)), states("rnn_tanh", rnn), atol=rounding)


def test_they_part_as_the_gates_close_by_about_the_gates_share() -> None:
    rnn = drawn(cells()["rnn_tanh"], HIDDEN, INPUT, 0)
    biases = (0.0, 5.0, 10.0, 20.0)
    gaps = [np.abs(states("gru", gru_from_rnn(rnn, bias)) - states("rnn_tanh", rnn)).max() for bias in biases]
    assert gaps[0] > 0.1
    for gap, bias in zip(gaps[1:], biases[1:], strict=True):
        assert 0.1 * np.exp(-bias) < gap < 10 * np.exp(-bias)


def test_what_is_no_rnn_is_refused() -> None:
    with pytest.raises(ValueError, match="square"):
        gru_from_rnn(drawn(cells()["gru"], HIDDEN, INPUT, 0))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_silent_memory_keeps_its_state_exactly_over_10_000_steps(dtype: str) -> None:
    rng = np.random.default_rng(2)
    first = rng.uniform(-1, 1, (3, HIDDEN)).astype(dtype)
    x = rng.uniform(-5, 5, (3, 10_000, INPUT))
    h = states("gru", gru_long_term_memory(HIDDEN, INPUT, dtype=dtype), x, state=(first[None],))
    np.testing.assert_array_equal(h, np.broadcast_to(first[:, None], h.shape))


def test_a_memory_whose_candidate_speaks_wanders_by_rounding_alone() -> None:
    weights = gru_long_term_memory(HIDDEN, INPUT, candidate=drawn(cells()["rnn_tanh"], HIDDEN, INPUT, 0))
    first = np.random.default_rng(3).uniform(-1, 1, (1, HIDDEN))
    h = states("gru", weights, np.tile(X[:1], (1, 100, 1)), state=(first[None],))
    moved = np.abs(h[:, -1] - first).max()
    assert 0 < moved < 1e-12


@pytest.mark.parametrize("bias", [0.0, 3.0, 8.0, 14.5])
def test_a_leaking_memory_keeps_what_theory_says(bias: float) -> None:
    first = np.random.default_rng(4).uniform(-1, 1, (1, HIDDEN))
    h = states("gru", gru_long_term_memory(HIDDEN, INPUT, bias=bias), X[:1], state=(first[None],))
    np.testing.assert_allclose(h[:, -1], first * kept(bias, TIME), rtol=1e-12)
    assert float(kept(bias, TIME)) + float(lost(bias, TIME)) == pytest.approx(1, abs=1e-15)


def test_what_is_lost_is_right_even_where_it_is_tiny() -> None:
    assert float(lost(40.0, 1)) == pytest.approx(np.exp(-40.0), rel=1e-12)
    assert float(lost(40.0, 10_000)) == pytest.approx(1e4 * np.exp(-40.0), rel=1e-9)


@pytest.mark.parametrize(("dtype", "shut"), [("float32", 88.73), ("float64", 709.79)])
def test_sigma_is_exactly_one_and_zero_where_it_is_said_to_be(dtype: str, shut: float) -> None:
    for sigma in (sigmoid, lambda b: torch.sigmoid(torch.from_numpy(b)).numpy()):
        opened = sigma(np.array([exactly_open(dtype) - 0.01, exactly_open(dtype) + 0.01, OPEN], dtype))
        assert opened[0] < 1 == opened[1] == opened[2]
        closed = sigma(np.array([0.01 - shut, -0.01 - shut], dtype))
        assert closed[0] > 0 == closed[1]


def test_a_bias_read_from_the_input_is_the_bias() -> None:
    first = np.random.default_rng(5).uniform(-1, 1, (2, HIDDEN))
    plain = drawn(cells()["rnn_tanh"], HIDDEN, INPUT, 0)
    biases = np.array([1.5, 6.0])
    column = np.broadcast_to(biases[:, None, None], (2, TIME, 1))
    reading = memory_from_input(gru_long_term_memory(HIDDEN, INPUT, bias=99.0, candidate=plain))
    together = states("gru", reading, np.concatenate([X, column], -1), state=(first[None],))
    for row, bias in enumerate(biases):
        alone = states("gru", gru_long_term_memory(HIDDEN, INPUT, bias=bias, candidate=plain), X[row:row + 1],
                       state=(first[None, row:row + 1],))
        np.testing.assert_allclose(together[row], alone[0], atol=1e-14)
