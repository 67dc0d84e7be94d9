"""States as places in a plane: the two directions in which they differ most, and where each state lies there."""

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float

States = Float[np.ndarray, "*shape unit"]


@dataclass(frozen=True)
class Plane:
    """A plane through the mean of states, along the two directions in which they vary most (Pearson 1901).

    ``axes`` are of length 1 and stand upright on each other; ``shares`` say how much of the variance lies along each.
    """

    centre: Float[np.ndarray, " unit"]
    axes: Float[np.ndarray, "axis unit"]
    shares: Float[np.ndarray, " axis"]

    @classmethod
    def of(cls, states: States) -> "Plane":
        """Fit it to states by a singular value decomposition of them less their mean.

        Each axis points to where its largest weight is positive, so that equal states have equal axes. A state of one
        unit has a second axis of zeros. Raises ValueError for no states, or for numbers that are not finite.
        """
        rows = np.asarray(states, np.float64).reshape(-1, states.shape[-1])
        if not len(rows) or not np.isfinite(rows).all():
            raise ValueError("a plane is fitted to states, all of whose numbers are finite")
        centre = rows.mean(0)
        _, sizes, directions = np.linalg.svd(rows - centre, full_matrices=False)
        axes, shares = np.zeros((2, rows.shape[1])), np.zeros(2)
        count, total = min(2, len(sizes)), float((sizes ** 2).sum())
        axes[:count], shares[:count] = directions[:count], sizes[:count] ** 2 / (total or 1.0)
        largest = np.take_along_axis(axes, np.abs(axes).argmax(1)[:, None], 1)
        return cls(centre, axes * np.where(largest < 0, -1.0, 1.0), shares)

    def place(self, states: States) -> Float[np.ndarray, "*shape axis"]:
        """Give the coordinates of states: (h - centre) · axis."""
        return np.asarray((np.asarray(states, np.float64) - self.centre) @ self.axes.T)

    def turned_to(self, before: "Plane") -> "Plane":
        """Turn and mirror the axes within their plane until they lie as closely as they can to those of another one.

        R = U Vᵀ, where U S Vᵀ = before · axesᵀ, minimises ‖R · axes - before‖ (Schönemann 1966). A picture that is
        fitted anew while a network learns so never flips. A plane of other units is left as it is.
        """
        if before.axes.shape != self.axes.shape:
            return self
        left, _, right = np.linalg.svd(before.axes @ self.axes.T)
        turn = left @ right
        return replace(self, axes=turn @ self.axes, shares=(turn ** 2) @ self.shares)
