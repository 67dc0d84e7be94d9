"""Messages about a person's function: one plain sentence for each way in which it can fail."""

import re

from seqlab.checking.comparison import Difference
from seqlab.checking.exercise import CodingExercise, Hint
from seqlab.checking.fitting import Misfit
from seqlab.checking.stand_in import STAND_INS
from seqlab.checking.wire import CodeError

# What does in NumPy what these do in torch.
_IN_NUMPY = {"torch.sigmoid": "1 / (1 + np.exp(-a)) or scipy.special.expit", "torch.softmax": "scipy.special.softmax",
             "torch.cat": "np.concatenate", "torch.tensor": "np.array", "torch.from_numpy": "the array as it is",
             "torch.Tensor": "np.ndarray", "torch.manual_seed": "np.random.default_rng(seed)",
             **{f"torch.{name}": f"np.{name}" for name in (
                 "tanh", "exp", "log", "sqrt", "stack", "zeros", "ones", "zeros_like", "ones_like", "matmul", "einsum",
                 "arange", "where", "tril", "triu", "cumsum", "argmax", "clip", "sum", "mean", "empty", "full")}}


def agrees(largest: float, numbers: int, cases: int, precision: str, call: str) -> str:
    """Say that everything agrees, how closely, and in what precision where it is not float64."""
    how = {"float64": "", "float32": " in float32, by single precision's tolerance of 1e-4",
           "mixed": " to single precision, as if float32 took part somewhere"}[precision]
    called = f" It was given {call}." if call else ""
    return f"It agrees{how}: largest |Δ| {largest:.1e} over {numbers:,} numbers in {cases} cases.{called}".replace(
        "-", "−")


def differs(place: Difference, largest: float, several: bool) -> str:
    """Say where it first differs, with both values."""
    yours, reference = (array[place.cell] + 0.0 for array in (place.yours, place.reference))
    of = f" in {place.output.name}" if several else ""
    at = f" at {place.where()}" if place.index else ""
    return (f"It first differs{of}{at}: yours {yours:.6g}, reference {reference:.6g}; "
            f"largest |Δ| {largest:.3g}.").replace("-", "−")


def sentence(exercise: CodingExercise, error: CodeError, case: int | None = None) -> str:
    """Put an error of the code into one sentence, with its line and the sizes with which it arose."""
    if error["wrong"]:
        return _unusable(exercise, error["text"])
    places = [f"line {error['line']}"] if error["line"] else []
    places += [] if case is None or error["refused"] else [f"with {exercise.size(case)}"]
    where = ", ".join(places)
    return f"{where[:1].upper()}{where[1:]}: {_reason(error)}" if where else _reason(error)


def _reason(error: CodeError) -> str:
    text = re.sub(r", with gufunc signature \S+", "", error["text"]).removesuffix(".")
    if error["refused"] and text.partition(".")[0] in STAND_INS:
        return _without(text)
    if error["refused"]:
        return f"{text} cannot be used here; the function has NumPy, Python's mathematics and its arguments."
    if error["memory"]:
        return "it asks for more memory than it may have."
    if error["syntax"]:
        return f"this is not Python ({text})."
    if error["error"] == "SystemExit":
        return "the code ends the program; it must return its answer instead."
    return f"{error['error']}: {text}." if text else f"{error['error']}."


def _without(name: str) -> str:
    """Say how to do without a module that has a stand-in alone."""
    module = name.partition(".")[0]
    if name in _IN_NUMPY:
        return f"{name} cannot be used here, where the arguments are NumPy arrays: take {_IN_NUMPY[name]}."
    return (f"{name} cannot be used here: write it in NumPy, and leave comparisons and plots out; the import of "
            f"{module} may stay.")


def misfit(exercise: CodingExercise, case: int, misfit: Misfit) -> str:
    """Say what a part of the answer was, and what is expected."""
    output, function = misfit.output, exercise.function
    first = output is exercise.outputs[0]
    what = "" if first else f" as {output.name}"
    kind, _, name = misfit.kind.partition(" ")
    expected = f"expected {_numbers(output.shape)}"
    if kind == "shape":
        got = f"{misfit.got:.6g}" if misfit.got.ndim == 0 else f"the shape {list(misfit.got.shape)}"
        return (f"With {exercise.size(case)}: {function} returned {got}{what}; expected {list(misfit.expected)}, which "
                f"is {output.shape}.")
    return {"none": f"{function} returned nothing{what}: is there a return?" if first else
            f"{function} returned None{what}; {expected}.",
            "ragged": f"{function} returned lists of different lengths{what}; {expected}.",
            "missing": f"{function} returned too few things: {output.name} is missing, {output.shape}.",
            "more": f"{function} returned {name} things; expected {_list(exercise)}.",
            "type": f"{function} returned something of type {name}{what}; {expected}."}[kind]


def _numbers(shape: str) -> str:
    return f"an array of numbers, {shape}" if shape.startswith("[") else shape


def _list(exercise: CodingExercise) -> str:
    return " and ".join(output.name for output in exercise.declared)


def reshaped(misfit: Misfit) -> Hint | None:
    """Name the usual reasons for a wrong shape of [B, T, H]."""
    if misfit.kind != "shape" or misfit.output.axes != ("sequence", "t", "unit"):
        return None
    B, T, H = misfit.expected
    last = ("last state only", "Return the state after every step, not just the last one.")
    more = ("one state too many", "Leave init_state out of what you return.")
    less = ("one state too few", "The loop over time must make all T steps: range(T).")
    known = {(B, H, T): ("time last", "Time is the second axis: np.stack(states, axis=1)."),
             (B, T - 1, H): less, (T - 1, B, H): less, (B, T + 1, H): more, (T + 1, B, H): more, (B, H): last,
             (1, B, H): last,
             (T, B, H): ("time before batch", "Batch comes first: np.stack(states, axis=1), or swap two axes.")}
    return Hint(*known[misfit.got.shape]) if misfit.got.shape in known else None


def mismatch(error: CodeError) -> Hint | None:
    """Give advice on matrices whose shapes do not fit."""
    if error["error"] == "ValueError" and any(phrase in error["text"] for phrase in ("matmul", "aligned", "mismatch")):
        return Hint("shapes that do not fit", "Here a row meets a matrix: x [B, D] @ W [D, H]. A weight that is "
                    "transposed, or factors in the other order, do this.")
    return None


def _unusable(exercise: CodingExercise, text: str) -> str:
    kind, _, what = text.partition(" ")
    return {"missing": f"There is no function {exercise.function} in the code; it must begin with "
                       f"def {exercise.signature}:",
            "size": f"{exercise.function} returned the shape {what}, which is too large; expected "
                    f"{_numbers(exercise.outputs[0].shape)}."}[kind]

