"""Finds the cause of a difference: the mistake, or the two, whose formula gives exactly what the function returned."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from seqlab.checking.exercises import Arguments
from seqlab.checking.mistakes import MISTAKES
from seqlab.checking.variants import FORMULAS, Knob, Variant

CLOSE = 1e-9  # two programs of one formula differ by rounding alone


@dataclass(frozen=True)
class Hint:
    """What the numbers say: the mistakes that explain them exactly, or a guess in words."""

    title: str
    advice: str
    causes: tuple[str, ...] = ()


def explain(key: str, cases: Sequence[Arguments], answers: Sequence[np.ndarray],
            returned: Mapping[int, np.ndarray]) -> Hint | None:
    """Find the mistake, or else the two, that give what was returned in every case; None where none does.

    ``returned`` holds the arrays of the right shape by the number of their case.
    """
    wrong = [case for case, array in returned.items() if not _equal(array, answers[case])]
    if not wrong:
        return None
    # The smallest case that differs throws out most; what passes it is tried on the others.
    order = sorted(returned, key=lambda case: (case not in wrong, answers[case].size))
    for count in (1, 2):
        for variants in combinations(MISTAKES[key], count):
            if count == 2 and not _together(*variants):
                continue
            if all(_gives(key, variants, cases[case], returned[case]) for case in order):
                return Hint(" and ".join(variant.title for variant in variants),
                            " ".join(variant.advice for variant in variants),
                            tuple(variant.cause for variant in variants))
    return _guess(answers, returned)


def _together(one: Variant, other: Variant) -> bool:
    """Whether two mistakes can be made at once."""
    return one.cause != other.cause and not set(one.knobs) & set(other.knobs)


def _gives(key: str, variants: Sequence[Variant], args: Arguments, returned: np.ndarray) -> bool:
    knobs: dict[str, Knob] = {}
    try:
        for variant in variants:
            args, knobs = variant.turn(args), knobs | dict(variant.knobs)
        with np.errstate(all="ignore"):
            return _equal(FORMULAS[key](args, **knobs), returned)
    except ValueError:  # a transposed weight that does not fit in this case
        return False


def _equal(one: np.ndarray, other: np.ndarray) -> bool:
    return one.shape == other.shape and np.allclose(one, other, rtol=CLOSE, atol=CLOSE, equal_nan=True)


def _guess(answers: Sequence[np.ndarray], returned: Mapping[int, np.ndarray]) -> Hint | None:
    if not all(np.isfinite(array).all() for array in returned.values()):
        return Hint("NaN or infinity", "A 0 · ∞, a 0 / 0 or an overflow of exp makes these. For a mask take "
                    "np.where(allowed, scores, -np.inf); for softmax subtract the largest score first.")
    gap = max(float(np.abs(array - answers[case]).max()) for case, array in returned.items())
    if gap < 1e-5:
        return Hint("single precision", f"The largest difference is {gap:.0e}, the size of rounding in float32: is "
                    "there an array of dtype float32? Compute in float64 throughout.")
    return None
