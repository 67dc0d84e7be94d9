"""All runs a person can open: those that are shipped, and their own."""

import math
import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from io import BufferedIOBase
from pathlib import Path

from pydantic import ValidationError

from seqlab import paths, remote
from seqlab.errors import Fault
from seqlab.files import checked_id, fresh_id, refusal, write_aside
from seqlab.training import archive, intake, owner
from seqlab.training.config import RunConfig, explain
from seqlab.training.owner import Everything, Owner, Rights
from seqlab.training.run import Run
from seqlab.training.sweep import is_point

RESULTS = "results"  # a folder among the runs that is none: what studies measured
TRASH = ".trash"
TRASH_SECONDS = 7 * 24 * 3600.0


@dataclass(frozen=True)
class Broken:
    """A folder among the runs that cannot be read, and why."""

    id: str
    reason: str


class Library:
    """The shipped runs, which nobody changes, and the folder of a person's own runs; ``seqlab.paths`` knows both.

    Where several people share a server, ``rights`` says which of the own runs somebody may see and change.
    """

    def __init__(self, runs: Path | None = None, shipped: Path | None = None, rights: Rights | None = None) -> None:
        self.root = runs or paths.runs()
        self.shipped = shipped or paths.checkpoints()
        self.rights = rights or Everything()

    def runs(self, points: bool = False) -> list[Run]:
        """All runs that can be read: own ones, the newest first, then the shipped ones by name.

        The points of sweeps, which may be hundreds, are left out unless they are asked for.
        """
        own = [(run.status.started, run) for run in _readable(self.root, points, self.rights.may_read)]
        newest_first = sorted(own, key=lambda pair: (-pair[0], pair[1].id))
        return [run for _, run in newest_first] + _readable(self.shipped)

    def has_points(self) -> bool:
        """Whether there are points of sweeps among the own runs."""
        return any(is_point(path.name) and self.rights.may_read(Run(path)) for path in _folders(self.root))

    def broken(self) -> list[Broken]:
        """Folders that should be runs and cannot be read, with the reason."""
        faults = ((path.name, _fault(Run(path))) for root in (self.root, self.shipped) for path in _folders(root)
                  if self.rights.may_change(Run(path)))
        return [Broken(name, reason) for name, reason in faults if reason]

    def get(self, run_id: str) -> Run:
        """Find a run by its id, wherever that came from; raises Fault where there is none, or it may not be seen."""
        checked_id(run_id)
        for root in (self.root, self.shipped):
            if (root / run_id).is_dir():
                run = Run(root / run_id)
                if root == self.root and not self.rights.may_read(run):
                    raise Fault(f"Run {run_id} belongs to somebody else, who does not share it; ask them to.")
                return run
        raise Fault(f"There is no run {run_id}; it may have been deleted or renamed. Choose one from the list of runs.")

    def is_shipped(self, run: Run) -> bool:
        """Whether a run came with seqlab."""
        return run.path.parent == self.shipped or _resolved(run.path.parent) == _resolved(self.shipped)

    def rename(self, run: Run, name: str) -> Run:
        """Give a run another name; its id, and every link to it, stay. Raises Fault."""
        self._require_own(run, "renamed")
        try:
            config = RunConfig.model_validate(run.config.model_dump() | {"name": " ".join(name.split())})
            write_aside(run.path / "config.json", config.model_dump_json(indent=1).encode())
        except ValidationError as error:
            raise Fault(explain(error)) from None
        except OSError as error:
            raise Fault(f"The name cannot be written: {refusal(error)}.") from None
        return run

    def delete(self, run: Run | str) -> str:
        """Put a run in the trash, where it lies for a week; returns its id for ``restore``. Raises Fault."""
        run = self.get(run) if isinstance(run, str) else run
        self._require_own(run, "deleted")
        if not _fault(run) and run.status.active:
            raise Fault(f"Run {run.id} is {run.status.state}; stop it first.")
        trash = self.root / TRASH
        try:
            trash.mkdir(parents=True, exist_ok=True)
            _empty(trash, time.time() - TRASH_SECONDS)
            if (trash / run.id).exists():
                shutil.rmtree(trash / run.id)
            os.replace(run.path, trash / run.id)
            os.utime(trash / run.id)
        except OSError:
            raise Fault(f"Run {run.id} is gone already, or cannot be moved.") from None
        return run.id

    def empty_trash(self) -> None:
        """Free what the runs in the trash take, at once and for good; raises Fault where something stays."""
        trash = self.root / TRASH
        if trash.is_dir() and not all(self.rights.may_change(Run(path)) for path in trash.iterdir()):
            raise Fault("Runs of other people lie in the trash too; the teacher empties it.")
        if trash.is_dir():
            _empty(trash, math.inf)
        if trash.is_dir() and any(trash.iterdir()):
            raise Fault("Something in the trash cannot be deleted; another program may have it open.")

    def restore(self, run_id: str) -> Run:
        """Take a run out of the trash; raises Fault where it is not there, or its place is taken."""
        source, target = self.root / TRASH / checked_id(run_id), self.root / run_id
        if target.exists():
            raise Fault(f"There is a run {run_id} again; nothing was restored.")
        if not self.rights.may_change(Run(source)):
            raise Fault(f"Run {run_id} belongs to somebody else, so you cannot bring it back.")
        try:
            os.replace(source, target)
        except OSError:
            raise Fault(f"Run {run_id} is no longer in the trash.") from None
        return Run(target)

    def export_zip(self, run: Run) -> Path:
        """Write a run to a temporary zip file, which the caller deletes; raises Fault."""
        try:
            return archive.write(run)
        except OSError as error:
            raise Fault(f"The zip file cannot be written: {refusal(error)}.") from None

    def import_zip(self, file: BufferedIOBase | Path) -> Run:
        """Add a run from a zip file; raises Fault, in one plain sentence, and then nothing is left behind."""
        folder = self.root / f".import-{fresh_id('run')}"
        try:
            intake.unpack(file, folder)
            self.claim(Run(folder))
            target = self.root / fresh_id(Run(folder).config.name or "uploaded")
            os.replace(folder, target)
        except OSError as error:
            shutil.rmtree(folder, ignore_errors=True)
            raise Fault(f"The zip file cannot be unpacked: {refusal(error)}.") from None
        except Fault:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return Run(target)

    def claim(self, run: Run) -> None:
        """Write down that a run that was just made belongs to whom the rights are; raises Fault."""
        if self.rights.owner:
            owner.write(run.path, Owner(self.rights.owner))

    def _require_own(self, run: Run, what: str) -> None:
        if run.path.parent.resolve() != self.root.resolve():
            raise Fault(f"Run {run.id} came with seqlab and cannot be {what}.")
        if not self.rights.may_change(run):
            raise Fault(f"Run {run.id} belongs to somebody else, so it is not {what}.")


@lru_cache(maxsize=64)
def _resolved(folder: Path) -> Path:
    return folder.resolve()


def _folders(root: Path) -> list[Path]:
    try:
        return sorted(path for path in root.iterdir()
                      if path.is_dir() and not path.name.startswith(".") and path.name != RESULTS)
    except OSError:
        return []


def _readable(root: Path, points: bool = True, seen: Callable[[Run], bool] = lambda run: True) -> list[Run]:
    """Runs of a folder; what somebody does not see costs a look at its owner, and is not read."""
    return [run for run in map(Run, _folders(root)) if (points or not is_point(run.id)) and seen(run)
            and not _fault(run)]


def _fault(run: Run) -> str:
    try:
        checked_id(run.id)
        run.config, run.status  # noqa: B018 (reading them is the test)
    except Fault as fault:
        return str(fault)
    return ""


def _empty(trash: Path, before: float) -> None:
    for path in trash.iterdir():
        if path.stat().st_mtime < before:
            with remote.removing(path):
                shutil.rmtree(path, ignore_errors=True)
