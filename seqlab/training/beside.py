"""Work that a thread does beside the body of a ``with``."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def beside(work: Callable[[threading.Event], object], name: str) -> Iterator[None]:
    """Let a thread do ``work`` while the body runs; the event that it gets is set when the body is over."""
    over = threading.Event()
    thread = threading.Thread(target=work, args=(over,), daemon=True, name=name)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
