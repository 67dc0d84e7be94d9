"""Limits on a person's code: those of the system, and an audit hook that refuses files, network and processes.

The hook gives every refusal its sentence. On Linux ``seal`` refuses the same once more, in the kernel; elsewhere the
hook is all there is, and it holds mistakes, not attackers: no hook inside a Python process can contain hostile code.
"""

import ast
import contextlib
import os
import sys
import sysconfig
from collections.abc import Callable, Mapping, Sequence
from types import ModuleType
from typing import Any

import numpy as np

from seqlab.checking.stand_in import STAND_INS, imported

Hook = Callable[[str, tuple[Any, ...]], None]

# Modules that code in NumPy has no use for; each would meet the hook anyway, but later and less clearly.
FORBIDDEN = frozenset((
    "asyncio", "concurrent", "ctypes", "_ctypes", "ftplib", "http", "imaplib", "importlib", "marshal", "mmap",
    "multiprocessing", "os", "pathlib", "pickle", "_pickle", "poplib", "posix", "_posixsubprocess", "pty", "resource",
    "runpy", "shelve", "shutil", "signal", "smtplib", "socket", "_socket", "socketserver", "sqlite3", "ssl",
    "subprocess", "tempfile", "_thread", "threading", "urllib", "webbrowser", "xmlrpc", "zipimport",
))
SYSTEM = "files, the network and other processes"  # what the kernel refuses, without saying which
# What is refused, with the audit events that ask for it: the first word of their names or all of it.
_REFUSED = (
    ("files", frozenset(("os", "shutil", "tempfile", "glob", "pathlib", "mmap", "fcntl", "sqlite3", "pickle"))),
    ("the network", frozenset(("socket", "urllib", "http", "ftplib", "smtplib", "poplib", "imaplib", "nntplib",
                               "telnetlib", "webbrowser", "ssl"))),
    ("other processes", frozenset(("subprocess", "pty", "_posixsubprocess", "_thread", "signal", "cpython"))),
    ("the inside of Python", frozenset(("gc", "code", "sys.addaudithook", "sys.settrace", "sys.setprofile",
                                        "sys._current_frames", "sys._current_exceptions", "sys.remote_exec",
                                        "sys.monitoring.register_callback"))),
    ("foreign functions", frozenset(("ctypes",))), ("its own limits", frozenset(("resource",))),
    ("the system's log", frozenset(("syslog",))),
    ("the keyboard", frozenset(("builtins.input", "builtins.breakpoint"))),
)
SCIPY = ("scipy", "scipy.special")  # the child has loaded them before the hook is set; what is not there stays refused
_READING = frozenset((None, "r", "rb", "rt"))  # modes of an open file
# Of ``os``, what starts or ends processes.
_PROCESS_CALLS = ("fork", "forkpty", "exec", "spawn", "posix_spawn", "system", "kill", "killpg", "startfile")
# Parts of NumPy that it loads when they are first named.
_LATE = frozenset(("char", "ma", "matlib", "polynomial", "rec", "strings"))


def limit(cpu: int, memory: int) -> None:
    """Let the system end this process after ``cpu`` more seconds of computing, and refuse it more ``memory`` (bytes).

    It may write no file, leave no core dump and start no process. A limit that a system does not know is left out:
    macOS holds no limit on memory.
    """
    import resource
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + cpu
    wanted = {"CPU": (seconds, seconds + 1), "AS": (memory, memory), "CORE": (0, 0), "FSIZE": (0, 0), "NPROC": (0, 0),
              "NOFILE": (32, 32)}
    for name, (soft, hard) in wanted.items():
        try:
            resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (soft, hard))
        except (AttributeError, ValueError, OSError):
            continue


def library() -> tuple[str, ...]:
    """Folders that may be read: the interpreter's own and its installed packages."""
    places = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    places |= {os.path.join(sys.base_prefix, "lib"), os.path.dirname(os.path.dirname(np.__file__))}
    return tuple(sorted({os.path.realpath(place) + os.sep for place in places} | {place + os.sep for place in places}))


def hook(readable: tuple[str, ...]) -> Hook:
    """Make the audit hook; it raises PermissionError, and cannot be taken away once it is set.

    It names nothing global, asks nothing of an object whose type is not exact, and all that its frame shows to a
    traceback is immutable; so code that it watches can neither change it nor run inside it.
    """
    def audit(event: str, args: tuple[Any, ...], *, readable: tuple[str, ...] = readable,
              refused: tuple[tuple[str, frozenset[str]], ...] = _REFUSED, calls: tuple[str, ...] = _PROCESS_CALLS,
              modules: frozenset[str] = sys.stdlib_module_names | {"numpy"}, modes: frozenset[object] = _READING,
              writing: int = os.O_WRONLY | os.O_RDWR, kind: type[type] = type, text: type[str] = str,
              whole: type[int] = int, refusal: type[PermissionError] = PermissionError) -> None:
        first, _, call = event.partition(".")
        name = args[0] if args and kind(args[0]) is text else ""
        inside = name.startswith(readable) and ".." not in name
        if event == "open":
            flags = args[2] if kind(args[2]) is whole else writing
            if not inside or flags & writing or kind(args[1]) not in (text, kind(None)) or args[1] not in modes:
                raise refusal("files")
        elif event == "import" and name.partition(".")[0] not in modules:
            raise refusal("the module " + name[:40])
        elif event == "object.__setattr__" and args[1] == "__code__":
            raise refusal("the inside of Python")
        elif first == "os" and call.startswith(calls):
            raise refusal("other processes")
        elif event not in ("os.listdir", "os.scandir") or not inside:  # how Python finds its own modules
            for what, events in refused:
                if first in events or event in events:
                    raise refusal(what)
    return audit


def importing(real: Callable[..., ModuleType]) -> Callable[..., ModuleType]:
    """Make the ``__import__`` of a person's code: NumPy, scipy.special, what of Python's library stays in the process.

    A module that only files of a course begin with, such as torch, is a stand-in: it may be imported, but not used.
    """
    def guarded(name: str, scope: Mapping[str, object] | None = None, local: Mapping[str, object] | None = None,
                parts: Sequence[str] | None = (), level: int = 0) -> ModuleType:
        top = name.partition(".")[0]
        if top in FORBIDDEN:
            raise PermissionError(f"the module {top}")
        if level == 0 and top in STAND_INS:
            return imported(name, parts)
        if name not in SCIPY or name not in sys.modules:
            _module(name)
        return real(name, scope, local, parts, level)
    return guarded


def load(source: str, load_module: Callable[..., ModuleType]) -> None:
    """Import what the code names, while files can still be read; what fails fails again where the code asks for it."""
    with contextlib.suppress(Exception):
        for node in ast.walk(ast.parse(source)):
            with contextlib.suppress(Exception):
                if isinstance(node, ast.Import):
                    for alias in node.names:
                        load_module(alias.name)
                elif isinstance(node, ast.ImportFrom) and node.module:
                    load_module(node.module, None, None, [alias.name for alias in node.names], node.level)
                elif isinstance(node, ast.Attribute) and node.attr in _LATE:
                    load_module(f"numpy.{node.attr}")


def _module(name: str) -> None:
    top = name.partition(".")[0]
    if top != "numpy" and top not in sys.stdlib_module_names:
        raise PermissionError(f"the module {name if top == 'scipy' else top:.40}")
