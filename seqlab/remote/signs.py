"""Signs of life across machines: small files at the address that whoever has a run writes again and again.

Each machine writes its own. How long one has been silent is told by this machine's clock, since it was last seen to
change: clocks of others do not matter.
"""

import time
from contextlib import suppress

from seqlab.remote.store import Entry, Store, Unreachable

HELD, WAITS = ".held-", ".waits-"  # it is being trained there; it waits in a queue there
EVERY = {HELD: 2.0, WAITS: 4.0}  # seconds between two
SILENCE = 15.0  # as long as a status may be silent


class Signs:
    """The signs of one run: those of others as they are heard, and its own."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._heard: dict[str, tuple[str, float]] = {}
        self._said: dict[str, float] = {}
        self._there: set[str] = set()

    def hear(self, there: dict[str, Entry]) -> bool:
        """Note the signs in a listing; returns whether one of another machine has changed."""
        now, news = time.monotonic(), False
        self._there = {name for name in there if name.startswith((HELD, WAITS))}
        others = {name: there[name].token for name in self._there if not name.endswith(self._store.me)}
        for name, token in others.items():
            if self._heard.get(name, ("",))[0] != token:
                self._heard[name], news = (token, now), True
        self._heard = {name: heard for name, heard in self._heard.items() if name in others}
        return news

    def excuse(self) -> bool:
        """Count no silence while nothing can be heard; returns whether somebody was alive until then."""
        now = time.monotonic()
        alive = {name: (token, now) for name, (token, at) in self._heard.items() if now - at < SILENCE}
        self._heard |= alive
        return bool(alive)

    @property
    def holders(self) -> list[str]:
        """Others that train the run."""
        return [name for name, (_, at) in self._heard.items()
                if name.startswith(HELD) and time.monotonic() - at < SILENCE]

    @property
    def lost(self) -> bool:
        """Whether another took the run while this machine could not be heard, and cleared its sign away."""
        return HELD in self._said and HELD + self._store.me not in self._there and bool(self.holders)

    def say(self, unit: str, kind: str, *, at_once: bool = False) -> None:
        """Give a sign, as often as its kind is given; raises Unreachable."""
        now = time.monotonic()
        if at_once or now - self._said.get(kind, 0.0) >= EVERY[kind]:
            self._store.write(f"{unit}/{kind}{self._store.me}", repr(now).encode())
            self._said[kind] = now

    def unsay(self, unit: str, kind: str) -> None:
        """Take one's own sign away, where there is one; raises Unreachable."""
        if self._said.pop(kind, None) is not None:
            self._store.remove(f"{unit}/{kind}{self._store.me}")

    def silence(self, unit: str) -> None:
        """Take all own signs away; raises Unreachable."""
        for kind in list(self._said):
            self.unsay(unit, kind)

    def bury(self, unit: str) -> None:
        """Clear away what those left who fell silent long ago."""
        for name, (_, at) in list(self._heard.items()):
            if time.monotonic() - at > SILENCE:
                with suppress(Unreachable):
                    self._store.remove(f"{unit}/{name}")
                    del self._heard[name]
