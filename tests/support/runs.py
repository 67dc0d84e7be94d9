"""Runs of a second or less, and how to end and remove them."""

import shutil
from contextlib import suppress
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

from seqlab.errors import Fault
from seqlab.training import control, snapshots
from seqlab.training.config import RunConfig
from seqlab.training.run import Run, create, network_shapes
from seqlab.training.session import train
from tests.support.waiting import wait_for

SMALL: dict[str, object] = {"task": {"name": "echo", "delay": 2, "length": 8}, "batch": 8, "device": "cpu"}
TINY: dict[str, object] = SMALL | {"network": {"hidden": 8, "embedding": 4}, "steps": 30, "evaluate_every": 20}


def small_config(**changes: object) -> RunConfig:
    """An echo run of a second: 16 units, 8 sequences a step."""
    values = SMALL | {"network": {"hidden": 16, "embedding": 8}, "steps": 60, "evaluate_every": 30}
    return RunConfig.model_validate(values | changes)


def tiny_config(**changes: object) -> RunConfig:
    """An echo run of a moment, where only its being there matters."""
    return RunConfig.model_validate(TINY | changes)


def tiny_run(folder: Path, **changes: object) -> Run:
    """Train a tiny echo network, or what the changes make of it, in this process."""
    run = create(folder, tiny_config(**changes))
    train(run.path)
    return run


def same_as_alone(run: Run) -> bool:
    """Whether a run that ended early has, to the bit, the weights of one that trains as far in this process, alone."""
    alone = create(run.path.parent, run.config.model_copy(update={"steps": run.status.step}))
    train(alone.path)
    return all(np.array_equal(array, alone.weights()[name]) for name, array in run.weights().items())


def stop_run(run: Run) -> None:
    """End a run and wait until it has ended."""
    with suppress(Fault):
        control.stop(run)
    wait_for(lambda: not run.status.active)


def remove_run(run: Run) -> None:
    """Delete a run that an earlier test made; one that a worker still writes is stopped first."""
    with suppress(Fault):
        control.stop(run)

    def gone() -> bool:
        shutil.rmtree(run.path, ignore_errors=True)
        return not run.path.exists()

    wait_for(gone, 20, pause=0)


def random_run(folder: Path, seed: int = 0, **changes: object) -> Run:
    """A tiny run that was never trained: random weights after no update, written in a moment."""
    run, rng = create(folder, tiny_config(**changes)), np.random.default_rng(seed)
    shapes = network_shapes(run.config)
    weights = {name: rng.normal(0, 0.5, shape).astype(np.float32) for name, shape in shapes.items()}
    save_file(weights, snapshots.file(run.path, "weights", 0))
    return run
