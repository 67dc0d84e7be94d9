"""Giving memory back to the system, which Python and the C library otherwise keep for later."""

import ctypes
import gc
from contextlib import suppress


def give_back() -> None:
    """Collect what nothing refers to, and have the C library return what is free; takes some milliseconds."""
    gc.collect()
    with suppress(OSError, AttributeError):  # another C library than GNU's has no such call
        ctypes.CDLL(None).malloc_trim(0)
