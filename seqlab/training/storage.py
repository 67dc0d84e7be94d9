"""What runs take of the disk, and which of them go when a quota or an age is set: the oldest that is not pinned."""

import shutil
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from seqlab import remote
from seqlab.errors import Fault
from seqlab.files import refusal
from seqlab.training import status
from seqlab.training.library import TRASH, Library
from seqlab.training.recorder import is_held
from seqlab.training.run import Run
from seqlab.training.settings import Settings

PIN = "pinned"  # a file in the folder of a run that stays whatever is set
DAY = 24 * 3600.0
NOTICE = 3 * DAY  # a run that goes by its age is named that long before
NEAR = 0.9  # of the quota: from there on the next one to go is named
ANNOUNCED = 600.0  # seconds that a run is named as one that goes now before it is gone
YOUNG = 600.0  # seconds in which a run that has just ended is never the next one to go


@dataclass(frozen=True)
class Use:
    """Bytes that runs and the trash take; runs that go ``now``, and those that go ``next``, the first one in front."""

    runs: int
    trash: int
    now: tuple[Run, ...]
    next: tuple[Run, ...]


def is_pinned(run: Run) -> bool:
    """Whether a run stays whatever is set."""
    return (run.path / PIN).exists()


def pin(run: Run, stays: bool) -> None:
    """Have a run stay whatever is set, or no longer; raises Fault."""
    try:
        if stays:
            (run.path / PIN).touch()
        else:
            (run.path / PIN).unlink(missing_ok=True)
    except OSError as error:
        raise Fault(f"The pin cannot be written: {refusal(error)}.") from None


def size(folder: Path) -> int:
    """Bytes of the files in a folder; what another folder has too (a snapshot of two runs) counts in part."""
    total = remote.away(folder)
    for file in folder.rglob("*"):
        with suppress(OSError):
            facts = file.stat()
            total += facts.st_size // max(1, facts.st_nlink) if file.is_file() else 0
    return total


def use(library: Library, settings: Settings, now: float | None = None) -> Use:
    """Measure the disk, and say which runs go now and next; reads every own run."""
    now = time.time() if now is None else now
    own = [run for run in library.runs(points=True) if not library.is_shipped(run)]
    sizes = {run.id: size(run.path) for run in own}
    taken = sum(sizes.values())
    trash = size(library.root / TRASH)
    go, soon = list[Run](), list[Run]()
    for run in sorted(filter(lambda run: _may_go(run, now), own), key=lambda run: run.status.updated):
        age = now - run.status.updated
        if _too_old(age, settings) or _over(taken, settings, 1.0):
            go.append(run)
            taken -= sizes[run.id]
        elif _too_old(age + NOTICE, settings) or (not soon and _over(taken, settings, NEAR)):
            soon.append(run)
    return Use(sum(sizes.values()), trash, tuple(go), tuple(soon))


class Tidying:
    """Deletes what goes by a quota or an age, for good, once it was announced for a while; the trash goes first."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._announced: dict[str, float] = {}

    def look(self, settings: Settings, now: float | None = None) -> list[str]:
        """Announce what goes, and delete what was announced long enough ago; returns the names of what is gone."""
        now = time.time() if now is None else now
        if settings.quota_gb is None and settings.keep_days is None:
            self._announced.clear()
            return []
        known = use(self._library, settings, now)
        if known.trash and _over(known.runs + known.trash, settings, 1.0):
            self._library.empty_trash()
        self._announced = {run.id: self._announced.get(run.id, now) for run in known.now}
        return _remove(run for run in known.now if now - self._announced[run.id] >= ANNOUNCED)


def _remove(runs: Iterable[Run]) -> list[str]:
    names = []
    for run in runs:
        with suppress(Fault, OSError):
            name = run.name
            if not is_held(run.path):
                with remote.removing(run.path):
                    shutil.rmtree(run.path)
                names.append(name)
    return names


def _may_go(run: Run, now: float) -> bool:
    at = status.read(run.path)  # as it was written: one that should go on, but for now nobody holds, stays
    active = status.as_seen(at).active if at.recorded else at.active
    return not (active or is_pinned(run) or abs(now - at.updated) < YOUNG or is_held(run.path))


def _too_old(age: float, settings: Settings) -> bool:
    return settings.keep_days is not None and age > settings.keep_days * DAY


def _over(taken: int, settings: Settings, share: float) -> bool:
    return settings.quota_gb is not None and taken > settings.quota_gb * 1e9 * share
