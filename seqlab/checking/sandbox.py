"""Running a person's NumPy function in a process of its own, with limits on time, memory, output, files and network."""

import os
import secrets
import selectors
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import IO

import numpy as np

from seqlab import paths
from seqlab.checking import wire
from seqlab.checking.wire import CodeError
from seqlab.errors import Fault

ROOT = str(paths.SOURCE)
START = ("import sys; pipe, root = int(sys.argv[1]), sys.argv[2]; sys.path.insert(0, root); "
         "from seqlab.checking.child import main; main(pipe, root)")
LONGEST_CODE = 64 * 2**10
STARTING = 30.0  # seconds for Python and NumPy to start, on a machine that is busy
_TURNS = threading.BoundedSemaphore(max(2, os.cpu_count() or 2))  # so many run at once, however many people press Check


@dataclass(frozen=True)
class Limits:
    """What a person's code may use: seconds of computing and in all, bytes of memory, to return and to print."""

    cpu: int = 5
    wall: float = 15.0
    memory: int = 2**30
    returned: int = 64 * 2**20
    printed: int = 2**20
    shown: int = 10_000


@dataclass
class Returned:
    """What the code returned for a case, part by part, and the kind of each: a dtype, or why it is no array."""

    parts: list[np.ndarray]
    kinds: list[str]


@dataclass
class Execution:
    """Result of a run: for each case arrays or an error, the output, and a sentence if it was stopped or crashed.

    ``sealed``: the system itself kept the process from files, network and other processes, not only the guard.
    """

    results: dict[int, Returned] = field(default_factory=dict)
    errors: dict[int, CodeError] = field(default_factory=dict)
    failed: CodeError | None = None
    stopped: str = ""
    printed: str = ""
    sealed: bool = False


def run(source: str, function: str, cases: Sequence[tuple[wire.Nested, ...]], *, limits: Limits | None = None,
        progress: Callable[[int], None] = lambda done: None) -> Execution:
    """Define ``function`` by ``source`` and call it with the arguments of every case; ``progress`` gets the cases done.

    Arguments are arrays of float64 or int64, and numbers, in nested lists or tuples. Nothing that the code does raises
    here; raises Fault only where the code is too long or no process can be started. Its folder and its processes are
    gone on return.
    """
    if len(source.encode(errors="replace")) > LONGEST_CODE:
        raise Fault(f"The code is longer than {LONGEST_CODE // 1024} KB; paste the function alone.")
    limits = limits or Limits()
    arrays: list[np.ndarray] = []
    forms = [wire.flatten(tuple(case), arrays) for case in cases]
    secret = secrets.token_bytes()
    request = wire.Request(secret=secret.hex(), source=source.replace("\0", ""), function=function, cases=forms,
                           cpu=limits.cpu, memory=limits.memory)
    with _TURNS, _process(wire.pack(request, arrays)) as (process, pipe):
        return _Receiver(process, pipe, secret, limits, progress).report()


@cache
def seals() -> bool:
    """Whether the system itself holds a person's code here, and not only the guard; it is tried out once."""
    return run("def f():\n    return 0.0\n", "f", [()]).sealed


