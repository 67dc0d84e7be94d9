"""The process that runs a person's code: it reads a request, sets its limits, runs the code and sends the results.

It is started by ``sandbox`` as a fresh interpreter and sends messages of ``wire`` over a pipe of its own.
"""

import __future__

import os
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from types import ModuleType
from typing import TypeGuard

import numpy as np

from seqlab.checking import guard, wire
from seqlab.checking.stand_in import Refused

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
    if "scipy" in question["source"]:
        import scipy.special  # noqa: F401
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
            arguments = wire.restore(form, arrays)
            assert isinstance(arguments, tuple)
            kinds, parts = parted(function(*arguments))
            send({"kind": "case", "case": number, "kinds": kinds}, parts)
        except BaseException as error:
            send({"kind": "error", "case": number, **described(error)})
            if isinstance(error, SystemExit | KeyboardInterrupt | MemoryError):
                return


def _defined(source: str, name: str) -> Callable[..., object]:
    """Run the code, which defines the function; the line of an error is that in the code."""
    builtins = vars(__import__("builtins")) | {"__import__": guard.importing(__import__)}
    module = sys.modules["your_code"] = ModuleType("your_code")  # dataclasses look their classes' module up
    module.__dict__["__builtins__"] = builtins
    exec(compile(source, NAME, "exec", flags=__future__.annotations.compiler_flag, dont_inherit=True),
         module.__dict__)  # annotations are not run: torch.Tensor may stand in one
    function: object = module.__dict__.get(name)
    if not callable(function):
        raise UnusableResult("missing")
    return function


def parted(returned: object) -> tuple[list[str], list[np.ndarray]]:
    """Take apart what a function returned: arrays and numbers, in the order in which they stand in tuples and lists.

    A kind is the dtype of an array, or says why a part is none: ``none``, ``ragged`` or ``type`` and its name. Raises
    UnusableResult where there is too much of it.
    """
    parts = list(_parts(returned))
    if sum(array.size for _, array in parts) > MOST_NUMBERS or any(array.ndim > wire.MOST_AXES for _, array in parts):
        raise UnusableResult(f"size {parts[0][1].shape}")
    return [kind for kind, _ in parts], [array.astype(np.float64) for _, array in parts]


def _parts(value: object) -> Iterator[tuple[str, np.ndarray]]:
    if isinstance(value, tuple) or _holds_parts(value):
        for part in value:
            yield from _parts(part)
        return
    try:
        array = np.asarray(value)
    except ValueError:
        yield "ragged", np.empty(0)
        return
    if value is None:
        yield "none", np.empty(0)
    elif array.dtype.kind in "fiub":
        yield str(array.dtype), array
    else:
        yield f"type {type(value).__name__ if array.dtype.kind == 'O' else array.dtype}", np.empty(0)


def _holds_parts(value: object) -> TypeGuard[list[object]]:
    """Whether a list is of arrays, or of lists of arrays, that make no single array."""
    if not isinstance(value, list) or not any(isinstance(part, np.ndarray | tuple | list) for part in value):
        return False
    try:
        return np.asarray(value).dtype.kind == "O"
    except ValueError:
        return any(isinstance(part, np.ndarray) or _holds_parts(part) or isinstance(part, tuple) for part in value)


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
            "memory": isinstance(error, MemoryError), "refused": isinstance(error, Refused),
            "wrong": isinstance(error, UnusableResult), "syntax": isinstance(error, SyntaxError)}


def _text(error: BaseException) -> str:
    try:
        text = str(error)
    except BaseException:  # an error of the person's own making may fail to say what it is
        text = ""
    return " ".join(text.replace(sys.prefix, "…").replace(os.getcwd(), "…").split())
