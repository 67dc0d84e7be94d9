"""Runs that should train and that no living process holds: what a server left that was killed, or a command line."""

import os
import time
from collections.abc import Collection
from pathlib import Path

from seqlab import locks, remote
from seqlab.errors import Fault
from seqlab.training import status
from seqlab.training.library import RESULTS
from seqlab.training.recorder import is_held
from seqlab.training.run import Run
from seqlab.training.status import SILENCE, Status, silent

# Whoever has a run in a queue touches it every second. A run in training has a lock besides, which the system lets go
# of when the process dies; where there are no locks, silence has to be longer to be believed.
QUIET = 3.0


class Abandoned:
    """Looks through a folder of runs again and again; one that needs nothing is read only where it has changed."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._asleep: dict[str, int] = {}

    def look(self, known: Collection[str]) -> list[Run]:
        """Runs that nobody holds, the one that was started first in front; those that are ``known`` are left out."""
        left = [(now.started, run.id, run) for run in map(Run, self._awake(known)) if (now := self._left(run))]
        return [run for *_, run in sorted(left, key=lambda one: one[:2])]

    def over(self, run_id: str) -> bool:
        """Whether a run is gone, or needs nothing since the last look."""
        stamp = _stamp(self.root / run_id)
        return stamp < 0 or self._asleep.get(run_id) == stamp

    def _awake(self, known: Collection[str]) -> list[Path]:
        try:
            entries = list(os.scandir(self.root))
        except OSError:
            return []
        here = {entry.name for entry in entries}
        self._asleep = {name: stamp for name, stamp in self._asleep.items() if name in here}
        return [self.root / entry.name for entry in entries
                if entry.name not in known and entry.name != RESULTS and not entry.name.startswith(".")
                and self._asleep.get(entry.name) != _stamp(self.root / entry.name)]

    def _left(self, run: Run) -> Status | None:
        """The status of a run that nobody holds; None of any other."""
        stamp = _stamp(run.path)
        try:
            now = status.read(run.path)
        except Fault:
            now = None
        if now is None or not now.active or now.recorded:
            self._asleep[run.id] = stamp
            return None
        return now if unheld(run, now) else None


def unheld(run: Run, now: Status) -> bool:
    """Whether no living process has a run in training or in its queue; while its address is away, nobody knows."""
    sure = locks.available() and remote.of(run.path) is None  # locks count on this machine alone
    if remote.trouble(run.path) or not silent(now, time.time(), QUIET if sure else SILENCE):
        return False
    try:
        return not is_held(run.path)
    except OSError:
        return False


def _stamp(folder: Path) -> int:
    try:
        return (folder / status.FILE).stat().st_mtime_ns
    except OSError:
        return -1
