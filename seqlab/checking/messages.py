"""Messages about a person's function: one plain sentence for each way in which it can fail."""

import re
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from seqlab.checking.exercises import CodingExercise
from seqlab.checking.hints import Hint
from seqlab.checking.wire import CodeError


@dataclass(frozen=True)
class Difference:
    """The first number that differs: its case, sequence, time and unit, both values, and |Δ| of its sequence."""

    case: int
    sequence: int
    time: int
    unit: int
    yours: Float[np.ndarray, "time unit"]
    reference: Float[np.ndarray, "time unit"]


def agrees(largest: float, numbers: int, cases: int) -> str:
    """Say that everything agrees, and how closely."""
    return f"It agrees: largest |Δ| {largest:.1e} over {numbers:,} numbers in {cases} cases.".replace("-", "−")


def differs(place: Difference, largest: float) -> str:
    """Say where it first differs, with both values."""
    yours, reference = (array[place.time, place.unit] + 0.0 for array in (place.yours, place.reference))
    return (f"It first differs at t = {place.time}, unit {place.unit}: yours {yours:.6g}, reference {reference:.6g}; "
            f"largest |Δ| {largest:.3g}.").replace("-", "−")


def sentence(exercise: CodingExercise, error: CodeError, case: int | None = None) -> str:
    """Put an error of the code into one sentence, with its line and the sizes with which it arose."""
    if error["wrong"]:
        return _wrong(exercise, error["text"])
    places = [f"line {error['line']}"] if error["line"] else []
    places += [] if case is None or error["refused"] else [f"with {exercise.size(case)}"]
    where = ", ".join(places)
    return f"{where[:1].upper()}{where[1:]}: {_reason(error)}" if where else _reason(error)


def _reason(error: CodeError) -> str:
    text = re.sub(r", with gufunc signature \S+", "", error["text"]).removesuffix(".")
    if error["refused"]:
        return f"{text} cannot be used here; the function has NumPy, Python's mathematics and its arguments."
    if error["memory"]:
        return "it asks for more memory than it may have."
    if error["syntax"]:
        return f"this is not Python ({text})."
    if error["error"] == "SystemExit":
        return "the code ends the program; it must return its answer instead."
    return f"{error['error']}: {text}." if text else f"{error['error']}."


def wrong_shape(exercise: CodingExercise, case: int, got: tuple[int, ...], expected: tuple[int, ...]) -> str:
    """Say which shape was expected and which came."""
    return (f"With {exercise.size(case)}: {exercise.function} returned the shape {list(got)}; expected "
            f"{list(expected)}, which is {exercise.returns[0]}.")


def reshaped(got: np.ndarray, answer: np.ndarray) -> Hint | None:
    """Name the usual reasons for a wrong shape."""
    B, T, H = answer.shape
    if got.shape == (T, B, H):
        return Hint("time before batch", "Batch comes first: np.stack(states, axis=1), or swap the first two axes.")
    if got.shape in {(B, H), (1, B, H)}:
        return Hint("last state only", "Return the state after every step, not just the last one.")
    if got.shape in {(B, T + 1, H), (T + 1, B, H)}:
        return Hint("one state too many", "Leave init_state out of what you return.")
    if got.shape == (B, H, T):
        return Hint("time last", "Time is the second axis: np.stack(states, axis=1).")
    return None


def misfit(error: CodeError) -> Hint | None:
    """Give advice on matrices whose shapes do not fit."""
    if error["error"] == "ValueError" and any(phrase in error["text"] for phrase in ("matmul", "aligned", "mismatch")):
        return Hint("shapes that do not fit", "Here a row meets a matrix: x [B, D] @ W [D, H]. A weight that is "
                    "transposed, or factors in the other order, do this.")
    return None


def _wrong(exercise: CodingExercise, text: str) -> str:
    name, expected = f"{exercise.function}", f"expected an array of numbers, {exercise.returns[0]}"
    kind, _, what = text.partition(" ")
    return {"missing": f"There is no function {name} in the code; it must begin with def {exercise.signature}:",
            "none": f"{name} returned nothing: is there a return?",
            "ragged": f"{name} returned lists of different lengths; {expected}.",
            "size": f"{name} returned the shape {what}, which is too large; {expected}.",
            "type": f"{name} returned something of type {what}; {expected}."}[kind]
