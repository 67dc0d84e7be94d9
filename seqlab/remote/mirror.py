"""A folder of runs here that is kept the same as an address, by a thread of its own."""

import hashlib
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from typing import IO

from seqlab import locks
from seqlab.errors import Fault
from seqlab.files import slug
from seqlab.remote.around import Around
from seqlab.remote.layout import TRASH, is_unit
from seqlab.remote.store import Store, Unreachable
from seqlab.remote.unit import Unit

log = logging.getLogger("seqlab")

TICK = 0.1  # seconds between two looks at what is due here
LOOK = 2.0  # between two looks at which folders there are at the address
AT_ONCE = 8  # folders that are compared at the same time
SHORTEST_WAIT, LONGEST_WAIT = 0.5, 5.0  # until an address that was away is asked again
TO_SEND = 10.0  # seconds that a process takes for what is not sent when it ends


class Mirror:
    """Runs of an address: all of them where it is ``whole``, else those that were asked for.

    Each process has a folder of its own in ``place``, and the same one again the next time.
    """

    def __init__(self, address: str, place: Path, *, whole: bool) -> None:
        self.address, self.whole = address, whole
        self.store = Store(address)
        if not locks.available():
            raise Fault("SEQLAB_RUNS can be an address only where files can be locked, which Windows does not do.")
        slot, self._file = _slot(place, address)
        self._around = Around(slot, self.store)
        self.root, self.units = self._around.root, self._around.units
        self.listeners: list[Callable[[], object]] = []
        self._at_once = threading.Semaphore(AT_ONCE)
        self._busy: set[str] = set()
        self._away, self._wait, self._retry, self._looked = "", SHORTEST_WAIT, 0.0, -LOOK
        self._over, self._wake, self._first = threading.Event(), threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True, name="seqlab-mirror")
        self._thread.start()

    @property
    def trouble(self) -> str:
        """Why what is seen may be old, in a sentence; an empty text while the address answers."""
        if not (self._away or self.store.silent):
            return ""
        return (f"{self.store.shown} cannot be reached; training goes on where it is, and everything is sent when the "
                "address answers again.")

    @contextmanager
    def removing(self, folder: Path) -> Iterator[None]:
        """Have a folder deleted at the address that is deleted here for good meanwhile."""
        name = folder.relative_to(self.root).as_posix()
        names, before = {name}, name.removeprefix(f"{TRASH}/")  # it may have been in the trash for less than a look
        if before in self.units and not (self.root / before).exists():
            names.add(before)
        units = [self.units[part] for part in names if part in self.units]
        for unit in units:
            unit.over = True
        try:
            yield
        except OSError:
            for unit in units:
                unit.over = False
            raise
        self._around.removed |= names
        self.wake()

    def add(self, name: str) -> Unit | None:
        """Give the unit of a run, also of one that was just made here; None of what is no run yet."""
        return self._around.add(name) if is_unit(name) else None

    def have(self, name: str) -> Unit | None:
        """Have a folder here as it is at the address now; None where that has none. Raises Unreachable."""
        if name not in self.units and not self._around.arrive(name):
            return None
        unit = self.units[name]
        unit.used = time.monotonic()
        unit.sync()
        return unit

    def wake(self) -> None:
        """Have it look now."""
        self._wake.set()

    def ready(self, seconds: float) -> None:
        """Wait until what is at the address was seen once, or cannot be."""
        self._first.wait(seconds)

    def close(self) -> None:
        """Send what is not sent yet, for a while at most, and end."""
        if self._over.is_set():
            return
        self._over.set()
        self.wake()
        last = threading.Thread(target=self._send, daemon=True, name="seqlab-mirror-end")
        last.start()
        last.join(TO_SEND)
        if self.trouble or last.is_alive():
            log.warning("%s has not everything yet; the rest is sent the next time.", self.store.shown)
        self._file.close()

    def _send(self) -> None:
        self._thread.join(TO_SEND)
        try:
            self._around.look(whole=self.whole)
            for unit in list(self.units.values()):
                if unit.active or unit.stirred:
                    unit.sync()
                unit.signs.silence(unit.name)
        except Unreachable as error:
            self._fail(error)

    def _run(self) -> None:
        while not self._over.is_set():
            try:
                self._tick()
            except Unreachable as error:
                self._fail(error)
            except Exception:
                log.exception("the mirror of %s", self.store.shown)
            if self._away or not self._busy:
                self._first.set()
            self._wake.wait(TICK)
            self._wake.clear()

    def _tick(self) -> None:
        now = time.monotonic()
        if self.trouble:
            for unit in list(self.units.values()):
                unit.excuse()
        if now < self._retry:
            return
        if self._away or self._around.removed or now - self._looked >= LOOK:
            for name in self._around.look(whole=self.whole):
                self._begin(name, partial(self._around.arrive, name))
            self._looked = time.monotonic()
        self._away, self._wait = "", SHORTEST_WAIT
        for unit in list(self.units.values()):  # not those that have just gone
            unit.beat()
        for unit in filter(lambda unit: unit.due, list(self.units.values())):
            self._begin(unit.name, unit.sync)

    def _fail(self, error: Unreachable) -> None:
        if not self._away:
            log.warning("%s cannot be reached: %s", self.store.shown, error)
        self._away = str(error)
        self._retry, self._wait = time.monotonic() + self._wait, min(LONGEST_WAIT, 2 * self._wait)

    def _begin(self, name: str, work: Callable[[], object]) -> None:
        """Have something done with a folder by a thread, which may take its time, unless enough do so already."""
        if name in self._busy or not self._at_once.acquire(blocking=False):
            return
        self._busy.add(name)

        def job() -> None:
            try:
                work()
            except Unreachable as error:
                self._fail(error)
            except Exception:
                log.exception("%s is not compared with %s", name, self.store.shown)
                if unit := self.units.get(name):
                    unit.put_off()
            finally:
                self._busy.discard(name)
                self._at_once.release()
            for hear in self.listeners:
                hear()
        threading.Thread(target=job, daemon=True, name="seqlab-mirror-unit").start()


def _slot(place: Path, address: str) -> tuple[Path, IO[bytes]]:
    """The first folder of an address that no other process has, and the file by which it is held."""
    name = f"{slug(address.partition('@')[2] or address)}-{hashlib.sha256(address.encode()).hexdigest()[:8]}"
    for number in count():
        slot = place / name / str(number)
        slot.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = open(slot / ".lock", "wb")  # noqa: SIM115 (it is held until the process ends)
        if locks.take(file):
            return slot, file
        file.close()
    raise AssertionError("there is always a next number")
