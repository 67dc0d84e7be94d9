"""Finite differences: a slope measured by trying, which knows nothing of any formula for it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from seqlab.reference.weights import Weights

STEP = 2e-5  # near the cube root of 2⁻⁵², where the errors from curvature and from rounding are about the same
ROUNDINGS = 64  # how many roundings a pass is granted


@dataclass(frozen=True)
class Slope:
    """A measured slope and how far it may be off."""

    value: float
    error: float


def central(loss: Callable[[Weights], float], weights: Weights, name: str, place: tuple[int, ...],
            step: float = STEP) -> Slope:
    """Measure how the loss changes with one number of one weight, by moving that number both ways; in float64.

    D(δ) = (L(w + δ) - L(w - δ)) / 2δ = L' + δ²/6 L''' + …

    D(δ) - D(δ/2) is three times the error that is left in D(δ/2), so as much of it is granted; rounding adds
    ``ROUNDINGS`` · 2⁻⁵² (1 + |L|) / δ, for even a small loss is made of numbers around 1. A kink of ReLU between the
    points escapes this estimate.
    """
    def quotient(reach: float) -> tuple[float, float]:
        up, down = (loss({**weights, name: _moved(weights[name], place, by)}) for by in (reach, -reach))
        return (up - down) / (2 * reach), max(abs(up), abs(down))

    (wide, _), (narrow, size) = quotient(step), quotient(step / 2)
    return Slope(narrow, abs(wide - narrow) + ROUNDINGS * 2.0 ** -52 * (1 + size) / step)


def places(gradients: Weights, count: int, seed: int = 0) -> list[tuple[str, tuple[int, ...]]]:
    """Pick ``count`` numbers of every weight to measure: that with the largest gradient, the others at random."""
    draw = np.random.default_rng(seed)
    picked = []
    for name, gradient in gradients.items():
        flat = [int(np.abs(gradient).argmax()), *draw.integers(gradient.size, size=count - 1).tolist()]
        picked += [(name, tuple(int(at) for at in np.unravel_index(place, gradient.shape))) for place in flat]
    return picked


def _moved(array: np.ndarray, place: tuple[int, ...], by: float) -> np.ndarray:
    moved = array.copy()
    moved[place] += by
    return moved
