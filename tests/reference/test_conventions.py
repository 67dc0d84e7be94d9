"""GRUs in four conventions: torch's is torch's, the others part from it where the formula says."""

import numpy as np
import pytest

from seqlab.agreement import compare
from seqlab.reference.cells import cells
from seqlab.reference.conventions import TORCH, Convention, first_beyond, gru_in, stack_in
from seqlab.reference.core import cores
from seqlab.reference.layer_weights import LayerWeights
from seqlab.reference.network import stack
from seqlab.reference.special import drawn

WEIGHTS = drawn(cells()["gru"], 5, 3, 0, recurrent=2.0)
X = np.random.default_rng(1).uniform(-1, 1, (2, 20, 3))


def turned(weights: dict) -> dict:
    """The same weights with those of z turned round: σ(-a) = 1 - σ(a)."""
    signs = np.repeat([1.0, -1.0, 1.0], 5)
    return {name: part * (signs if part.ndim == 1 else signs[:, None]) for name, part in weights.items()}


def test_torch_s_convention_is_the_gru_of_the_reference() -> None:
    assert compare(stack(cores()["gru"], X, WEIGHTS), stack_in(TORCH, X, WEIGHTS)).largest <= 1e-15


@pytest.mark.parametrize("reset", ["after", "before"])
def test_z_that_takes_is_z_that_keeps_with_its_weights_turned_round(reset: str) -> None:
    takes, keeps = stack_in(Convention(reset, "takes"), X, WEIGHTS), stack_in(Convention(reset), X, turned(WEIGHTS))
    np.testing.assert_allclose(takes["h.0"], keeps["h.0"], atol=1e-14)
    np.testing.assert_allclose(takes["z.0"], 1 - keeps["z.0"], atol=1e-14)


def test_reset_before_follows_its_formula_step_by_step() -> None:
    values, w = stack_in(Convention("before"), X, WEIGHTS), LayerWeights.of(WEIGHTS, 0)
    old = np.concatenate([np.zeros((2, 1, 5)), values["h.0"][:, :-1]], axis=1)
    r = 1 / (1 + np.exp(-(X @ w.W_ih[:5].T + w.b_ih[:5] + old @ w.W_hh[:5].T + w.b_hh[:5])))
    n = np.tanh(X @ w.W_ih[10:].T + w.b_ih[10:] + (r * old) @ w.W_hh[10:].T + w.b_hh[10:])
    np.testing.assert_allclose(values["r.0"], r, atol=1e-14)
    np.testing.assert_allclose(values["n.0"], n, atol=1e-14)


def test_with_an_open_reset_gate_it_does_not_matter_where_it_acts() -> None:
    weights = {name: part.copy() for name, part in WEIGHTS.items()}
    weights["core.bias_ih_l0"][:5] = 100.0
    one, other = (stack_in(Convention(reset), X, weights)["h.0"] for reset in ("after", "before"))
    np.testing.assert_allclose(one, other, atol=1e-13)
    assert np.abs(stack_in(TORCH, X, WEIGHTS)["h.0"] - stack_in(Convention("before"), X, WEIGHTS)["h.0"]).max() > 0.01


def test_only_the_bias_parts_them_at_the_first_step() -> None:
    """From a state of zeros W h is 0 in both; what differs at t = 0 is whether the bias passes the reset gate."""
    weights = WEIGHTS | {"core.bias_hh_l0": np.zeros(15)}
    one, other = (stack_in(Convention(reset), X, weights)["h.0"] for reset in ("after", "before"))
    np.testing.assert_allclose(one[:, 0], other[:, 0], atol=1e-15)
    assert np.abs(one[:, 1] - other[:, 1]).max() > 1e-4
    one, other = (stack_in(Convention(reset), X, WEIGHTS)["h.0"] for reset in ("after", "before"))
    assert np.abs(one[:, 0] - other[:, 0]).max() > 1e-3


def test_an_initial_state_is_carried_on() -> None:
    w = LayerWeights.of(WEIGHTS, 0)
    whole = gru_in(TORCH, X, np.zeros((2, 5)), w)["h"]
    half = gru_in(TORCH, X[:, 10:], whole[:, 9], w)["h"]
    np.testing.assert_allclose(half, whole[:, 10:], atol=1e-14)


def test_the_first_place_beyond_a_threshold() -> None:
    one, other = np.zeros((4, 3)), np.zeros((4, 3))
    other[2] = [0.02, -0.05, 0.0]
    other[3, 0] = 1.0
    assert first_beyond(one, other, 0.01) == (2, 1)
    assert first_beyond(one, other, 0.1) == (3, 0)
    assert first_beyond(one, other, 2.0) is None
