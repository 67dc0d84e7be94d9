"""Limits on a person's code: those of the system, and an audit hook that refuses files, network and processes.

This isolates mistakes, not attackers: no hook inside a Python process can contain hostile code.
"""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from types import ModuleType

from seqlab.checking.stand_in import STAND_INS, Refused, imported

# Modules that code in NumPy has no use for; each would meet the hook anyway, but later and less clearly.
FORBIDDEN = frozenset((
    "asyncio", "concurrent", "ctypes", "_ctypes", "ftplib", "http", "imaplib", "importlib", "marshal", "mmap",
    "multiprocessing", "os", "pathlib", "pickle", "_pickle", "poplib", "posix", "_posixsubprocess", "pty", "resource",
    "runpy", "shelve", "shutil", "signal", "smtplib", "socket", "_socket", "socketserver", "sqlite3", "ssl",
    "subprocess", "tempfile", "_thread", "threading", "urllib", "webbrowser", "xmlrpc", "zipimport",
))
# The first word of an audit event, and what is refused with it.
_FILES, _NETWORK, _PROCESSES = "files", "the network", "other processes"
_REFUSED = {
    **dict.fromkeys(("os", "shutil", "tempfile", "glob", "pathlib", "mmap", "fcntl", "sqlite3", "pickle"), _FILES),
    **dict.fromkeys(("socket", "urllib", "http", "ftplib", "smtplib", "poplib", "imaplib", "nntplib", "telnetlib",
                     "webbrowser", "ssl"), _NETWORK),
    **dict.fromkeys(("subprocess", "pty", "_posixsubprocess", "_thread", "signal"), _PROCESSES),
    "ctypes": "foreign functions", "resource": "its own limits", "syslog": "the system's log",
    "builtins": "the keyboard",  # input() and the debugger; of that first word, only HARMLESS is let through
}
SCIPY = ("scipy", "scipy.special")  # the child has loaded them before the hook is set; what is not there stays refused
HARMLESS = frozenset(("builtins.id",))  # what copy, pprint and dataclasses ask of every array
# Of ``os``, what starts or ends processes.
_PROCESS_CALLS = ("fork", "forkpty", "exec", "spawn", "posix_spawn", "system", "kill", "killpg", "startfile")


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
    import sysconfig

    import numpy
    places = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    places |= {os.path.join(sys.base_prefix, "lib"), os.path.dirname(os.path.dirname(numpy.__file__))}
    return tuple(sorted({os.path.realpath(place) + os.sep for place in places} | {place + os.sep for place in places}))


def hook(readable: tuple[str, ...]) -> Callable[[str, tuple[object, ...]], None]:
    """Make the audit hook; it raises Refused, and cannot be taken away once it is set."""
    reading = os.O_RDONLY

    def inside(path: object) -> bool:
        return isinstance(path, str) and path.startswith(readable) and ".." not in path

    def audit(event: str, args: tuple[object, ...]) -> None:
        first, _, call = event.partition(".")
        if event == "open":
            path, mode, flags = args
            writes = not set("wax+").isdisjoint(str(mode or "")) or int(str(flags or 0)) & 3 != reading
            if writes or not inside(path):
                raise Refused(_FILES)
        elif event in {"os.listdir", "os.scandir"} and inside(args[0]):
            return  # how Python finds its own modules
        elif event in HARMLESS:
            return
        elif event == "import":
            _module(str(args[0]))
        elif first in _REFUSED:
            raise Refused(_PROCESSES if first == "os" and call.startswith(_PROCESS_CALLS) else _REFUSED[first])
    return audit


def importing(real: Callable[..., ModuleType]) -> Callable[..., ModuleType]:
    """Make the ``__import__`` of a person's code: NumPy, scipy.special, what of Python's library stays in the process.

    A module that only files of a course begin with, such as torch, is a stand-in: it may be imported, but not used.
    """
    def guarded(name: str, scope: Mapping[str, object] | None = None, local: Mapping[str, object] | None = None,
                parts: Sequence[str] | None = (), level: int = 0) -> ModuleType:
        top = name.partition(".")[0]
        if top in FORBIDDEN:
            raise Refused(f"the module {top}")
        if level == 0 and top in STAND_INS:
            return imported(name, parts)
        if name not in SCIPY or name not in sys.modules:
            _module(name)
        return real(name, scope, local, parts, level)
    return guarded


def _module(name: str) -> None:
    top = name.partition(".")[0]
    if top != "numpy" and top not in sys.stdlib_module_names:
        raise Refused(f"the module {name if top == 'scipy' else top:.40}")
