"""How runs end on workers, and what their folders then say."""

import time
from collections import Counter
from concurrent.futures import CancelledError
from contextlib import suppress
from typing import NamedTuple

from distributed import Future

from seqlab.errors import Fault
from seqlab.training import control, status
from seqlab.training.answer import article
from seqlab.training.recorder import is_held
from seqlab.training.run import Run

TO_SAVE = 5.0  # seconds that all runs of an engine that closes have together
MOST_LOSSES = 10  # workers that may go away under a run before it is given up
KILLED = "The worker died again and again under this run, perhaps for want of memory; take a smaller network."


def active(run: Run) -> bool:
    """Whether a run's folder says that it is to be trained: it may have been stopped, or deleted, while it waited."""
    try:
        return status.read(run.path).active
    except Fault:
        return False


def waits(run: Run) -> bool:
    """Whether a run's folder says that no worker has it yet."""
    try:
        return status.read(run.path).state == "queued"
    except Fault:
        return False


def put_back(run: Run) -> bool:
    """Say that a run waits for a worker again; one that was paused stays so.

    Returns whether it does: not one that is over, that a process has still, that was recorded from a loop of its own,
    or whose folder does not take it.
    """
    try:
        now = status.read(run.path)
        if not now.active or now.recorded or is_held(run.path):
            return False
        status.write(run.path, now, state="paused" if now.state == "paused" else "queued", message="")
    except (Fault, OSError):
        return False
    return True


def set_state(run: Run, state: status.State, message: str) -> bool:
    """Write the state of a run from outside; returns whether its folder could take it."""
    try:
        status.write(run.path, status.read(run.path), state=state, message=message)
    except (Fault, OSError):
        return False
    return True


def step_of(run: Run) -> int:
    """Step that a run has come to; -1 where its folder is gone."""
    try:
        return status.read(run.path).step
    except Fault:
        return -1


def killed(future: Future) -> bool:
    """Whether a run ended because one worker after another died under it."""
    return type(future.exception()).__name__ == "KilledWorker"


def note_failure(run: Run, future: Future, began: int) -> None:
    """Say of a run why its worker gave it up, unless the worker was killed after the run had gone on from ``began``."""
    if future.status != "error":
        said = _refused(run, future)
    else:
        said = "" if killed(future) and step_of(run) > began else why(future)
    if said:
        set_state(run, "failed", said)


def why(future: Future) -> str:
    """Say in a sentence why a worker gave a run up."""
    if killed(future):
        return KILLED
    return f"The worker gave up with {article(type(future.exception()).__name__)}; the log says more."


def _refused(run: Run, future: Future) -> str:
    """Why its worker could not use a run's folder; an empty text where it could."""
    if active(run):  # else it has come to an end of its own, and says which
        with suppress(Exception, CancelledError):  # the worker, which has the answer, may be gone
            return str(future.result(timeout=TO_SAVE))
    return ""


class Assigned(NamedTuple):
    """A run that a worker has: what comes of it, the worker's slot, whose run it is, and since when (monotonic)."""

    run: Run
    future: Future
    slot: str
    owner: str
    since: float


class Losses:
    """How often the workers of a running cluster went away under each run since it last came further."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[int, int]] = {}

    def goes_on(self, run: Run) -> bool:
        """Note one more; returns whether another worker may have the run, which has failed otherwise."""
        step, (before, count) = step_of(run), self._known.get(run.id, (-1, 0))
        count = 1 if step > before else count + 1
        self._known[run.id] = step, count
        if count > MOST_LOSSES:
            self.forget(run)
            set_state(run, "failed", KILLED)
        return count <= MOST_LOSSES

    def forget(self, run: Run) -> None:
        """Count anew: the run is over, or it came to an end by itself."""
        self._known.pop(run.id, None)


def left(training: list[Assigned]) -> list[Assigned]:
    """Those that are over while others, which train in one program with them, go on."""
    shared = Counter(one.future.key for one in training)
    return [one for one in training if shared[one.future.key] > 1 and not active(one.run)]


def interrupt(training: list[Assigned], goes_on: bool) -> None:
    """Have runs saved and let go of, and wait a moment for them; ``goes_on`` has them wait for the next engine."""
    paused = {run.id for run, *_ in training if _state(run) == "paused"}
    for run, *_ in training:
        with suppress(Fault):
            control.send(run, "interrupt")
    end = time.monotonic() + TO_SAVE
    for run, future, *_ in training:
        with suppress(Exception, CancelledError):
            future.result(timeout=max(0.1, min(1.0, end - time.monotonic())))
        if goes_on and _state(run) == "interrupted":
            set_state(run, "paused" if run.id in paused else "queued", "")


def _state(run: Run) -> str:
    try:
        return status.read(run.path).state
    except Fault:
        return ""
