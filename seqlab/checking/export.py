"""Exports of an exercise: one case as ``.npz``, and its example as Python."""

from collections.abc import Iterator

import numpy as np

from seqlab.checking.exercise import CodingExercise, Parts, named
from seqlab.checking.wire import Nested
from seqlab.files import npz


def case_npz(exercise: CodingExercise, case: int, yours: Parts) -> bytes:
    """Pack a case for ``numpy.load``: each argument by its name (``r_W_i``, ``Wq_0``), what is yours, the reference.

    A single output is ``yours`` and ``reference``; of several, each has its name behind it.
    """
    arguments = exercise.cases()[case]
    packed = dict(pair for (name, _, _), value in zip(exercise.arguments, arguments, strict=True)
                  for pair in _named(name, value))
    answer = exercise.answer(arguments)
    for place, (output, right) in enumerate(zip(named(exercise.outputs, answer), answer, strict=True)):
        behind = "" if place == 0 else f"_{output.name.replace(' ', '_')}{f'_{place}' if output.many else ''}"
        packed[f"reference{behind}"] = right
        if place < len(yours):
            packed[f"yours{behind}"] = yours[place]
    return npz(packed)


def call(exercise: CodingExercise) -> str:
    """Write the exercise's example as Python: a call that can be pasted, and what it returns."""
    arguments, answer = exercise.example()
    lines = [f"    {name}={_text(value)}," for (name, _, _), value in
             zip(exercise.arguments, arguments, strict=True)]
    needed = sum(not output.optional for output in named(exercise.outputs, answer))
    returned = [f"# {text}" for part in answer[:needed] for text in [str(np.round(part, 4).tolist())]]
    if exercise.observed:
        returned = ["# several answers are right"]
    return "\n".join(("A = np.array", f"{exercise.function}(", *lines, ")", *returned))


def _named(name: str, value: Nested) -> Iterator[tuple[str, np.ndarray]]:
    if not isinstance(value, list | tuple):
        yield name, np.asarray(value)
        return
    names = {4: ("W_i", "b_i", "W_h", "b_h"), 2: ("h", "c")} if isinstance(value, tuple) else {}
    for place, array in enumerate(value):
        yield f"{name}_{names[len(value)][place] if names else place}", np.asarray(array)


def _text(value: Nested) -> str:
    if isinstance(value, np.ndarray):
        return f"A({value.tolist()})"
    if isinstance(value, list):
        return f"[{', '.join(map(_text, value))}]"
    if not isinstance(value, tuple):
        return str(value)
    parts = list(map(_text, value))
    return f"({', '.join(parts[:2])},\n       {', '.join(parts[2:])})" if len(parts) > 2 else f"({', '.join(parts)})"
