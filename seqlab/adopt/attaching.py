"""Attaching data to an opened network: the run that trains on from its weights."""

import shutil
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from seqlab.errors import Fault
from seqlab.files import refusal
from seqlab.training import origin, snapshots, status
from seqlab.training.config import RunConfig, explain
from seqlab.training.run import Run, create

LR = 0.001  # a network that has learned already is not to forget at once


def attach(run: Run, root: Path, corpus: str | None = None, *, steps: int = 1000, lr: float = LR, batch: int = 32,
           window: int = 64, preparation: str = "whole") -> Run:
    """Make a new run in ``root`` that trains on from an opened network's newest weights; the old one stays as it is.

    It reads windows of a ``corpus``, or without one random symbols that it repeats. The run waits to be resumed.
    Raises Fault where the network has no such data, or the run cannot be written.
    """
    known = run.config
    data: dict[str, Any] = {"corpus": corpus, "preparation": preparation, "random": corpus is None,
                            "window": min(window, known.task.get("longest") or window)}
    try:
        config = RunConfig.model_validate(known.model_dump() | {
            "task": known.task | data, "steps": steps, "batch": batch, "name": f"{run.name[:60]}, trained on",
            "optimiser": known.optimiser.model_copy(update={"lr": lr}).model_dump(),
            "evaluate_every": max(1, steps // 10)})
    except ValidationError as error:
        raise Fault(explain(error)) from None
    known_from, source = run.origin, snapshots.file(run.path, "weights", run.newest)
    new = create(root, config)
    try:
        shutil.copyfile(source, snapshots.file(new.path, "weights", 0))
        if known_from is not None:
            origin.write(new.path, known_from.model_copy(update={"expected": {}}))
        status.write(new.path, new.status, state="stopped", message="Data attached; it can go on.")
    except OSError as error:
        shutil.rmtree(new.path, ignore_errors=True)
        raise Fault(f"The run cannot be written: {refusal(error)}.") from None
    return new
