"""Pages drawn one by one: of a class that presses at once the first is answered at once, instead of all at the end."""

import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition

AT_ONCE = 2  # so that one that waits for a worker, or for a file, does not hold the next one up
SECONDS = 0.25  # after which one that is drawn still does not count any more: it waits for something slow


class OneByOne:
    """Lets what computes in threads of one process in, in the order in which it came, ``at_once`` at a time."""

    def __init__(self, at_once: int = AT_ONCE, seconds: float = SECONDS) -> None:
        self._at_once, self._seconds = at_once, seconds
        self._changed = Condition()
        self._waiting: deque[object] = deque()
        self._inside: dict[object, float] = {}

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait until those that came before have had their turn, and have one."""
        me = object()
        with self._changed:
            self._waiting.append(me)
            while self._waiting[0] is not me or (left := self._until_free()) > 0:
                self._changed.wait(left if self._waiting[0] is me else self._seconds)
            self._waiting.popleft()
            self._inside[me] = time.monotonic()
            self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                del self._inside[me]
                self._changed.notify_all()

    def _until_free(self) -> float:
        """Seconds until there is room at the latest."""
        ends = sorted(began + self._seconds for began in self._inside.values())
        return ends[-self._at_once] - time.monotonic() if len(ends) >= self._at_once else 0.0


PAGES = OneByOne()
