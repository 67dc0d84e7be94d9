"""How two traces of the same pass differ: the number on every badge and in every test."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from seqlab import notation

# |Δ| may grow with the size of the number itself; these are the factors of 1 + |number|.
TOLERANCE = {"float64": 1e-10, "float32": 1e-4}


@dataclass(frozen=True)
class Place:
    """Where a number stands: its name, layer (None: outside the stack), time and unit."""

    name: str
    layer: int | None
    time: int
    unit: int

    def __str__(self) -> str:
        where = "" if self.layer is None else f"layer {self.layer}, "
        return f"{notation.symbol(self.name).name} ({where}t = {self.time}, unit {self.unit})"


@dataclass(frozen=True)
class Agreement:
    """The largest absolute difference, where it is, and the first place (if any) beyond the tolerance."""

    largest: float
    at: Place
    first_fault: Place | None
    tolerance: float
    numbers: int

    @property
    def holds(self) -> bool:
        """Whether every number agrees within the tolerance."""
        return self.first_fault is None


def compare(ours: Mapping[str, np.ndarray], theirs: Mapping[str, np.ndarray],
            tolerance: float | None = None) -> Agreement:
    """Compare every quantity of two traces of one pass.

    A number agrees when |Δ| ≤ tolerance · (1 + |ours|); by default the tolerance of the less precise type.
    The first fault is the earliest in time, then in the order of computation. NaN and infinity never agree.
    Raises ValueError when the traces hold different names or shapes, or nothing at all.
    """
    _require_same_form(ours, theirs)
    if tolerance is None:
        precisions = {str(array.dtype) for trace in (ours, theirs) for array in trace.values()}
        tolerance = max(TOLERANCE[precision] for precision in precisions)
    largest, at, faults = -1.0, None, []
    for order, name in enumerate(ours):
        with np.errstate(invalid="ignore", over="ignore"):
            gap = np.abs(ours[name].astype(np.float64) - theirs[name])
        gap[~np.isfinite(gap)] = np.inf
        if gap.max() > largest:
            largest, at = float(gap.max()), _place(name, gap.argmax(), gap.shape)
        wrong = np.flatnonzero((gap > tolerance * (1 + np.abs(ours[name]))) | np.isinf(gap))
        if wrong.size:
            earliest = wrong[np.argmin(np.unravel_index(wrong, gap.shape)[1])]
            first = _place(name, earliest, gap.shape)
            faults.append((first.time, order, first))
    assert at is not None
    return Agreement(largest, at, min(faults)[2] if faults else None, tolerance,
                     sum(array.size for array in ours.values()))


def relative_error(ours: np.ndarray, theirs: np.ndarray) -> float:
    """Largest |x − y| / (|x| + |y|), the measure of the course's published figures; 0/0 counts as 0."""
    total = np.abs(ours) + np.abs(theirs)
    return float(np.max(np.abs(ours - theirs) / np.where(total == 0, 1, total)))


def _require_same_form(ours: Mapping[str, np.ndarray], theirs: Mapping[str, np.ndarray]) -> None:
    if not ours or set(ours) != set(theirs):
        raise ValueError(f"the traces hold different quantities: {sorted(set(ours) ^ set(theirs))}")
    for name in ours:
        if ours[name].shape != theirs[name].shape:
            raise ValueError(f"{name} has shape {ours[name].shape} in one trace, {theirs[name].shape} in the other")
        if not ours[name].size:
            raise ValueError(f"{name} is empty: there is nothing to compare")


def _place(name: str, index: int | np.integer, shape: tuple[int, ...]) -> Place:
    _, time, unit = np.unravel_index(index, shape)
    return Place(name, notation.layer(name), int(time), int(unit))
