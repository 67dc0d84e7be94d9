"""A measured slope: right where it is known, honest about its error, and fooled by nothing but a kink."""

import numpy as np
import pytest

from seqlab.reference.differences import central, places

WEIGHTS = {"w": np.array([[1.0, 2.0], [3.0, 4.0]]), "b": np.array([0.5])}


@pytest.mark.parametrize(("place", "slope"), [((0, 1), np.exp(2.0) / 10), ((1, 0), np.exp(3.0) / 10)])
def test_the_slope_of_a_curve_lies_within_its_error(place: tuple[int, int], slope: float) -> None:
    found = central(lambda weights: float(np.exp(weights["w"]).sum() / 10), WEIGHTS, "w", place)
    assert abs(found.value - slope) <= found.error < 1e-7


def test_a_wrong_slope_lies_outside_of_it() -> None:
    found = central(lambda weights: float((weights["w"] ** 3).sum()), WEIGHTS, "w", (1, 1))
    assert abs(found.value - 48.0 * (1 + 1e-6)) > found.error


def test_the_weights_are_left_as_they_were() -> None:
    before = {name: array.copy() for name, array in WEIGHTS.items()}
    central(lambda weights: float(weights["w"].sum()), WEIGHTS, "w", (0, 0))
    assert all((WEIGHTS[name] == before[name]).all() for name in before)


def test_a_small_loss_that_is_made_of_larger_numbers_is_granted_their_rounding() -> None:
    found = central(lambda weights: float(1e-9 + (7.3 + weights["w"].sum() / 3) - (7.3 + weights["w"].sum() / 3)),
                    WEIGHTS, "w", (0, 0))
    assert abs(found.value) <= found.error


def test_every_weight_has_its_places_the_steepest_first() -> None:
    gradients = {"w": np.array([[1.0, -7.0], [3.0, 4.0]]), "b": np.array([0.5])}
    found = places(gradients, 3)
    assert [name for name, _ in found] == ["w"] * 3 + ["b"] * 3
    assert found[0] == ("w", (0, 1))
    assert all(0 <= at < size for name, place in found
               for at, size in zip(place, gradients[name].shape, strict=True))
    assert found == places(gradients, 3)
    assert found != places(gradients, 3, seed=1)
    assert len(places(gradients, 1)) == 2
