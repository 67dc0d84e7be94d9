"""What was computed once for all sessions: pictures, workers' answers and agreements, each in one bounded store."""

import sys
from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, is_dataclass
from threading import Lock
from typing import Generic, ParamSpec, TypeVar, cast

import numpy as np

from seqlab.ui.proof.waiting import Pending, let_go_if_moved

P = ParamSpec("P")
R = TypeVar("R")

MOMENT = 0.02  # seconds that a session waits at a time for another one that computes the same
MB = 2 ** 20
PART = 100  # bytes that a part of a value takes beside its numbers


@dataclass
class _Turn:
    lock: Lock = field(default_factory=Lock)
    sessions: int = 0


class Store:
    """Values by key, up to so many bytes; those that nobody has asked for longest go first."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.bytes = 0
        self._values: OrderedDict[Hashable, tuple[object, int]] = OrderedDict()
        self._turns: dict[Hashable, _Turn] = {}
        self._lock = Lock()

    def cached(self, function: Callable[P, R]) -> "Cached[P, R]":
        """Store what a function of hashable arguments returns."""
        return Cached(self, function)

    def get(self, key: Hashable, compute: Callable[[], R]) -> R:
        """Give what is there, or compute it; raises what the computation raises, which is not stored.

        Of several sessions that ask for the same at once one computes it and the others wait, which a moved widget may
        interrupt.
        """
        if (found := self.find(key)) is not None:
            return cast(R, found[0])
        with self._turn(key):
            if (found := self.find(key)) is not None:
                return cast(R, found[0])
            value = compute()
            self._put(key, value)
            return value

    def find(self, key: Hashable) -> tuple[object] | None:
        """Give what is there already, in a tuple; None where nothing is."""
        with self._lock:
            if key not in self._values:
                return None
            self._values.move_to_end(key)
            return self._values[key][:1]

    def _put(self, key: Hashable, value: object) -> None:
        size = size_of(value)
        with self._lock:
            self._values[key] = value, size
            self.bytes += size
            while self.bytes > self.most_bytes and len(self._values) > 1:
                self.bytes -= self._values.popitem(last=False)[1][1]

    @contextmanager
    def _turn(self, key: Hashable) -> Iterator[None]:
        """Let one session at a time compute the value of a key."""
        with self._lock:
            turn = self._turns.setdefault(key, _Turn())
            turn.sessions += 1
        try:
            while not turn.lock.acquire(timeout=MOMENT):
                let_go_if_moved()
            try:
                yield
            finally:
                turn.lock.release()
        finally:
            with self._lock:
                turn.sessions -= 1
                if not turn.sessions:
                    del self._turns[key]

    def forget(self, key: Hashable) -> None:
        """Have a value computed again when it is asked for next."""
        with self._lock:
            self.bytes -= self._values.pop(key, (None, 0))[1]

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._values.clear()
            self.bytes = 0

    def __len__(self) -> int:
        return len(self._values)


class Cached(Generic[P, R]):
    """A function of hashable arguments whose results stand in a store."""

    def __init__(self, store: Store, function: Callable[P, R]) -> None:
        self.store = store
        self.function = function

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Give what is there, or compute it; raises what the function raises."""
        return self.store.get(self.key(*args, **kwargs), lambda: self.function(*args, **kwargs))

    def known(self, *args: P.args, **kwargs: P.kwargs) -> R | None:
        """Give what is there already; None where nothing is."""
        found = self.store.find(self.key(*args, **kwargs))
        return None if found is None else cast(R, found[0])

    def forget(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Have it computed again when it is asked for next."""
        self.store.forget(self.key(*args, **kwargs))

    def key(self, *args: P.args, **kwargs: P.kwargs) -> Hashable:
        """Name a result: the function and its arguments."""
        return self.function, args, tuple(sorted(kwargs.items()))


def size_of(value: object) -> int:
    """Count the bytes of a value: its arrays, however deep they lie, and a little for each part."""
    if isinstance(value, np.ndarray):
        return value.nbytes + PART
    if isinstance(value, Pending):  # its answer lies in a worker still
        return MB // 4
    parts: Iterable[object] = ()
    if isinstance(value, str | bytes):
        return sys.getsizeof(value)
    if isinstance(value, Mapping):
        parts = value.values()
    elif isinstance(value, Collection):
        parts = value
    elif is_dataclass(value):
        parts = (getattr(value, part.name) for part in fields(value))
    return PART + sum(map(size_of, parts))


# The largest film is some 10 MB, a class looks at a few words of a few runs at a time.
PICTURES = Store(192 * MB)  # what NumPy computed, and is drawn
ANSWERS = Store(32 * MB)  # what workers measured, and is drawn
AGREEMENTS = Store(8 * MB)  # how the two differ, on the badges
