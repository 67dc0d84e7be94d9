"""Which runs a page keeps up with: those that train, and those that will."""

from seqlab.training.run import Run
from seqlab.ui.shell.services import engine


def goes_on(run: Run) -> bool:
    """Whether a run trains or will; one that waits for workers to wake up may look silent and is not lost.

    A part of a page that was drawn for a run which goes on has a timer; without one it would stand still for good.
    """
    status = run.status
    held = status.state == "interrupted" and (bool(engine().position(run.id)) or run.id in engine().running())
    return status.active or held
