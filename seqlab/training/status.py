"""How a run is doing, as its folder says."""

import os
import time
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from seqlab.errors import Fault
from seqlab.files import write_aside

State = Literal["queued", "running", "paused", "finished", "stopped", "failed", "diverged", "interrupted"]
ACTIVE = ("queued", "running", "paused")
FILE = "status.json"
MOST_KNOWN = 4096  # statuses that are kept while their files are the same

# Who holds a run touches its status every second; after this many seconds of silence nobody holds it any more.
SILENCE = 15.0


# What a run can count and measure at most; a status or a line of metrics that says more is not one of a run.
MOST_STEPS, LARGEST, LATEST = 10**9, 1e39, 253_370_764_800.0  # the last: the year 9999, in unix time
Count = Annotated[int, Field(ge=0, le=MOST_STEPS)]
Seconds = Annotated[float, Field(ge=0, le=LATEST)]
Measured = Annotated[float, Field(ge=-LARGEST, le=LARGEST)]
Share = Annotated[float, Field(ge=0, le=1.001)]  # a mean of float32 may round up
Text = Annotated[str, Field(max_length=10_000)]


class Status(BaseModel):
    """State of a run.

    ``step`` counts the updates done of ``steps``; ``seconds`` is time spent training, pauses aside; ``updated`` and
    ``started`` are unix times; ``resumed`` counts restarts and ``steps_repeated`` the updates that were done again;
    ``lr`` is the learning rate in force before warm-up and decay; loss, accuracy, evaluation (accuracy on
    fresh data), validation (loss there) and valid (share of what it writes that is in its language) are the latest.
    ``recorded``: a person's own loop trains it and holds the run; no worker of ours ever takes it.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    state: State = "queued"
    step: Count = 0
    steps: Count = 0
    seconds: Seconds = 0.0
    message: Text = ""
    device: Text = ""
    worker: Text = ""
    pid: Count = 0
    updated: Seconds = 0.0
    started: Seconds = 0.0
    resumed: Count = 0
    steps_repeated: Count = 0
    lr: Measured | None = None
    loss: Measured | None = None
    accuracy: Share | None = None
    evaluation: Share | None = None
    validation: Measured | None = None
    valid: Share | None = None
    recorded: bool = False
    control_offset: Annotated[int, Field(ge=0, le=2**53)] = 0

    @property
    def active(self) -> bool:
        """Whether a worker has the run or will have it."""
        return self.state in ACTIVE


def read(folder: Path) -> Status:
    """Read the status as it was written; ``updated`` is when its holder last touched it. Raises Fault."""
    file = folder / FILE
    try:
        about = file.stat()
        return _parsed(file, about.st_mtime_ns, about.st_ino, about.st_size)
    except (OSError, ValidationError):
        raise Fault(f"Run {folder.name} has no readable status; it was deleted or not written to its end.") from None


@lru_cache(maxsize=MOST_KNOWN)
def _parsed(file: Path, stamp: int, node: int, size: int) -> Status:
    """Read a status once for as long as its file is the same; a list of a thousand runs is asked for twice a second."""
    status = Status.model_validate_json(file.read_bytes())
    return status.model_copy(update={"updated": stamp / 1e9})


def write(folder: Path, status: Status, **changes: object) -> Status:
    """Write the status with some changes and return it."""
    status = status.model_copy(update=changes)
    write_aside(folder / FILE, status.model_dump_json(exclude={"updated"}, indent=1).encode())
    return status


def touch(folder: Path) -> None:
    """Say that the run is still held; a folder that is gone is left alone."""
    try:
        os.utime(folder / FILE)
    except OSError:
        return


def silent(status: Status, now: float, seconds: float) -> bool:
    """Whether nobody has touched a status for so long. A time in the future was written by another clock."""
    return abs(now - status.updated) > seconds


def as_seen(status: Status) -> Status:
    """The status as a person should see it: a run whose holder went silent was interrupted."""
    if status.active and silent(status, time.time(), SILENCE):
        return status.model_copy(update={"state": "interrupted", "message": _interrupted(status)})
    return status


def _interrupted(status: Status) -> str:
    if status.recorded:
        return f"The loop that was recorded fell silent at step {status.step}; what it had written until then is here."
    if status.step:
        return f"Interrupted at step {status.step}; it can go on from its last snapshot."
    return "Interrupted before its first step; it can be started again."
