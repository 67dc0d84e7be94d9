"""Why NumPy and torch part in float32 where they agree in float64: a fault of one of them, or the roundings of both."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from seqlab.agreement import TOLERANCE, Agreement

Arrays = Mapping[str, np.ndarray]

ALIKE = 10.0  # a difference of at most so many times each program's own rounding is no more than that
PRECISIONS = ("float64", "float32")


@dataclass(frozen=True)
class Rounding:
    """Largest |Δ| of NumPy and torch in each precision, and of torch's float32 and its own float64."""

    float32: float
    float64: float
    torch: float
    weight: float | None = None  # the largest, where the weights are known

    def __str__(self) -> str:
        cause = "rounding errors grow along this computation" if self.weight is None else \
            f"weights up to {written(self.weight)} make rounding errors grow"
        return (f"In float32 the two differ by {written(self.float32)} (float64: {written(self.float64)} agrees). "
                f"torch's own float32 is {written(self.torch)} from its float64: {cause}.")


def rounding(reference: Mapping[str, Arrays], torch: Mapping[str, Arrays],
             agreements: Mapping[str, Agreement]) -> Rounding | None:
    """Explain by rounding why float32 parts where float64 agrees; None where it does not, or rounding is not why.

    It is the cause where, in every quantity that parts, NumPy and torch have each lost as much against their own
    float64 as they differ in float32. A wrong number in one of the two has no such counterpart in the other.
    """
    if not set(PRECISIONS) <= set(agreements) or agreements["float32"].holds or not agreements["float64"].holds:
        return None
    single, double = (reference[precision] for precision in reversed(PRECISIONS))
    torch_single, torch_double = (torch[precision] for precision in reversed(PRECISIONS))
    for name, values in single.items():
        gap = _gap(values, torch_single[name])
        if np.all(gap <= TOLERANCE["float32"] * (1 + np.abs(values))):
            continue
        if name not in double:  # there is nothing more exact to compare it with
            return None
        own = min(_largest(values, double[name]), _largest(torch_single[name], torch_double[name]))
        if not (np.isfinite(gap).all() and gap.max() <= ALIKE * own):
            return None
    return Rounding(agreements["float32"].largest, agreements["float64"].largest,
                    max(_largest(values, torch_double[name]) for name, values in torch_single.items()
                        if name in torch_double))


def written(number: float) -> str:
    """Write a number in a sentence: 3e−2 with a true minus, 812 as it is."""
    if number == 0 or 0.1 <= number < 100_000:
        return f"{number:.3g}" if number < 1000 else f"{number:,.0f}"
    mantissa, _, power = f"{number:.0e}".partition("e")
    return f"{mantissa}e{int(power)}".replace("-", "−")


def largest_weight(weights: Arrays) -> float:
    """The largest size of any weight."""
    return max(float(np.abs(part).max(initial=0.0)) for part in weights.values())


def _largest(one: np.ndarray, other: np.ndarray) -> float:
    return float(_gap(one, other).max())


def _gap(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    with np.errstate(invalid="ignore", over="ignore"):
        return np.asarray(np.abs(one.astype(np.float64) - other))
