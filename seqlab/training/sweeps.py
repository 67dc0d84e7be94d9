"""The sweeps of a folder of runs: one small file each, beside a mark for those that go on."""

import json
import os
import time
from contextlib import suppress
from functools import lru_cache
from math import inf
from pathlib import Path

from pydantic import ValidationError

from seqlab.errors import Fault
from seqlab.files import checked_id, parse_json, refusal, write_aside
from seqlab.training import status
from seqlab.training.config import RunConfig, explain
from seqlab.training.library import Broken, Library
from seqlab.training.run import Run
from seqlab.training.status import LATEST, SILENCE
from seqlab.training.sweep import Sweep, define

FOLDER = ".sweeps"
QUIET = 3.0  # seconds: a feeder says every second that its sweep goes on


class Sweeps:
    """What a folder of runs knows of its sweeps.

    A sweep that should go on has a mark, a file that its feeder touches every second; whoever removes the mark, from
    whatever process, stops the sweep.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._folder = root / FOLDER

    def all(self) -> tuple[list[Sweep], list[Broken]]:
        """All sweeps, the newest first, and the files that are none, with the reason."""
        sweeps, broken = [], []
        for file in sorted(self._folder.glob("sweep-*.json")) if self._folder.is_dir() else ():
            try:
                sweeps.append(self.get(file.stem))
            except Fault as fault:
                broken.append(Broken(file.stem, str(fault)))
        return sorted(sweeps, key=lambda sweep: -sweep.made), broken

    def get(self, sweep_id: str) -> Sweep:
        """Find a sweep by its id, wherever that came from; raises Fault where there is none."""
        file = self._folder / f"{checked_id(sweep_id)}.json"
        try:
            return _load(file, file.stat().st_mtime_ns)
        except OSError:
            raise Fault(f"There is no sweep {sweep_id}; it may have been deleted. Choose one from the list.") from None

    def keep(self, sweep: Sweep) -> Sweep:
        """Write a sweep down; one that is there already stays as it is. Raises Fault."""
        file = self._folder / f"{sweep.id}.json"
        if file.exists():
            return self.get(sweep.id)
        content = {"name": sweep.name, "made": sweep.made, "base": sweep.base.model_dump(), "axes": sweep.axes}
        content |= {"owner": sweep.owner} if sweep.owner else {}
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            write_aside(file, json.dumps(content, indent=1).encode())
            self._gone(sweep.id).unlink(missing_ok=True)
        except OSError as error:
            raise Fault(f"The sweep cannot be written: {refusal(error)}.") from None
        return sweep

    def runs(self, sweep: Sweep) -> list[Run]:
        """The runs of a sweep's points, as far as they were begun."""
        return [Run(self.root / point.id) for point in sweep.points if (self.root / point.id / status.FILE).exists()]

    def delete(self, sweep: Sweep) -> None:
        """Put a sweep aside and its runs in the trash; raises Fault where it goes on still."""
        runs = self.runs(sweep)
        if self.going(sweep.id) or any(run.status.active for run in runs):
            raise Fault(f"{sweep.name or sweep.id} is still going on; stop it first.")
        library = Library(self.root)
        for run in runs:
            library.delete(run.id)
        try:
            (self._folder / f"{sweep.id}.json").replace(self._gone(sweep.id))
        except OSError:
            raise Fault("The sweep is gone already, or cannot be moved.") from None

    def deleted(self, sweep_id: str) -> Sweep:
        """Find a sweep that was deleted and can be brought back; raises Fault."""
        file = self._gone(checked_id(sweep_id))
        try:
            return _load(file, file.stat().st_mtime_ns)
        except OSError:
            raise Fault("This sweep cannot be brought back any more.") from None

    def restore(self, sweep_id: str) -> Sweep:
        """Bring back a sweep that was deleted, with its runs as far as they are in the trash; raises Fault."""
        try:
            self._gone(checked_id(sweep_id)).replace(self._folder / f"{sweep_id}.json")
        except OSError:
            raise Fault("This sweep cannot be brought back any more.") from None
        sweep, library = self.get(sweep_id), Library(self.root)
        for point in sweep.points:
            try:
                library.restore(point.id)
            except Fault:
                continue
        return sweep

    def mark(self, sweep_id: str) -> None:
        """Say that a sweep goes on; its feeder says so again every second. Raises Fault."""
        try:
            self._mark(sweep_id).touch()
        except OSError as error:
            raise Fault(f"The sweep cannot go on: {refusal(error)}.") from None

    def unmark(self, sweep_id: str) -> None:
        """Say that a sweep goes on no more."""
        self._mark(sweep_id).unlink(missing_ok=True)

    def let_go(self, sweep_id: str) -> None:
        """Say that nobody feeds a sweep any more that nobody has stopped."""
        with suppress(OSError):
            os.utime(self._mark(sweep_id), (0, 0))

    def left(self) -> list[str]:
        """Ids of the sweeps that nobody has stopped and nobody feeds."""
        marks = [file.stem for file in self._folder.glob("sweep-*.going")]
        return [sweep_id for sweep_id in sorted(marks) if self._age(sweep_id) > QUIET]

    def _age(self, sweep_id: str) -> float:
        """Seconds since a sweep's feeder said that it goes on; a time in the future was written by another clock."""
        try:
            return abs(time.time() - self._mark(sweep_id).stat().st_mtime)
        except OSError:
            return inf

    def marked(self, sweep_id: str) -> bool:
        """Whether nobody has stopped a sweep since it began to go on."""
        return self._mark(sweep_id).exists()

    def going(self, sweep_id: str) -> bool:
        """Whether somebody feeds a sweep: the mark of a server that ended is old."""
        return self._age(sweep_id) < SILENCE

    def _mark(self, sweep_id: str) -> Path:
        return self._folder / f"{checked_id(sweep_id)}.going"

    def _gone(self, sweep_id: str) -> Path:
        return self._folder / f"{sweep_id}.gone"


@lru_cache(maxsize=64)
def _load(file: Path, stamp: int) -> Sweep:
    try:
        content = parse_json(file.read_bytes())
        base = RunConfig.model_validate(content["base"])
        sweep = define(content["name"], base, content["axes"])
        made = float(content["made"])
        if not 0 <= made <= LATEST:
            raise ValueError("no time")
        return Sweep(sweep.name, base, sweep.axes, made, checked_id(file.stem), str(content.get("owner", "")))
    except ValidationError as error:
        raise Fault(f"The sweep {file.stem} is not valid. {explain(error)}") from None
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
        raise Fault(f"The file of the sweep {file.stem} is not whole.") from None
