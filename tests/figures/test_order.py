import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from seqlab.figures.order import clusters, strongest

states = arrays(np.float32, array_shapes(min_dims=2, max_dims=2, max_side=9),
                elements=st.floats(-1, 1, width=32) | st.sampled_from([0.0, 1.0, float("nan"), float("inf")]))


@pytest.mark.parametrize("order", [strongest, clusters])
@given(h=states)
def test_an_order_is_a_permutation_and_the_same_each_time(order, h: np.ndarray) -> None:
    ordered = order(h)
    assert sorted(ordered.tolist()) == list(range(h.shape[1]))
    assert order(h.copy()).tolist() == ordered.tolist()


def test_strongest_follows_the_peak_through_time() -> None:
    h = np.zeros((4, 4))
    for unit, time in enumerate((2, 0, 3, 1)):
        h[time, unit] = (-1) ** unit * 0.5
    assert strongest(h).tolist() == [1, 3, 0, 2]


def test_strongest_puts_positive_before_negative_at_the_same_time() -> None:
    assert strongest(np.array([[-0.9, 0.2, 0.8]])).tolist() == [2, 1, 0]


def test_clusters_keep_families_together_and_constant_units_last() -> None:
    rng, t = np.random.default_rng(0), np.linspace(0, 6, 40)
    families = np.stack([np.sin(t), np.cos(t), -np.sin(t)])
    kind = rng.integers(0, 3, 30)
    h = families[kind].T * rng.uniform(0.2, 1, 30) + rng.normal(0, 0.01, (40, 30))
    h[:, 7] = 0.3
    ordered = clusters(h)
    assert ordered[-1] == 7
    changes = np.count_nonzero(np.diff(kind[ordered[:-1]]))
    assert changes == 2


def test_one_time_step_leaves_units_in_their_own_order() -> None:
    assert clusters(np.array([[0.3, -0.2, 0.9]])).tolist() == [0, 1, 2]
