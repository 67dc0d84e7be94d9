"""The final test of a network that classifies texts: all of the test set, once."""

from pathlib import Path

import torch

from seqlab.lenses import opened
from seqlab.reference.shares import wilson
from seqlab.tasks.sentiment import final_test
from seqlab.training.run import Run


@torch.inference_mode()
def measured(path: str, step: int) -> dict[str, float]:
    """Score a snapshot of a run on the test set: ``accuracy`` with the ends of its 95 % interval, ``loss``, ``count``.

    The interval is Wilson's (``reference.shares``). Raises Fault where the test set is not at hand, or the snapshot
    cannot be read.
    """
    network = opened.network(path, step, "float32")
    right, loss = final_test(Run(Path(path)).config.task_config, network, torch.device("cpu"))
    low, high = wilson(int(right.sum()), len(right))
    return {"accuracy": float(right.mean()), "low": low, "high": high, "loss": float(loss.mean()),
            "count": float(len(right))}
