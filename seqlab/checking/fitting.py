"""Fitting what a function returned to what was asked: how many parts, of which kinds and shapes."""

from dataclasses import dataclass

import numpy as np

from seqlab.checking.exercise import CodingExercise, Output, Parts, named
from seqlab.checking.sandbox import Returned


@dataclass(frozen=True)
class Misfit:
    """Why a part cannot be compared: it is missing (``missing``), no array (its kind), or of another ``shape``."""

    output: Output
    kind: str
    got: np.ndarray
    expected: tuple[int, ...]


def fitted(exercise: CodingExercise, returned: Returned, answer: Parts) -> tuple[Parts, Misfit | None]:
    """Give the returned parts the shapes of the answer's; the first part that does not fit ends them.

    An array whose first axis counts the parts that are asked for is taken apart, and an axis of one in front, such as
    that of the layers of a state, may be left out.
    """
    outputs, parts, kinds = named(exercise.outputs, answer), list(returned.parts), list(returned.kinds)
    needed = [output for output in outputs if not output.optional]
    first = parts[0] if parts else np.empty(())
    if first.ndim == answer[0].ndim + 1 and len(first) in {len(needed), len(outputs)} and (
            outputs[0].many or len(parts) == 1 < len(needed)):
        parts[:1], kinds[:1] = list(first), kinds[:1] * len(first)
    fit: list[np.ndarray] = []
    for place, (output, right) in enumerate(zip(outputs, answer, strict=True)):
        if place >= len(parts):
            return tuple(fit), None if output.optional else Misfit(output, "missing", np.empty(0), right.shape)
        part, kind = parts[place], kinds[place]
        if kind.partition(" ")[0] in {"none", "ragged", "type"}:
            return tuple(fit), Misfit(output, kind, part, right.shape)
        if part.shape == right.shape[1:] and right.shape[:1] == (1,) and output.optional:
            part = part[None]
        if part.shape != right.shape:
            return tuple(fit), Misfit(output, "shape", part, right.shape)
        fit.append(part)
    if len(parts) > len(outputs):
        return tuple(fit), Misfit(outputs[-1], f"more {len(parts)}", parts[len(outputs)], ())
    return tuple(fit), None