@contextmanager
def _process(question: bytes) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Start a fresh interpreter in an empty folder of its own; it and all it started are killed afterwards."""
    with tempfile.TemporaryDirectory(prefix="seqlab-code-") as folder, tempfile.TemporaryFile() as stdin:
        stdin.write(question)
        stdin.seek(0)
        reading, writing = os.pipe()
        try:
            process = _started(folder, stdin, writing)
        except OSError as error:
            os.close(reading)
            raise Fault(f"No process could be started for the code ({error.strerror or 'reason unknown'}).") from None
        finally:
            os.close(writing)
        try:
            yield process, reading
        finally:
            _end(process)
            os.close(reading)


def _started(folder: str, stdin: IO[bytes], pipe: int) -> subprocess.Popen[bytes]:
    """Start Python with nothing of this process but its standard input and a pipe: no environment, no other file."""
    threads = {f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "OMP", "MKL")} | {"VECLIB_MAXIMUM_THREADS": "1"}
    return subprocess.Popen(
        [sys.executable, "-I", "-B", "-u", "-c", START, str(pipe), ROOT], stdin=stdin, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, pass_fds=(pipe,), cwd=folder, start_new_session=True,
        env=threads | {"HOME": folder, "LC_ALL": "C.UTF-8", "PATH": os.defpath})


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill the process and its whole group."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        process.kill()
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


class _Receiver:
    """Reads the output and the messages of the process until it ends or must be stopped."""

    def __init__(self, process: subprocess.Popen[bytes], pipe: int, secret: bytes, limits: Limits,
                 progress: Callable[[int], None]) -> None:
        assert process.stdout is not None
        self.process, self.pipe, self.limits, self.progress = process, pipe, limits, progress
        self.secret = secret
        self.output = process.stdout.fileno()
        self.received, self.printed = bytearray(), bytearray()
        self.total, self.deadline, self.ready, self.ended = 0, time.monotonic() + STARTING, False, False
        self.execution = Execution()

    def report(self) -> Execution:
        with selectors.DefaultSelector() as selector:
            for source in (self.output, self.pipe):
                selector.register(source, selectors.EVENT_READ)
            while selector.get_map() and not self.execution.stopped:
                left = self.deadline - time.monotonic()
                if left <= 0:
                    self.execution.stopped = f"It took more than {self.limits.wall:g} seconds and was stopped."
                for key, _ in selector.select(max(min(left, 0.2), 0)):
                    if not self._take(key.fd):
                        selector.unregister(key.fd)
                self.progress(len(self.execution.results) + len(self.execution.errors))
        if not self.execution.stopped and not self.ended:
            self.execution.stopped = self._exit_reason()
        self.execution.printed = self._shown()
        return self.execution

    def _take(self, source: int) -> bool:
        """Read some of a pipe; False when it is closed."""
        data = os.read(source, 2**16)
        (self._print if source == self.output else self._receive)(data)
        return bool(data)

    def _print(self, data: bytes) -> None:
        self.total += len(data)
        self.printed += data[:max(self.limits.shown - len(self.printed), 0)]
        if self.total > self.limits.printed:
            self.execution.stopped = f"It printed more than {self.limits.printed // 2**20} MB and was stopped."

    def _receive(self, data: bytes) -> None:
        self.total += len(data)
        self.received += data
        try:
            if self.total > self.limits.returned:
                raise ValueError("too much")
            while (message := wire.unpack_signed(self.received, self.secret)) is not None:
                header, arrays, rest = message
                self.received = bytearray(rest)
                self._handle(header, arrays)
        except (ValueError, KeyError, TypeError, IndexError, RecursionError):
            self.execution.stopped = "It wrote into the channel that carries its results, so nothing can be compared."

    def _handle(self, header: wire.Header, arrays: list[np.ndarray]) -> None:
        kind = header["kind"]
        if kind == "ready":
            self.ready, self.deadline = True, time.monotonic() + self.limits.wall
            self.execution.sealed = header["sealed"] is True
        elif kind == "case":
            kinds = [str(kind) for kind, _ in zip(header["kinds"], arrays, strict=True)]
            self.execution.results[int(header["case"])] = Returned(arrays, kinds)
        elif kind == "error":
            self.execution.errors[int(header["case"])] = _error(header)
        elif kind == "failed":
            self.execution.failed = _error(header)
        elif kind == "end":
            self.ended = True

    def _exit_reason(self) -> str:
        """Say why the process ended before its time."""
        try:
            code = self.process.wait(max(self.deadline - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            return f"It took more than {self.limits.wall:g} seconds and was stopped."
        if not self.ready:
            return "Python could not start the code; the machine may be short of memory."
        if -code in {signal.SIGXCPU, signal.SIGKILL}:
            return (f"It computed for more than {self.limits.cpu} seconds and was stopped: "
                    "is there a loop that never ends?")
        if code < 0:
            return f"It crashed Python ({signal.Signals(-code).name}): is a recursion or an array too deep?"
        return f"It ended the process itself (exit code {code}) before it returned."

    def _shown(self) -> str:
        text = self.printed.decode("utf-8", "replace").replace(sys.prefix, "…").replace(ROOT, "…")
        return text + ("\n… (there was more)" if len(self.printed) >= self.limits.shown else "") if self.ready else ""


def _error(header: wire.Header) -> CodeError:
    """Read an error from a header, as ``child.described`` writes it; raises KeyError, TypeError or ValueError."""
    line = None if header["line"] is None else int(header["line"])
    return {"error": str(header["error"]), "text": str(header["text"]), "line": line, "memory": bool(header["memory"]),
            "refused": bool(header["refused"]), "wrong": bool(header["wrong"]), "syntax": bool(header["syntax"])}
