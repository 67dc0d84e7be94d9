"""How two traces of the same pass differ: the number on every badge and in every test."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from seqlab import notation

# |Δ| may grow with the size of the number itself; these are the factors of 1 + |number|.
TOLERANCE = {"float64": 1e-10, "float32": 1e-4}


# What each axis is called in a sentence; the batch is left out, for a page shows one sequence.
_WORDS = {"time": "t = {}", "query": "query {}", "key": "key {}", "head": "head {}"}


@dataclass(frozen=True)
class Position:
    """Where a number stands: its name, and its index along each axis of the array."""

    name: str
    index: tuple[int, ...]

    @property
    def time(self) -> int:
        """Time step; that of the query in a map of queries and keys, 0 in a weight."""
        axis = _time_axis(self.name)
        return 0 if axis is None else self.index[axis]

    @property
    def unit(self) -> int:
        """Index along the last axis."""
        return self.index[-1]

    def __str__(self) -> str:
        if not notation.known(self.name):
            return f"{self.name}[{', '.join(map(str, self.index))}]"
        symbol, layer = notation.symbol(self.name), notation.layer(self.name)
        parts = [] if layer is None else [f"layer {layer}"]
        parts += [_WORDS.get(axis, "unit {}").format(at) for axis, at in zip(symbol.axes, self.index, strict=True)
                  if axis != "batch"]
        return f"{symbol.name} ({', '.join(parts)})"


@dataclass(frozen=True)
class Agreement:
    """The largest absolute difference, where it is, and the first position (if any) beyond the tolerance."""

    largest: float
    at: Position
    first_fault: Position | None
    tolerance: float
    numbers: int

    @property
    def holds(self) -> bool:
        """Whether every number agrees within the tolerance."""
        return self.first_fault is None


def compare(reference: Mapping[str, np.ndarray], other: Mapping[str, np.ndarray],
            tolerance: float | None = None) -> Agreement:
    """Compare every quantity of two traces of one pass, or any other named arrays, such as weights.

    A number agrees when |Δ| ≤ tolerance · (1 + |reference|); by default the tolerance of the less precise type.
    The first fault is the earliest in time, then in the order of computation. NaN and infinity never agree.
    Raises ValueError when the traces hold different names or shapes, or nothing at all.
    """
    _require_same_form(reference, other)
    if tolerance is None:
        precisions = {str(array.dtype) for trace in (reference, other) for array in trace.values()}
        tolerance = max(TOLERANCE[precision] for precision in precisions)
    largest, at, faults = -1.0, None, []
    for order, name in enumerate(reference):
        with np.errstate(invalid="ignore", over="ignore"):
            gap = np.abs(reference[name].astype(np.float64) - other[name])
        gap[~np.isfinite(gap)] = np.inf
        if gap.max() > largest:
            largest, at = float(gap.max()), _position(name, gap.argmax(), gap.shape)
        wrong = np.flatnonzero((gap > tolerance * (1 + np.abs(reference[name]))) | np.isinf(gap))
        if wrong.size:
            axis = _time_axis(name)
            earliest = 0 if axis is None else np.argmin(np.unravel_index(wrong, gap.shape)[axis])
            first = _position(name, wrong[earliest], gap.shape)
            faults.append((first.time, order, first))
    assert at is not None
    return Agreement(largest, at, min(faults)[2] if faults else None, tolerance,
                     sum(array.size for array in reference.values()))


def relative_error(reference: np.ndarray, other: np.ndarray) -> float:
    """Largest |x − y| / max(10⁻⁸, |x| + |y|): the measure of the course's published figures."""
    return float(np.max(np.abs(reference - other) / np.maximum(1e-8, np.abs(reference) + np.abs(other))))


def _require_same_form(reference: Mapping[str, np.ndarray], other: Mapping[str, np.ndarray]) -> None:
    if not reference or set(reference) != set(other):
        raise ValueError(f"the traces hold different quantities: {sorted(set(reference) ^ set(other))}")
    for name in reference:
        if reference[name].shape != other[name].shape:
            raise ValueError(f"{name} has shape {reference[name].shape} in one trace, {other[name].shape} in the other")
        if not reference[name].size:
            raise ValueError(f"{name} is empty: there is nothing to compare")


def _position(name: str, index: int | np.integer, shape: tuple[int, ...]) -> Position:
    return Position(name, tuple(int(at) for at in np.unravel_index(index, shape)))


def _time_axis(name: str) -> int | None:
    return notation.symbol(name).time_axis if notation.known(name) else None
