"""The process that runs a person's code: it reads a request, sets its limits, runs the code and sends the results.

It is started by ``sandbox`` as a fresh interpreter and sends messages of ``wire`` over a pipe of its own.
"""

import __future__

import gc
import os
import sys
import traceback
from collections import deque
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import TypeGuard

import numpy as np

from seqlab.checking import guard, wire
from seqlab.checking.seal import sealing

NAME = "<your code>"
FOLDER = os.getcwd()
MOST_NUMBERS = 2_000_000
LONGEST = 400  # characters of an error's own message


class UnusableResult(Exception):
    """The code returned something that cannot be compared."""


def main(pipe: int, root: str) -> None:
    """Read the request from standard input, run it, and write the signed results to ``pipe``.

    What signs them is held by ``map`` alone, where no frame that the code can walk to shows it.
    """
    import mmap  # noqa: F401  (NumPy would load it late, and so do the next three with what the guard refuses)

    import numpy.fft
    import numpy.random
    import numpy.testing  # noqa: F401
    with open(0, "rb", closefd=False) as stdin:
        question, arrays = wire.read(stdin)
    with open(os.devnull, "rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    if "scipy" in question["source"]:
        import scipy.special  # noqa: F401
    _forget(root)
    deque(map(_sender(pipe, bytes.fromhex(question.pop("secret"))), _outcomes(question, arrays)), maxlen=0)
    sys.stdout.flush()


def _forget(root: str) -> None:
    """Take seqlab and the arguments of this process out of the code's way."""
    sys.path[:] = [place for place in sys.path if place != root]
    sys.argv[:] = [""]
    for name in [name for name in sys.modules if name.partition(".")[0] == "seqlab"]:
        del sys.modules[name]


def _sender(pipe: int, secret: bytes) -> Callable[[bytes], None]:
    """Make the function that signs a message and writes it.

    Nothing in it can be replaced by the code, and while it runs, nothing of the code does: not even a finaliser.
    """
    signing = wire.signing(secret)

    def send(message: bytes, *, pipe: int = pipe, sign: Callable[[bytes], bytes] = signing,
             write: Callable[[int, memoryview], int] = os.write, view: type[memoryview] = memoryview,
             kind: type[type] = type, exact: type[bytes] = bytes, pause: Callable[[], None] = gc.disable) -> None:
        pause()
        rest = view(sign(message) if kind(message) is exact else b"")
        while rest:
            rest = rest[write(pipe, rest):]
    return send


def _outcomes(question: wire.Header, arrays: list[np.ndarray]) -> Iterator[bytes]:
    """Close the process, run the code, and give a message for each outcome."""
    seal, guarded = sealing(), guard.importing(__import__)
    guard.limit(question["cpu"], question["memory"])
    sys.addaudithook(guard.hook(guard.library()))
    guard.load(question["source"], guarded)
    yield wire.pack({"kind": "ready", "sealed": seal()}, [])
    for header, parts in _run(question, arrays, guarded):
        yield wire.pack(header, parts)
        gc.enable()
    yield wire.pack({"kind": "end"}, [])


def _run(question: wire.Header, arrays: list[np.ndarray],
         guarded: Callable[..., ModuleType]) -> Iterator[tuple[wire.Header, list[np.ndarray]]]:
    """Define the function, then call it on every case; an error in one case does not hide the next."""
    try:
        function = _defined(question["source"], question["function"], guarded)
    except BaseException as error:
        yield {"kind": "failed", **described(error)}, []
        return
    for number, form in enumerate(question["cases"]):
        try:
            arguments = wire.restore(form, arrays)
            assert isinstance(arguments, tuple)
            kinds, parts = parted(function(*arguments))
            outcome = {"kind": "case", "case": number, "kinds": kinds}, parts
        except BaseException as error:
            outcome = {"kind": "error", "case": number, **described(error)}, []
            if isinstance(error, SystemExit | KeyboardInterrupt | MemoryError):
                yield outcome
                return
        yield outcome


def _defined(source: str, name: str, guarded: Callable[..., ModuleType]) -> Callable[..., object]:
    """Run the code, which defines the function; the line of an error is that in the code."""
    builtins = vars(__import__("builtins")) | {"__import__": guarded}
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
    if error.__traceback__ is not None:
        traceback.clear_frames(error.__traceback__)  # gives back the memory that the code has taken
    refused, text = _refused(error), _text(error)
    kind = type(error).__name__.removeprefix("_").removeprefix("UFunc")
    return {"error": kind, "text": (refused or text)[:LONGEST], "line": line,
            "memory": isinstance(error, MemoryError), "refused": bool(refused),
            "wrong": isinstance(error, UnusableResult), "syntax": isinstance(error, SyntaxError)}


def _refused(error: BaseException) -> str:
    """What the guard or the system refused; "" where the error is one of the code's own."""
    if isinstance(error, ModuleNotFoundError) and type(error.name) is str:
        return f"the module {error.name:.40}"
    if isinstance(error, PermissionError):
        return guard.SYSTEM if error.errno else _text(error)
    return ""


def _text(error: BaseException) -> str:
    try:
        text = str(error.msg if isinstance(error, SyntaxError) else error)
    except BaseException:  # an error of the person's own making may fail to say what it is
        text = ""
    return " ".join(text.replace(sys.prefix, "…").replace(FOLDER, "…").split())
