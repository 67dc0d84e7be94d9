"""Going on: the same run from where it stopped, or a new one from a snapshot of another."""

import os
import shutil
from math import isclose
from pathlib import Path

from seqlab.errors import Fault
from seqlab.files import refusal
from seqlab.tasks import no_data
from seqlab.training import control, metrics, samples, snapshots, status, words
from seqlab.training.config import RunConfig
from seqlab.training.run import Run, create

MOST_STEPS = 10_000_000


def go_on(run: Run, root: Path, from_step: int | None = None, owner: str = "") -> Run:
    """Make a run ready to train on, and return the run that will: itself or, where it must stay as it is, a new one.

    A new one is made for a given step, for a run that is finished, for one that does not lie in ``root``, and for one
    that was recorded: it belongs to the loop that it was recorded from. ``owner`` is whose the new one is.
    Raises Fault where the run is active or has nothing to go on from.
    """
    if not run.config.has_data:
        no_data()
    now = run.status
    elsewhere = now.recorded or run.path.parent.resolve() != root.resolve()
    if from_step is not None or now.state == "finished" or elsewhere:
        return fork(run, root, from_step, owner)
    if now.active:
        raise Fault(f"Run {run.id} is {now.state} already.")
    status.write(run.path, now, state="queued", message="", control_offset=control.journal_end(run.path))
    return run


def fork(run: Run, root: Path, from_step: int | None = None, owner: str = "") -> Run:
    """Make a run of ``owner`` that starts where another stood after ``from_step`` updates (None: its newest snapshot).

    It takes over the snapshots and metrics up to there. A run that has done all its steps gets as many again; what
    would stop it at once is left out, and so is a schedule of the learning rate that is over: the rate stays what it
    was in the end, and the new run's status says so. Raises Fault where there is no such snapshot.
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
    config = old.model_copy(update={"name": name, "steps": min(steps, MOST_STEPS), "stop_at": None})
    base, message = _base_rate(run, step), ""
    rate = _rate_kept(run, step, config, base)
    if rate is not None:
        settled = old.optimiser.model_copy(update={"lr": rate, "decay": "none", "warmup": 0})
        config = config.model_copy(update={"optimiser": settled})
        message = (f"It goes on with the learning rate that the run before had in the end, {rate:.3g}; a schedule over "
                   "more steps would have raised it at once.")
    new = create(root, config, owner=owner)
    try:
        _copy(run, new, [known for known in kept if known <= step])
    except OSError as error:
        shutil.rmtree(new.path, ignore_errors=True)
        raise Fault(f"The snapshot cannot be copied: {refusal(error)}.") from None
    # The optimiser's state, where there is one, knows its learning rate to the bit.
    exact = snapshots.file(new.path, "optimiser", step).exists()
    status.write(new.path, new.status, step=step, lr=rate or (None if exact else base), message=message)
    return new


def _base_rate(run: Run, step: int) -> float:
    """The learning rate before warm-up and decay that was in force at a step, as exactly as it was published."""
    config = run.config.optimiser
    noted = metrics.last(run.path / metrics.FILE, step)
    if not noted or not noted["lr"] > 0:
        return config.lr
    base = noted["lr"] / config.factor(int(noted["step"]) - 1, run.config.steps)
    return config.lr if isclose(base, config.lr, rel_tol=1e-5) else base


def _rate_kept(run: Run, step: int, config: RunConfig, base: float) -> float | None:
    """The learning rate of the last update, where the new config's schedule would raise it at the next one."""
    if step < run.config.steps or config.optimiser.decay == "none":
        return None  # the schedule goes on as it was
    before = run.config.optimiser.factor(step - 1, run.config.steps)
    return base * before if config.optimiser.factor(step, config.steps) > before else None


def _share(source: Path, target: Path) -> None:
    """Let both runs have one file, which is never written into, only replaced; copy it where that cannot be."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _copy(run: Run, new: Run, steps: list[int]) -> None:
    for step in steps:
        for part in ("weights", "optimiser") if step == steps[-1] else ("weights",):
            source = snapshots.file(run.path, part, step)
            if source.exists():
                _share(source, snapshots.file(new.path, part, step))
    for name in (metrics.FILE, samples.FILE, words.FILE, "passport.json"):
        if (run.path / name).exists():
            shutil.copyfile(run.path / name, new.path / name)
    metrics.rewind(new.path / metrics.FILE, steps[-1])
    samples.rewind(new.path / samples.FILE, steps[-1])
