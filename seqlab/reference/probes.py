"""Linear probes: whether a quantity can be read off a hidden state, and which unit follows it by itself."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

RIDGE = 1e-3  # times the number of positions; keeps the weights small where units say the same

States = Float[np.ndarray, "position unit"]
Values = Float[np.ndarray, " position"]


@dataclass(frozen=True)
class Probe:
    """A linear reading of a state: ŷ = h · weight + bias."""

    weight: Float[np.ndarray, " unit"]
    bias: float

    def read(self, states: States) -> Values:
        """Read the quantity off states."""
        return states @ self.weight + self.bias


@dataclass(frozen=True)
class Fit:
    """What least squares needs to know of states, worked out once for all quantities."""

    states: States
    mean: Float[np.ndarray, " unit"]
    spread: Float[np.ndarray, " unit"]
    inverse: Float[np.ndarray, "unit unit"]

    @classmethod
    def of(cls, states: States, ridge: float = RIDGE) -> "Fit":
        """Standardise the units and invert Zᵀ Z + λ N I; a unit that never changes counts as 0."""
        states = states.astype(np.float64)
        mean, spread = states.mean(0), states.std(0)
        scaled = (states - mean) / np.where(spread > 1e-9, spread, np.inf)
        gram = scaled.T @ scaled + ridge * len(states) * np.eye(states.shape[1])
        return cls(scaled, mean, np.where(spread > 1e-9, spread, np.inf), np.linalg.inv(gram))

    def probe(self, values: Values) -> Probe:
        """Ridge regression of a quantity on all units: w = (Zᵀ Z + λ N I)⁻¹ Zᵀ (y - ȳ), brought back to h."""
        centre = float(values.mean())
        weight = self.inverse @ (self.states.T @ (values - centre)) / self.spread
        return Probe(weight, centre - float(weight @ self.mean))

    def unit(self, values: Values) -> tuple[int, Probe]:
        """Find the unit that follows a quantity best by itself, the one of greatest correlation, and the line to it."""
        centre = float(values.mean())
        slopes = self.states.T @ (values - centre) / len(values)  # of standardised units: covariance = slope
        best = int(np.abs(slopes).argmax())
        weight = np.zeros(len(slopes))
        weight[best] = slopes[best] / self.spread[best]
        return best, Probe(weight, centre - float(weight[best] * self.mean[best]))


def explained(values: Values, read: Values) -> float:
    """Share of a quantity's variance that a reading explains: R² = 1 - Σ(y - ŷ)² / Σ(y - ȳ)².

    1 for a perfect reading, 0 for one that is no better than the mean, below 0 for a worse one; NaN for a quantity that
    does not change, or where there are no values.
    """
    if not len(values):
        return float("nan")
    spread = float(np.sum((values - values.mean()) ** 2))
    return 1 - float(np.sum((values - read) ** 2)) / spread if spread > 1e-12 * len(values) else float("nan")
