"""Which runs a page keeps up with: those that train, and those that will; and what is new of them."""

from contextlib import suppress
from pathlib import Path

from seqlab.training import metrics, samples
from seqlab.training.run import Run
from seqlab.ui.shell.pacing import News
from seqlab.ui.shell.services import engine


def goes_on(run: Run) -> bool:
    """Whether a run trains or will; one that waits for workers to wake up may look silent and is not lost.

    A part of a page that was drawn for a run which goes on has a timer; without one it would stand still for good.
    """
    status = run.status
    held = status.state == "interrupted" and (bool(engine().position(run.id)) or run.id in engine().running())
    return status.active or held


def new_figures(run: Run) -> News:
    """What a run has said of itself: a part that shows its figures or its texts is drawn anew when it says more."""
    return lambda: (run.status.model_copy(update={"updated": 0.0}), _written(run.path / metrics.FILE),
                    _written(run.path / samples.FILE), run.status.state == "queued" and engine().position(run.id))


def new_weights(run: Run) -> News:
    """Which weights a run has: a part that looks inside is drawn anew when there are newer ones, or the run is over."""
    return lambda: (run.status.state, _written(run.path / "weights"), _gives_way(run))


def weights_to_show(run: Run) -> list[int]:
    """Snapshots of a run that a page may look into now: none of a new one while others that are new stand still."""
    return [] if _gives_way(run) else run.snapshots()


def _gives_way(run: Run) -> bool:
    return run.status.active and engine().beginnings.gives_way(run)


def _written(file: Path) -> int:
    """When a file was written last, or a folder's list; 0 where there is none."""
    with suppress(OSError):
        return file.stat().st_mtime_ns
    return 0
