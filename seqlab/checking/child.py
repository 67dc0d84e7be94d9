"""The process that runs a person's code: it reads a request, sets its limits, runs the code and sends the results.

It is started by ``sandbox`` as a fresh interpreter and sends messages of ``wire`` over a pipe of its own.
"""

import os
import sys
import traceback
from collections.abc import Callable, Mapping

import numpy as np

from seqlab.checking import guard, wire

NAME = "<your code>"
MOST_NUMBERS = 2_000_000
LONGEST = 400  # characters of an error's own message


class UnusableResult(Exception):
    """The code returned something that cannot be compared."""


def main(pipe: int, root: str) -> None:
    """Read the request from standard input, run it, and write the results to ``pipe``."""
    import numpy.fft
    import numpy.random
    import numpy.testing  # noqa: F401  (these load what the guard refuses)
    with open(0, "rb", closefd=False) as stdin:
        question, arrays = wire.read(stdin)
    sys.path[:] = [place for place in sys.path if place != root]
    for name in [name for name in sys.modules if name.partition(".")[0] == "seqlab"]:
        del sys.modules[name]
    guard.limit(question["cpu"], question["memory"])
    sys.addaudithook(guard.hook(guard.library()))

    def send(header: Mapping[str, object], values: list[np.ndarray] | None = None) -> None:
        message = memoryview(wire.pack(header, values or []))
        while message:
            message = message[os.write(pipe, message):]

    send({"kind": "ready"})
    _run(question, arrays, send)
    send({"kind": "end"})
    sys.stdout.flush()


def _run(question: wire.Header, arrays: list[np.ndarray], send: Callable[..., None]) -> None:
    """Define the function, then call it on every case; an error in one case does not hide the next."""
    try:
        function = _defined(question["source"], question["function"])
    except BaseException as error:
        send({"kind": "failed", **described(error)})
        return
    for number, form in enumerate(question["cases"]):
        try:
            returned = function(*wire.restore(form, arrays))
            send({"kind": "case", "case": number}, [as_array(returned)])
        except BaseException as error:
            send({"kind": "error", "case": number, **described(error)})
            if isinstance(error, SystemExit | KeyboardInterrupt | MemoryError):
                return


def _defined(source: str, name: str) -> Callable[..., object]:
    """Run the code, which defines the function; the line of an error is that in the code."""
    builtins = vars(__import__("builtins")) | {"__import__": guard.importing(__import__)}
    space: dict[str, object] = {"__name__": "your_code", "__builtins__": builtins}
    exec(compile(source, NAME, "exec", dont_inherit=True), space)
    function = space.get(name)
    if not callable(function):
        raise UnusableResult("missing")
    return function


def as_array(returned: object) -> np.ndarray:
    """Make an array of what a function returned, or of the first part of a tuple; raises UnusableResult."""
    if isinstance(returned, tuple) and returned:
        returned = returned[0]
    if returned is None:
        raise UnusableResult("none")
    try:
        array = np.asarray(returned)
    except ValueError:
        raise UnusableResult("ragged") from None
    if array.dtype.kind not in "fiub":
        raise UnusableResult(f"type {type(returned).__name__ if array.dtype.kind == 'O' else array.dtype}")
    if array.size > MOST_NUMBERS or array.ndim > wire.MOST_AXES:
        raise UnusableResult(f"size {array.shape}")
    return array.astype(np.float64)


def described(error: BaseException) -> wire.CodeError:
    """Describe an error by its type, its message, without any path, and its line in the code."""
    frames = [line for frame, line in traceback.walk_tb(error.__traceback__) if frame.f_code.co_filename == NAME]
    line = frames[-1] if frames else None
    if isinstance(error, SyntaxError):
        line = error.lineno
        text = error.msg
    else:
        text = _text(error)
    if error.__traceback__ is not None:
        traceback.clear_frames(error.__traceback__)  # gives back the memory that the code has taken
    kind = type(error).__name__.removeprefix("_").removeprefix("UFunc")
    return {"error": kind, "text": text[:LONGEST], "line": line,
            "memory": isinstance(error, MemoryError), "refused": isinstance(error, guard.Refused),
            "wrong": isinstance(error, UnusableResult), "syntax": isinstance(error, SyntaxError)}


def _text(error: BaseException) -> str:
    try:
        text = str(error)
    except BaseException:  # an error of the person's own making may fail to say what it is
        text = ""
    return " ".join(text.replace(sys.prefix, "…").replace(os.getcwd(), "…").split())
