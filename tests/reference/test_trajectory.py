"""A plane through states: what it shows, and that a picture fitted anew does not flip."""

import numpy as np
import pytest

from seqlab.reference.trajectory import Plane

RNG = np.random.default_rng(0)
TURN = np.linalg.qr(RNG.normal(size=(7, 7)))[0]
STATES = RNG.normal(size=(200, 7)) * [3, 2, 0.1, 0.1, 0.1, 0.1, 0.1] @ TURN + 5


def test_states_that_lie_in_a_plane_keep_their_distances_in_it() -> None:
    plane = Plane.of(STATES)
    np.testing.assert_allclose(plane.axes @ plane.axes.T, np.eye(2), atol=1e-12)
    assert 0.98 < plane.shares.sum() < 1
    assert plane.shares[0] > plane.shares[1]
    places = plane.place(STATES.reshape(10, 20, 7))
    assert places.shape == (10, 20, 2)
    far = np.linalg.norm(STATES[0] - STATES[1])
    assert abs(np.linalg.norm(places[0, 0] - places[0, 1]) - far) < 0.2


def test_a_plane_that_is_fitted_anew_lies_as_the_one_before() -> None:
    first, after = Plane.of(STATES), Plane.of(-STATES[::-1] + RNG.normal(size=STATES.shape) * 0.05)
    mirrored = Plane(after.centre, -after.axes[::-1], after.shares[::-1])
    for plane in (after, mirrored):
        turned = plane.turned_to(first)
        assert np.abs(turned.axes - first.axes).max() < 0.1
        np.testing.assert_allclose(turned.axes @ turned.axes.T, np.eye(2), atol=1e-12)
    assert after.turned_to(Plane.of(STATES[:, :3])) is after


def test_one_unit_has_one_axis_and_what_is_not_finite_is_refused() -> None:
    assert Plane.of(STATES[:, :1]).place(STATES[:, :1])[:, 1].tolist() == [0.0] * 200
    for wrong in (np.full((3, 2), np.nan), np.zeros((0, 2))):
        with pytest.raises(ValueError, match="finite"):
            Plane.of(wrong)
