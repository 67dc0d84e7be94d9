"""How runs end on workers, and what their folders then say."""

from concurrent.futures import CancelledError
from contextlib import suppress

from distributed import Future

from seqlab.errors import Fault
from seqlab.training import control, status
from seqlab.training.answer import article
from seqlab.training.run import Run


def waits(run: Run) -> bool:
    """Whether a run's folder says that it waits for a worker."""
    try:
        return status.read(run.path).state == "queued"
    except Fault:
        return False


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


def why(future: Future) -> str:
    """Say in a sentence why a worker gave a run up."""
    error = future.exception()
    if isinstance(error, Fault):
        return str(error)
    if killed(future):
        return "The worker died again and again under this run, perhaps for want of memory; take a smaller network."
    return f"The worker gave up with {article(type(error).__name__)}; the log says more."


def interrupt(training: list[tuple[Run, Future, str | None]]) -> None:
    """Have runs saved and let go of, and wait a moment for each."""
    for run, _, _ in training:
        with suppress(Fault):
            control.send(run, "interrupt")
    for _, future, _ in training:
        with suppress(Exception, CancelledError):
            future.result(timeout=1)
