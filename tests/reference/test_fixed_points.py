"""Fixed points of networks whose dynamics are known on paper."""

import numpy as np
import pytest
from scipy.optimize import brentq

from seqlab.reference.cells import cells
from seqlab.reference.fixed_points import HeldInput, rests


def held(W_hh: np.ndarray, bias: tuple[float, float] = (0.0, 0.0)) -> HeldInput:
    """A tanh RNN of two units that reads nothing."""
    weights = {"core.weight_ih_l0": np.zeros((2, 1)), "core.weight_hh_l0": W_hh,
               "core.bias_ih_l0": np.array(bias), "core.bias_hh_l0": np.zeros(2)}
    return HeldInput(cells()["rnn_tanh"], np.zeros(1), weights)


STARTS = np.random.default_rng(0).uniform(-1, 1, (80, 2))
ENDS = brentq(lambda h: np.tanh(2 * h) - h, 0.5, 1.0)  # h = tanh(2 h), and its mirror image, and 0


def test_two_switches_have_nine_known_points() -> None:
    points = {tuple(np.round(point.state / ENDS).astype(int)): point for point in rests(held(2 * np.eye(2)), STARTS)}
    assert set(points) == {(a, b) for a in (-1, 0, 1) for b in (-1, 0, 1)}
    kinds = {2: "attracts", 1: "saddle", 0: "repels"}
    slope = 2 * (1 - ENDS ** 2)
    for place, point in points.items():
        np.testing.assert_allclose(point.state, np.multiply(place, ENDS), atol=1e-10)
        assert point.fixed
        assert point.kind == kinds[sum(map(abs, place))]
        assert abs(point.eigenvalues[0]) == abs(point.eigenvalues).max()
        np.testing.assert_allclose(np.sort(point.eigenvalues.real), sorted(slope if side else 2.0 for side in place),
                                   atol=1e-9)


def test_one_that_turns_rests_only_in_the_middle_with_complex_eigenvalues() -> None:
    turn = 0.9 * np.array([[np.cos(0.3), -np.sin(0.3)], [np.sin(0.3), np.cos(0.3)]])
    (point,) = rests(held(turn), STARTS)
    np.testing.assert_allclose(point.state, 0, atol=1e-9)
    np.testing.assert_allclose(np.sort_complex(point.eigenvalues), 0.9 * np.exp([-0.3j, 0.3j]), atol=1e-9)
    assert point.kind == "attracts"
    assert point.lasts == pytest.approx(-1 / np.log(0.9))


def test_where_a_fixed_point_has_just_vanished_the_state_is_slow() -> None:
    """h = tanh(2 h + b) has one solution for b > √(1 - 1/2) · 2 - artanh √(1/2) = 0.5328 …; near it h is held up."""
    points = rests(held(np.diag([2.0, 0.0]), (0.535, 0.0)), STARTS)
    fixed, slow = [point for point in points if point.fixed], [point for point in points if not point.fixed]
    assert [round(float(point.state[0]), 2) for point in fixed] == [0.99]
    assert [round(float(point.state[0]), 1) for point in slow] == [-0.7]
    assert 1e-4 < slow[0].speed < 0.01


def test_a_state_that_only_counts_up_rests_nowhere() -> None:
    """An LSTM whose gates are open and whose candidate is 1 adds 1 to c at every step."""
    weights = {"core.weight_ih_l0": np.zeros((4, 1)), "core.weight_hh_l0": np.zeros((4, 1)),
               "core.bias_ih_l0": np.full(4, 50.0), "core.bias_hh_l0": np.zeros(4)}
    counter = HeldInput(cells()["lstm"], np.zeros(1), weights)
    starts = np.array([[0.5, 3.0], [0.7, 1.0]])
    np.testing.assert_allclose(counter.step(starts)[:, 1], [4.0, 2.0])
    assert rests(counter, starts) == []
