"""Exports of an exercise: one case as ``.npz``, and its example as Python."""

from collections.abc import Iterator

import numpy as np

from seqlab.checking.exercises import CodingExercise
from seqlab.checking.wire import Nested
from seqlab.files import npz


def case_npz(exercise: CodingExercise, case: int, yours: np.ndarray) -> bytes:
    """Pack a case for ``numpy.load``: every argument by its name (``r_W_i``, ``Wq_0``), ``yours`` and ``reference``."""
    arguments = exercise.cases()[case]
    named = dict(pair for (name, _, _), value in zip(exercise.arguments, arguments, strict=True)
                 for pair in _named(name, value))
    return npz(named | {"yours": yours, "reference": exercise.answers()[case]})


def call(exercise: CodingExercise) -> str:
    """Write the exercise's example as Python: a call that can be pasted, and what it returns."""
    arguments, answer = exercise.example()
    lines = [f"    {name}={_text(value)}," for (name, _, _), value in
             zip(exercise.arguments, arguments, strict=True)]
    return "\n".join(("A = np.array", f"{exercise.function}(", *lines, ")", f"# {np.round(answer, 4).tolist()}"))


def _named(name: str, value: Nested) -> Iterator[tuple[str, np.ndarray]]:
    if isinstance(value, np.ndarray):
        yield name, value
        return
    parts = ("W_i", "b_i", "W_h", "b_h") if isinstance(value, tuple) else map(str, range(len(value)))
    for part, array in zip(parts, value, strict=True):
        assert isinstance(array, np.ndarray)
        yield f"{name}_{part}", array


def _text(value: Nested) -> str:
    if isinstance(value, np.ndarray):
        return f"A({value.tolist()})"
    if isinstance(value, list):
        return f"[{', '.join(map(_text, value))}]"
    W_i, b_i, W_h, b_h = map(_text, value)
    return f"({W_i}, {b_i},\n       {W_h}, {b_h})"
