"""Running the correct code of an exercise with a mistake in it: what a person with that mistake gets."""

import warnings
from functools import lru_cache
from types import CodeType

import numpy as np

from seqlab.checking.comparison import gaps
from seqlab.checking.exercise import Arguments, CodingExercise, Mistake, Parts, changed, flat
from seqlab.errors import Fault
from seqlab.reference.activations import relu, sigmoid

CLOSER = 60  # halvings of the interval in which a constant is sought


def outputs(exercise: CodingExercise, code: str, arguments: Arguments, free: float = 0.0) -> Parts | None:
    """What the code returns for a case, as it is compared; None where it raises. FREE in it stands for ``free``."""
    space = {"np": np, "sigmoid": sigmoid, "relu": relu, "FREE": free}
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exec(_compiled(code), space)
            function = space[exercise.function]
            assert callable(function)
            return exercise.observe(arguments, tuple(flat(function(*_copied(arguments)))))
    except (ArithmeticError, AssertionError, AttributeError, LookupError, NameError, SyntaxError, TypeError,
            ValueError, Fault):
        return None  # a transposed weight that does not fit in this case, a name that is no array …


def gives(exercise: CodingExercise, code: str, arguments: Arguments, returned: Parts, close: float,
          late: bool = False) -> bool:
    """Whether the code returns what was returned, in the parts that are there."""
    mine = outputs(exercise, code, arguments)
    return mine is not None and len(mine) >= len(returned) and all(
        equal(one, other, close, late) for one, other in zip(returned, mine, strict=False))


def constant(exercise: CodingExercise, mistake: Mistake, arguments: Arguments, returned: Parts,
             close: float) -> float | None:
    """The number that FREE in a mistake stands for, where some number explains what was returned."""
    code = changed(exercise.correct, mistake.edits)

    def apart(free: float) -> float:
        mine = outputs(exercise, code, arguments, free)
        if mine is None or mine[0].shape != returned[0].shape:
            return np.inf
        return float(gaps(mine[0], returned[0]).max())

    best = min(range(len(mistake.free)), key=lambda place: apart(mistake.free[place]))
    low, high = (mistake.free[min(max(best + step, 0), len(mistake.free) - 1)] for step in (-1, 1))
    for _ in range(CLOSER):
        one, other = low + (high - low) / 3, high - (high - low) / 3
        low, high = (low, other) if apart(one) < apart(other) else (one, high)
    free = (low + high) / 2
    return free if apart(free) <= 100 * close else None


def equal(one: np.ndarray, other: np.ndarray, close: float, late: bool = False) -> bool:
    """Whether two arrays are the same but for rounding; with ``late`` from t = 1 on, along their second axis."""
    if one.shape != other.shape:
        return False
    if late:
        one, other = one[:, 1:], other[:, 1:]
    return np.allclose(one, other, rtol=close, atol=close, equal_nan=True)


@lru_cache(maxsize=8192)
def _compiled(code: str) -> CodeType:
    return compile(code, "<variant>", "exec", dont_inherit=True)


def _copied(value: object) -> list[object] | tuple[object, ...]:
    """Arguments that a mistake may write into."""
    assert isinstance(value, list | tuple)
    return type(value)(part.copy() if isinstance(part, np.ndarray) else _copied(part)
                       if isinstance(part, list | tuple) else part for part in value)
