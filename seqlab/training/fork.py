"""Going on: the same run from where it stopped, or a new one from a snapshot of another."""

import shutil
from pathlib import Path

from seqlab.errors import Fault
from seqlab.training import control, metrics, samples, snapshots, status, words
from seqlab.training.run import Run, create


def go_on(run: Run, root: Path, from_step: int | None = None) -> Run:
    """Make a run ready to train on, and return the run that will: itself or, where it must stay as it is, a new one.

    A new one is made for a given step, for a run that is finished, and for one that does not lie in ``root``.
    Raises Fault where the run is active or has nothing to go on from.
    """
    now = run.status
    if from_step is not None or now.state == "finished" or run.path.parent.resolve() != root.resolve():
        return fork(run, root, from_step)
    if now.active:
        raise Fault(f"Run {run.id} is {now.state} already.")
    status.write(run.path, now, state="queued", message="", control_offset=control.journal_end(run.path))
    return run


def fork(run: Run, root: Path, from_step: int | None = None) -> Run:
    """Make a run that starts where another one stood after ``from_step`` updates (None: its newest snapshot).

    It takes over the snapshots and metrics up to there. A run that has done all its steps gets as many again; what
    would stop it at once is left out. Raises Fault where there is no such snapshot.
    """
    kept = run.snapshots()
    if not kept:
        raise Fault(f"Run {run.id} has no snapshot to go on from.")
    step = kept[-1] if from_step is None else from_step
    if step not in kept:
        raise Fault(f"Run {run.id} has no snapshot at step {step}; it has {kept[0]} to {kept[-1]}.")
    run.weights(step)
    old = run.config
    steps = old.steps if step < old.steps else step + old.steps
    name = f"{run.name[:50]} from step {step}"
    new = create(root, old.model_copy(update={"name": name, "steps": min(steps, 10_000_000), "stop_at": None}))
    try:
        _copy(run, new, [known for known in kept if known <= step])
    except OSError as error:
        shutil.rmtree(new.path, ignore_errors=True)
        raise Fault(f"The snapshot cannot be copied: {(error.strerror or 'the disk refused').lower()}.") from None
    # No learning rate: the one that was in force at the snapshot is read from there.
    status.write(new.path, new.status, step=step, lr=None)
    return new


def _copy(run: Run, new: Run, steps: list[int]) -> None:
    for step in steps:
        for part in ("weights", "optimiser") if step == steps[-1] else ("weights",):
            source = snapshots.file(run.path, part, step)
            if source.exists():
                shutil.copyfile(source, snapshots.file(new.path, part, step))
    for name in (metrics.FILE, samples.FILE, words.FILE, "passport.json"):
        if (run.path / name).exists():
            shutil.copyfile(run.path / name, new.path / name)
    metrics.rewind(new.path / metrics.FILE, steps[-1])
    samples.rewind(new.path / samples.FILE, steps[-1])
