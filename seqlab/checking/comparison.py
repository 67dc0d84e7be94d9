"""Comparing what a function returned with the reference: which part, which number, and in what precision."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from seqlab.agreement import TOLERANCE
from seqlab.checking.exercise import CodingExercise, Output, Parts, named

MIXED = 1e-6  # of 1 + |number|: where float32 took part in a sum that ends in float64


@dataclass(frozen=True)
class Difference:
    """The first number that differs: its case, output and index, both values, and the table that it stands in."""

    case: int
    output: Output
    index: tuple[int, ...]
    yours: Float[np.ndarray, "time unit"]
    reference: Float[np.ndarray, "time unit"]

    @property
    def cell(self) -> tuple[int, int]:
        """Where it stands in its table."""
        return (*(0, 0), *self.index)[-2:]  # type: ignore[return-value]  # two of at least two

    @property
    def axes(self) -> tuple[str, str]:
        """Names of the table's axes."""
        return (*("", ""), *self.output.axes)[-2:]  # type: ignore[return-value]

    def where(self) -> str:
        """Where it is, in words: ``t = 2, unit 3``."""
        axes = self.output.axes[len(self.output.axes) - len(self.index):]
        words = [f"{axis} {'= ' if axis == 't' else ''}{at}" for axis, at in zip(axes, self.index, strict=True)
                 if axis not in {"sequence", "layer"}]
        return ", ".join(words)


@dataclass(frozen=True)
class Comparison:
    """One case against the reference: the largest |Δ|, over how many numbers, and the first difference, if any.

    ``precision`` is ``float64``, ``float32`` where all numbers are of that kind, or ``mixed`` where they are not but
    differ by no more than single precision makes.
    """

    largest: float
    numbers: int
    precision: str
    difference: Difference | None


def compared(exercise: CodingExercise, case: int, yours: Parts, answer: Parts) -> Comparison:
    """Compare the parts that were returned, in order; a part that differs in float64 may still agree as float32."""
    outputs = named(exercise.compared, answer)
    largest, precision = 0.0, "float64"
    exact = max(TOLERANCE["float64"], exercise.tolerance or 0.0)
    for output, one, other in zip(outputs, yours, answer, strict=False):
        gap = gaps(one, other)
        largest = max(largest, float(gap.max(initial=0.0)))
        kind, tolerance = _kind(one, gap, np.asarray(1 + np.abs(other)), exact)
        wrong = np.argwhere(~(gap <= tolerance * (1 + np.abs(other))))
        if len(wrong):
            index = _earliest(output, wrong)
            return Comparison(largest, one.size, precision, Difference(case, output, index, _table(one, index),
                                                                       _table(other, index)))
        precision = kind if kind != "float64" else precision
    return Comparison(largest, sum(part.size for part in yours), precision, None)


def gaps(yours: np.ndarray, answer: np.ndarray) -> np.ndarray:
    """Size of the difference of each number; NaN and infinity differ by infinity."""
    with np.errstate(invalid="ignore", over="ignore"):
        gap = np.asarray(np.abs(yours - answer))
    return np.where(np.isfinite(gap), gap, np.inf)


def single(array: np.ndarray) -> bool:
    """Whether every number is one of float32."""
    with np.errstate(over="ignore", invalid="ignore"):
        return bool(np.array_equal(array.astype(np.float32), array, equal_nan=True))


def closeness(returned: Mapping[int, Parts]) -> float:
    """How close a known mistake must come to what was returned, to be the cause of it."""
    return 1e-5 if all(single(part) for parts in returned.values() for part in parts) else 1e-9


def _kind(one: np.ndarray, gap: np.ndarray, scale: np.ndarray, exact: float) -> tuple[str, float]:
    share = float((gap / scale).max(initial=0.0))
    if share <= exact:
        return "float64", exact
    if single(one) and one.size:
        return "float32", max(TOLERANCE["float32"], exact)
    return ("mixed", MIXED) if share <= MIXED else ("float64", exact)


def _earliest(output: Output, wrong: np.ndarray) -> tuple[int, ...]:
    """The first place in time, else in order."""
    if "t" in output.axes:
        wrong = wrong[np.argsort(wrong[:, output.axes.index("t")], kind="stable")]
    return tuple(int(at) for at in wrong[0])


def _table(array: np.ndarray, index: Sequence[int]) -> np.ndarray:
    """The last two axes around an index, as rows and columns."""
    table = array[tuple(index[:-2])] if array.ndim > 2 else array
    return np.asarray(table, dtype=np.float64).reshape((1, 1) if table.ndim == 0 else (1, -1) if table.ndim == 1 else
                                                       table.shape)
