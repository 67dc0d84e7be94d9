"""How a run is doing, as its folder says."""

import os
import time
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from seqlab.errors import Fault
from seqlab.files import write_aside

State = Literal["queued", "running", "paused", "finished", "stopped", "failed", "diverged", "interrupted"]
ACTIVE = ("queued", "running", "paused")
FILE = "status.json"

# Who holds a run touches its status every second; after this many seconds of silence nobody holds it any more.
SILENCE = 15.0


class Status(BaseModel):
    """State of a run.

    ``step`` counts the updates done of ``steps``; ``seconds`` is time spent training, pauses aside; ``updated`` and
    ``started`` are unix times; ``resumed`` counts restarts and ``steps_repeated`` the updates that were done again;
    ``lr`` is the learning rate in force before warm-up and decay; loss, accuracy, evaluation (accuracy on
    fresh data), validation (loss there) and valid (share of what it writes that is in its language) are the latest.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    state: State = "queued"
    step: int = 0
    steps: int = 0
    seconds: float = 0.0
    message: str = ""
    device: str = ""
    worker: str = ""
    pid: int = 0
    updated: float = 0.0
    started: float = 0.0
    resumed: int = 0
    steps_repeated: int = 0
    lr: float | None = None
    loss: float | None = None
    accuracy: float | None = None
    evaluation: float | None = None
    validation: float | None = None
    valid: float | None = None
    control_offset: int = 0

    @property
    def active(self) -> bool:
        """Whether a worker has the run or will have it."""
        return self.state in ACTIVE


def read(folder: Path) -> Status:
    """Read the status as it was written; ``updated`` is when its holder last touched it. Raises Fault."""
    file = folder / FILE
    try:
        status = Status.model_validate_json(file.read_bytes())
        return status.model_copy(update={"updated": file.stat().st_mtime})
    except (OSError, ValidationError):
        raise Fault(f"Run {folder.name} has no readable status; it was deleted or not written to its end.") from None


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


def as_seen(status: Status) -> Status:
    """The status as a person should see it: a run whose holder went silent was interrupted."""
    if status.active and time.time() - status.updated > SILENCE:
        message = f"Interrupted at step {status.step}; it can go on from its last snapshot."
        return status.model_copy(update={"state": "interrupted", "message": message})
    return status
