"""Linear probes: what is there is found, what is not is not."""

import numpy as np
import pytest

from seqlab.reference.probes import Fit, explained


def made(count: int = 800) -> tuple[np.ndarray, np.ndarray]:
    states = np.random.default_rng(0).normal(size=(count, 6)) * [1, 5, 0.1, 1, 1, 0] + [0, 3, 0, 0, -2, 1]
    return states, 2 * states[:, 0] - 30 * states[:, 2] + 7


def test_a_linear_quantity_is_read_off_exactly() -> None:
    states, values = made()
    probe = Fit.of(states, 1e-9).probe(values)
    np.testing.assert_allclose(probe.weight[[0, 1, 2, 3, 4]], [2, 0, -30, 0, 0], atol=1e-5)
    assert explained(values, probe.read(states)) == pytest.approx(1, abs=1e-9)


def test_it_is_least_squares_with_a_ridge() -> None:
    states, values = made(50)
    states = states[:, :5]
    z = (states - states.mean(0)) / states.std(0)
    weight = np.linalg.solve(z.T @ z + 0.1 * 50 * np.eye(5), z.T @ (values - values.mean())) / states.std(0)
    np.testing.assert_allclose(Fit.of(states, 0.1).probe(values).weight, weight)


def test_the_best_unit_is_the_one_that_follows() -> None:
    states, values = made()
    states[:, 3] = -0.5 * values + np.random.default_rng(1).normal(size=len(values))
    unit, alone = Fit.of(states).unit(values)
    assert unit == 3
    assert np.count_nonzero(alone.weight) == 1
    assert explained(values, alone.read(states)) == pytest.approx(np.corrcoef(states[:, 3], values)[0, 1] ** 2)


def test_a_unit_that_never_changes_is_left_alone() -> None:
    states, values = made()
    assert Fit.of(states).probe(values).weight[5] == 0
    assert np.isfinite(Fit.of(np.ones((20, 3))).probe(np.arange(20.0)).read(np.ones((20, 3)))).all()


def test_explained_tells_good_readings_from_bad() -> None:
    values = np.arange(10.0)
    assert explained(values, values) == 1
    assert explained(values, np.full(10, 4.5)) == 0
    assert explained(values, -values) < -1
    assert np.isnan(explained(np.ones(5), np.ones(5)))
    assert np.isnan(explained(np.zeros(0), np.zeros(0)))
