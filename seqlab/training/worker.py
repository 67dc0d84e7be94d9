"""What runs on Dask's workers: loading torch before it is needed, training a run, answering a question."""

import importlib
import os
import signal
from contextlib import suppress
from pathlib import Path
from typing import Any

from distributed import Worker
from distributed.diagnostics.plugin import WorkerPlugin

from seqlab.errors import Fault

TRAIN, EVALUATE = "train", "evaluate"


class Preload(WorkerPlugin):
    """Loads torch before the first task, and makes training give way to whoever waits for a picture."""

    name = "seqlab-preload"
    idempotent = True

    def setup(self, worker: Worker) -> None:
        """Run once on each worker, also on one that is started later in place of another."""
        resources = worker.state.total_resources
        trains = TRAIN in resources or EVALUATE not in resources
        if TRAIN in resources or EVALUATE in resources:
            # Ctrl-C in a terminal reaches all its processes; ours are ended by the engine, in order.
            with suppress(ValueError):
                signal.signal(signal.SIGINT, signal.SIG_IGN)
        if TRAIN in resources:
            with suppress(OSError, AttributeError):
                os.nice(10)
        import torch

        torch.set_num_threads(1)
        importlib.import_module("seqlab.models.network")
        if trains:
            # The first optimiser would load it, and that takes more than a second.
            importlib.import_module("torch._dynamo")
            importlib.import_module("seqlab.training.session")


def train(path: str) -> str:
    """Train a run to its end; returns the state it ended in. A run that another worker has is left to it."""
    from distributed import get_worker

    from seqlab.training import session

    return session.train(Path(path), worker=str(get_worker().name)).state


def answer(target: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Call a function of seqlab by its name, such as ``seqlab.lenses.accuracy:by_delay``; raises Fault."""
    module, _, name = target.partition(":")
    if not module.startswith("seqlab.") or not name:
        raise Fault(f"{target!r:.80} is not a function of seqlab.")
    return getattr(importlib.import_module(module), name)(*args, **kwargs)
