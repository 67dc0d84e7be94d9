"""One folder among the runs, here and at the address: compared file by file, and made the same.

Whoever trains a run is right about it; of anybody else the address is. Commands of several machines are all kept.
"""

import os
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from seqlab import locks
from seqlab.files import append_line
from seqlab.remote import layout
from seqlab.remote.exchange import Exchange
from seqlab.remote.known import Known
from seqlab.remote.layout import JOURNAL, STATUS, Local
from seqlab.remote.plan import step
from seqlab.remote.signs import HELD, WAITS, Signs
from seqlab.remote.store import Entry, Store

SHORTEST = 0.5  # seconds between two comparisons
COARSE = 50_000_000  # nanoseconds in which a file system may give two changes one time
IDLE = 300.0  # of what nobody trains, for others may rename it or share it
GONE = -1  # when a file was changed that is not there
HANDED_ON = '{"do": "move"}'


class Unit:
    """A folder by its name; methods that speak to the address raise Unreachable, and one at a time has the ``lock``."""

    def __init__(self, root: Path, name: str, store: Store, place: Path) -> None:
        self.name, self.folder = name, root / name
        self.known, self.signs = Known(place, name), Signs(store)
        self.active, self.gone, self.over = True, False, False  # over: it is deleted here at this moment
        self.used = time.monotonic()
        self._next = self._again = 0.0
        self._store = store
        self._files = Exchange(name, self.folder, store, self.known)
        self.lock = threading.RLock()
        self._seen = -1  # when the folder here was last changed, as far as it was compared
        self._touched = self._mtime()  # when its status was last touched by nobody else
        self.lost = False

    @property
    def held(self) -> bool:
        """Whether a process of this machine trains it."""
        try:
            return locks.taken(self.folder / layout.LOCK)
        except OSError:
            return False

    @property
    def stirred(self) -> bool:
        """Whether something was written here since it was last compared; costs one ``stat``."""
        return _changed(self.folder) != self._seen

    @property
    def due(self) -> bool:
        """Whether it is to be compared now: at its pace where it is trained or was written to, else now and then."""
        now = time.monotonic()
        moves = self.active or bool(self.signs.holders)
        return now >= self._next and (moves or now >= self._again or self.stirred)

    def settled(self) -> bool:
        """Whether everything that is here is at the address."""
        here, files = self._scan(), self.known.files
        return {name: local.stamp for name, local in here.items()} == {
            name: both.stamp for name, both in files.items() if both.stamp}

    def sync(self, there: Mapping[str, Entry] | None = None) -> None:
        """Compare both sides and make them the same; ``there`` is what the address has, where that is known."""
        with self.lock:
            began = time.monotonic()
            listed = self._hear() if there is None else there
            stirred = _changed(self.folder)
            stirred = stirred if time.time_ns() - stirred > COARSE else -1  # what comes next may have the same time
            if self.folder.is_dir() and not self._let_go():  # else it was just moved
                self._exchange(listed)
                self.known.keep(self.folder)
            self._seen = stirred
            now = time.monotonic()
            self._next, self._again = now + max(SHORTEST, 2 * (now - began)), now + IDLE

    def arrive(self, aside: Path) -> None:
        """Have it whole in a folder of another name, before it is moved to its own."""
        place, self.folder = self.folder, aside
        self._files.folder = aside
        self.sync()
        self.folder = self._files.folder = place
        self._touched = -1

    def begin_anew(self) -> None:
        """Forget what both sides had in common: another address is in the place of the one that was compared."""
        self.known.forget()
        self._next = self._again = 0.0

    def hurry(self) -> None:
        """Compare it at its pace's next moment."""
        self._again = 0.0

    def put_off(self) -> None:
        """Compare it later: something here is in the way."""
        self._next = time.monotonic() + IDLE / 60

    def beat(self) -> None:
        """Say that it is held here, or that it waits here, where it is so."""
        held, touched = self.held, self._mtime()
        if touched == GONE or self.over:
            return
        if held and not self.lost:
            self.signs.say(self.name, HELD)
        elif not held:
            self.signs.unsay(self.name, HELD)
        if self.active and not held and touched != self._touched:
            self._touched = touched
            self.signs.say(self.name, WAITS)
        elif held or not self.active:
            self.signs.unsay(self.name, WAITS)

    def claim(self) -> bool:
        """Have the run, all of it; returns whether no other machine has it."""
        with self.lock:
            self._hear()
            if self.signs.holders:
                return False
            self.signs.say(self.name, HELD, at_once=True)
            self._hear()
            if any(name < HELD + self._store.me for name in self.signs.holders):  # both came in the same moment
                self.signs.unsay(self.name, HELD)
                return False
            for name in sorted(self.known.files, key=layout.rank):
                self.fetch(name)
            return True

    def fetch(self, name: str) -> None:
        """Have a file here that was left at the address until it is asked for."""
        if (self.folder / name).exists() or not self.folder.is_dir():
            return
        both = self.known.files.get(name)
        if both is None and self.active and not self.held:  # it may have come since the last look
            self.sync()
            both = self.known.files.get(name)
        if both is not None and not both.stamp:  # who trains has all of it, and waits for nobody here
            with self.lock:
                self._files.pull(name, Entry(both.token, both.size), asked=True)

    def excuse(self) -> None:
        """Have nobody take a run for abandoned while the address does not answer."""
        if self.active and not self.held and self.signs.excuse():
            self._touch()

    def _hear(self) -> Mapping[str, Entry]:
        listing = self._store.listing(self.name)
        if self.signs.hear(listing) and not self.held:
            self._touch()
        self.signs.bury(self.name)
        return {name: entry for name, entry in listing.items() if not any(
            part.startswith(".") for part in name.split("/"))}

    def _let_go(self) -> bool:
        """Give a run up that another machine has taken meanwhile, and what was done to it since."""
        held = self.held
        if held and not self.lost and self.signs.lost:
            self.lost = True
            append_line(self.folder / JOURNAL, HANDED_ON)
        elif self.lost and not held:
            self.lost = False
            self._empty()
        return self.lost

    def _empty(self) -> None:
        for name in layout.scan(self.folder):
            (self.folder / name).unlink(missing_ok=True)
        self.known.files = {}

    def _exchange(self, there: Mapping[str, Entry]) -> None:
        here, held, files = self._scan(), self.held, self.known.files
        if not there and (files or not here) and not held and self.name:
            self.gone = True  # deleted, or moved, by another machine
            return
        self._files.recognise(there, here if held else {})
        names = sorted({*here, *there, *files}, key=layout.rank)
        plan = {name: step(name, here.get(name), there.get(name), files.get(name), held=held,
                           may_go=held or layout.may_go(self.name, name)) for name in names}
        for name in names:  # commands first: they do not wait for what is sent
            if self.over:
                return
            if plan[name] == "pull":
                self._files.pull(name, there[name])
                if name == STATUS:
                    self._date()
            elif plan[name] == "merge":
                self._files.merge(name, there[name], held=held)
        for name in names:
            if plan[name] == "push":
                self._files.push(name, here[name])
        for name in names:
            if plan[name] == "remove":
                self._files.remove(name)
            elif plan[name] == "drop":
                self._files.drop(name)
            if plan[name] in ("remove", "drop", "forget"):
                files.pop(name, None)
        status = layout.look(self.folder, STATUS)
        self.active = layout.is_active(status.content if status else None)

    def _scan(self) -> dict[str, Local]:
        return layout.scan(self.folder, () if self.name else layout.ROOT_FILES)

    def _date(self) -> None:
        """Give a status that came the time at which its run ended, or this moment where that is still to come."""
        status = layout.look(self.folder, STATUS)
        ended = status is not None and not layout.is_active(status.content)
        self._touch(self._store.modified(self._files.at(STATUS)) if ended else None)

    def _touch(self, at: float | None = None) -> None:
        """Have the status say by its time that its run is alive, by the clock of this machine."""
        with suppress(OSError):
            os.utime(self.folder / STATUS, None if at is None else (at, at))
        self._touched = self._mtime()

    def _mtime(self) -> int:
        return _changed(self.folder / STATUS)


def _changed(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return GONE
