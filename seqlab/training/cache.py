"""A cache that counts bytes, because what it holds is of very different sizes."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class ByteCache(Generic[Key, Value]):
    """What was made lately, at most so many bytes of it; what bears another stamp by now is made anew."""

    def __init__(self, limit: int, size: Callable[[Value], int]) -> None:
        self.limit, self.bytes = limit, 0
        self._size_of = size
        self._lock = threading.Lock()
        self._held: OrderedDict[Key, tuple[Hashable, int, Value]] = OrderedDict()
        self._used: dict[Key, float] = {}

    def __len__(self) -> int:
        return len(self._held)

    def get(self, key: Key, stamp: Hashable, make: Callable[[], Value]) -> Value:
        """Return what is held under a key, or make it; two threads may both make it."""
        with self._lock:
            held = self._held.get(key)
            if held and held[0] == stamp:
                self._held.move_to_end(key)
                self._used[key] = time.monotonic()
                return held[2]
        value = make()
        with self._lock:
            self._keep(key, stamp, value)
        return value

    def _keep(self, key: Key, stamp: Hashable, value: Value) -> None:
        if key in self._held:
            self.bytes -= self._held.pop(key)[1]
        size = self._size_of(value)
        self._held[key] = stamp, size, value
        self._used[key] = time.monotonic()
        self.bytes += size
        while self.bytes > self.limit and len(self._held) > 1:
            self._drop(next(iter(self._held)))

    def forget_unused(self, seconds: float) -> int:
        """Let go of what nobody has asked for that long; returns how many bytes that were."""
        with self._lock:
            before, since = self.bytes, time.monotonic() - seconds
            for key in [key for key, used in self._used.items() if used <= since]:
                self._drop(key)
            return before - self.bytes

    def _drop(self, key: Key) -> None:
        self.bytes -= self._held.pop(key)[1]
        del self._used[key]
