"""Which folders there are, here and at the address: those that are new, moved or deleted on either side."""

import logging
import os
import secrets
import shutil
import time
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from seqlab.files import write_aside
from seqlab.remote import known, layout
from seqlab.remote.store import Entry, Store
from seqlab.remote.unit import Unit

log = logging.getLogger("seqlab")

MARK = ".seqlab"  # a file at the address by which another one in its place is known
UNUSED = 3600.0  # seconds that a run stays here which was asked for, where not all are


class Around:
    """The folders of one place here and one address; methods that speak to it raise Unreachable.

    Nothing is deleted there because it is missing here: a cache may have been cleared. Whoever deletes says so.
    """

    def __init__(self, slot: Path, store: Store) -> None:
        self.root, self._known, self._slot, self._store = slot / "runs", slot / "known", slot, store
        self.root.mkdir(parents=True, exist_ok=True)
        self.units = {name: self._unit(name) for name in layout.units(self.root)}
        self.removed: set[str] = set()
        self._beside = self._unit("")
        self._mark, self._seen = (slot / MARK).read_text() if (slot / MARK).exists() else "", ""

    def look(self, *, whole: bool) -> list[str]:
        """Follow what was made, moved and deleted; returns what is to arrive, or ``whole`` is not asked and nothing."""
        folders, files = self._store.top()
        self._check(files.get(MARK))
        self._leave(folders)
        if not whole:
            self._forget_unused()
            return []
        self._beside.sync({name: entry for name, entry in files.items() if name in layout.ROOT_FILES})
        here = layout.units(self.root)
        self._follow(here)
        for name in here:
            self.add(name)
        return sorted(folders - self.units.keys() - self.removed)

    def add(self, name: str) -> Unit | None:
        """Give the unit of a folder; None where there is none here."""
        if name not in self.units and (self.root / name).is_dir():
            self.units.setdefault(name, self._unit(name))
        return self.units.get(name)

    def arrive(self, name: str) -> bool:
        """Have a folder here that another machine has made, at once and whole; returns whether it is."""
        there = self._store.listing(name)
        if not there or (layout.CONFIG in there and layout.STATUS not in there):
            return False
        aside = self.root / f".arriving-{secrets.token_hex(4)}"
        for part in layout.SNAPSHOTS if layout.CONFIG in there else ("",):
            (aside / part).mkdir(parents=True)
        try:
            unit = self._unit(name)
            unit.known.forget()
            unit.arrive(aside)
            if layout.STATUS in there and not (aside / layout.STATUS).exists():
                return False  # it goes away at this moment
            (self.root / name).parent.mkdir(exist_ok=True)
            os.rename(aside, self.root / name)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
        self.units[name] = unit
        return True

    def _unit(self, name: str) -> Unit:
        return Unit(self.root, name, self._store, self._known)

    def _check(self, mark: Entry | None) -> None:
        """Compare with another address anew: what is missing there was never deleted."""
        if mark is not None and mark.token == self._seen:
            return
        there = (self._store.read(MARK) or b"").decode(errors="replace")
        if not there:
            there = secrets.token_hex(8)
            self._store.write(MARK, there.encode())
        if there != self._mark:
            for unit in (self._beside, *self.units.values()):
                unit.begin_anew()
            for name in known.units(self._known):
                known.Known(self._known, name).forget()
            self._mark = there
            write_aside(self._slot / MARK, there.encode())
        self._seen = mark.token if mark is not None else ""

    def _leave(self, folders: set[str]) -> None:
        """Delete what was deleted here for good, there, and what was deleted there, here."""
        for name in list(self.removed):
            with self._untouched(name):
                self._store.remove(name, folder=True)
            self._drop(name)
            self.removed.discard(name)
        for name, unit in list(self.units.items()):
            if unit.gone and name not in folders and not unit.settled():
                unit.begin_anew()  # deleted there and written to here: it stays
            elif unit.gone and name not in folders:
                shutil.rmtree(unit.folder, ignore_errors=True)
                self._drop(name)
            elif name not in folders:
                unit.hurry()
            unit.gone = False

    def _follow(self, here: set[str]) -> None:
        """Move there what was moved here: the same folder under another name."""
        new = {(self.root / name).stat().st_ino: name for name in here - self.units.keys()}
        for name in [name for name in self.units.keys() - here if not (self.root / name).is_dir()]:
            unit = self.units[name]
            if after := new.get(unit.known.inode):
                with self._untouched(name):
                    self._store.move(name, after)
                self.units[after] = self._unit(after)
                self.units[after].known.take(unit.known)
            self._drop(name)

    def _untouched(self, name: str) -> AbstractContextManager[object]:
        """Wait until nobody compares a folder any more, and let nobody begin to."""
        return self.units[name].lock if name in self.units else nullcontext()

    def _drop(self, name: str) -> None:
        if unit := self.units.pop(name, None):
            unit.known.forget()

    def _forget_unused(self) -> None:
        for name, unit in list(self.units.items()):
            if not unit.active and not unit.held and unit.settled() and time.monotonic() - unit.used > UNUSED:
                shutil.rmtree(unit.folder, ignore_errors=True)
                self._drop(name)
