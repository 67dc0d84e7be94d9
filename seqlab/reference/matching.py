"""Which unit of one network does what a unit of another one does: correlation over the same inputs, one to one.

Source: Li et al. 2015, "Convergent learning: do different neural networks learn the same representations?" (one-to-one
matching); Kuhn 1955 (the Hungarian method).
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

CONSTANT = 1e-9  # a standard deviation below which a unit does not change


@dataclass(frozen=True)
class Matching:
    """Pairs of units, the strongest first: ``first`` and ``second`` name them, ``r`` is their correlation.

    ``heldout`` is the correlation of the same pairs on samples that did not choose them, ``typical`` the mean size
    there of the correlation of any two units, paired or not.
    """

    first: Int[np.ndarray, " pair"]
    second: Int[np.ndarray, " pair"]
    r: Float[np.ndarray, " pair"]
    heldout: Float[np.ndarray, " pair"]
    typical: float

    @property
    def strength(self) -> float:
        """Mean size of the correlation of a pair on samples that did not choose it, in [0, 1]."""
        return float(np.abs(self.heldout).mean())


def correlations(a: Float[np.ndarray, "sample first"],
                 b: Float[np.ndarray, "sample second"]) -> Float[np.ndarray, "first second"]:
    """Pearson's correlation of every unit of ``a`` with every unit of ``b``; 0 where one of them does not change.

    r_ij = Σ (a_i - mean)(b_j - mean) / (n s_i s_j), in float64. Agrees with torch.corrcoef to 1e-10
    (tests/lenses/test_comparison.py).
    """
    a, b = _standard(a), _standard(b)
    return np.asarray(np.clip(a.T @ b / len(a), -1.0, 1.0))


def match(a: Float[np.ndarray, "sample first"], b: Float[np.ndarray, "sample second"]) -> Matching:
    """Pair the units so that the sum of |r| is largest, each at most once; the even samples choose, the odd score.

    Raises ValueError for fewer than four samples, or NaN among them.
    """
    from scipy.optimize import linear_sum_assignment  # pages that need none start without it

    if len(a) < 4 or len(a) != len(b):
        raise ValueError(f"units are matched over the same samples, at least 4, not {len(a)} and {len(b)}")
    chosen = correlations(a[::2], b[::2])
    first, second = linear_sum_assignment(-np.abs(chosen))
    order = np.argsort(-np.abs(chosen[first, second]), kind="stable")
    first, second = first[order], second[order]
    heldout = correlations(a[1::2], b[1::2])
    return Matching(first, second, chosen[first, second], heldout[first, second], float(np.abs(heldout).mean()))


def _standard(x: Float[np.ndarray, "sample unit"]) -> Float[np.ndarray, "sample unit"]:
    """Centre each unit and scale it to a standard deviation of 1; one that does not change becomes 0."""
    centred = x.astype(np.float64) - x.mean(axis=0, dtype=np.float64)
    spread = np.sqrt(np.mean(centred ** 2, axis=0))
    return np.asarray(np.where(spread > CONSTANT, centred / np.maximum(spread, CONSTANT), 0.0))
