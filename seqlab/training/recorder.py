"""The worker's side of a run folder: publishing metrics and status, the heartbeat, the lock and the passport."""

import hashlib
import json
import platform
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np

import seqlab
from seqlab import locks, remote
from seqlab.errors import Fault
from seqlab.files import append_line, write_aside
from seqlab.training import metrics, status
from seqlab.training.beside import beside
from seqlab.training.config import RunConfig
from seqlab.training.status import Status

PRIVATE, LOCK = "optimiser", ".lock"


class Recorder:
    """Writes the metrics and the status of one run; its OSErrors are for the caller.

    ``done[0]`` is the number of updates that were done, also those of a worker that was killed.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.status = status.read(folder)
        file = _private(folder) / ".progress"
        # Memory shared with the file: a step is noted in a tenth of a microsecond and outlives a killed process.
        self.done = np.memmap(file, np.int64, "r+" if file.exists() and file.stat().st_size == 8 else "w+", shape=(1,))

    def update(self, **changes: object) -> Status:
        """Write the status with some changes."""
        self.status = status.write(self.folder, self.status, **changes)
        return self.status

    def publish(self, row: Mapping[str, float], other: Mapping[str, float] | None = None) -> None:
        """Add a line of metrics, and what only this loop knows; numbers are cut to what a chart can show."""
        line: dict[str, object] = {"step": int(row["step"])} | {
            key: _short(value) for key, value in row.items() if key != "step"}
        if other:
            line[metrics.OTHER] = {key: _short(value) for key, value in other.items()}
        append_line(self.folder / metrics.FILE, json.dumps(line))


def _short(value: float) -> float:
    return float(f"{value:.7g}")


def _private(folder: Path) -> Path:
    """Where the worker keeps what is of no use to a reader: beside the optimiser's state."""
    (folder / PRIVATE).mkdir(exist_ok=True)
    return folder / PRIVATE


class Held(Fault):
    """Another process trains the run."""


@contextmanager
def held(folder: Path, patience: float = 0.3) -> Iterator[None]:
    """Hold a run, so that no second worker trains it; raises Held where another one still does after ``patience``.

    The system lets go of the lock when the process dies, however it dies. Where the run is at an address, all that was
    done is there before it is let go of.
    """
    end = time.monotonic() + patience
    with open(_private(folder) / LOCK, "wb") as file:
        while remote.is_claimed(folder) or not (locks.take(file) and remote.claim(folder)):
            if time.monotonic() >= end:
                raise Held(f"Run {folder.name} is already being trained.")
            time.sleep(0.1)
        try:
            yield
        finally:
            remote.settle(folder)
    remote.refresh(folder)


def is_held(folder: Path) -> bool:
    """Whether a living process trains a run, as far as the system can say; raises OSError."""
    return locks.taken(folder / PRIVATE / LOCK) or remote.is_claimed(folder)


@contextmanager
def heartbeat(folder: Path, every: float = 1.0) -> Iterator[None]:
    """Touch the status every second, so that a step of a minute does not look like a dead worker."""
    def beat(over: threading.Event) -> None:
        while not over.wait(every):
            status.touch(folder)

    with beside(beat, "heartbeat"):
        yield


class Stopwatch:
    """Seconds of training: it can be held while a run pauses."""

    def __init__(self, before: float = 0.0) -> None:
        self._before, self._since = before, time.perf_counter()
        self._held = False

    @property
    def seconds(self) -> float:
        """Seconds so far."""
        return self._before + (0.0 if self._held else time.perf_counter() - self._since)

    def hold(self) -> None:
        """Stand still until ``go``."""
        self._before, self._held = self.seconds, True

    def go(self) -> None:
        """Run on."""
        if self._held:
            self._since, self._held = time.perf_counter(), False


def write_passport(folder: Path, **facts: object) -> None:
    """Write, or add to, what a run was made with."""
    file = folder / "passport.json"
    known = json.loads(file.read_bytes()) if file.exists() else {}
    write_aside(file, json.dumps(known | facts, indent=1).encode())


def passport(config: RunConfig, first_batch: list[np.ndarray], device: str, threads: int) -> dict[str, object]:
    """Everything that it takes to make a run again: seed, versions, data hash, device, threads."""
    digest = hashlib.sha256()
    for array in first_batch:
        digest.update(np.ascontiguousarray(array).tobytes())
    return {"seed": config.seed, "data_sha256": digest.hexdigest()} | surroundings(device, threads)


def surroundings(device: str, threads: int) -> dict[str, object]:
    """Where a run is made: versions, device, threads, and when it began."""
    import torch

    return {
        "seqlab": seqlab.__version__, "torch": str(torch.__version__), "numpy": np.__version__,
        "python": platform.python_version(), "device": device, "platform": platform.platform(terse=True),
        "threads": threads, "started": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
    }
