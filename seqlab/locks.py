"""Locks of files, which the system lets go of when their process dies, however it dies."""

from pathlib import Path
from typing import IO

try:
    import fcntl
except ImportError:  # Windows has no such locks; there a run is held by good manners alone.
    fcntl = None  # type: ignore[assignment]


def available() -> bool:
    """Whether the system can say that a process holds a file."""
    return fcntl is not None


def take(file: IO[bytes], *, shared: bool = False) -> bool:
    """Take the lock of a file until it is closed; returns whether it could be had.

    Over NFS only a shared one can be had of a file that is open for reading.
    """
    try:
        if fcntl:
            fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def taken(path: Path) -> bool:
    """Whether a living process has the lock of a file, as far as the system can say; raises OSError."""
    try:
        with open(path, "rb") as file:
            return not take(file, shared=True)
    except FileNotFoundError:
        return False
