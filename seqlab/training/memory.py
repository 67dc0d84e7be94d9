"""Giving memory back to the system, which Python and the C library otherwise keep for later."""

import ctypes
import gc
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

MAPS = Path("/proc/self/maps")  # Linux alone has it
# Code of a file, which nothing can have changed.
MAPPED = re.compile(r"([0-9a-f]+)-([0-9a-f]+) r-xp \S+ \S+ [1-9]\d* +/")
DONTNEED = 4  # MADV_DONTNEED of <sys/mman.h>
LEAST = 2 ** 20  # bytes of a piece of code that is worth a call


def give_back() -> None:
    """Collect what nothing refers to, and have the C library return what is free; takes some milliseconds."""
    gc.collect()
    with suppress(OSError, AttributeError):  # another C library than GNU's has no such call
        ctypes.CDLL(None).malloc_trim(0)
    unmap_code()


def unmap_code() -> None:
    """Let go of the pages of libraries' code; the kernel maps those that run again from its own copy, in microseconds.

    Most of torch's code that was ever touched ran once, while it was imported: 60 MB in each tree of processes.
    """
    with suppress(OSError, AttributeError):
        advise = ctypes.CDLL(None).madvise
        advise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
        for start, end in _code():
            advise(start, end - start, DONTNEED)


def _code() -> Iterator[tuple[int, int]]:
    for line in MAPS.read_text(encoding="utf-8").splitlines():
        if match := MAPPED.match(line):
            start, end = int(match[1], 16), int(match[2], 16)
            if end - start >= LEAST:
                yield start, end
