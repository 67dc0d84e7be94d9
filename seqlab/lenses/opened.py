"""A run's network in torch, ready to be asked."""

from functools import lru_cache
from pathlib import Path

import torch

from seqlab.models.network import SequenceNetwork
from seqlab.training import snapshots
from seqlab.training.run import Run


def network(path: str, step: int, dtype: str = "float32") -> SequenceNetwork:
    """Load one snapshot of a run into its torch network on the CPU; kept for the next question.

    Raises Fault when the snapshot cannot be read.
    """
    file = snapshots.file(Path(path), "weights", step)
    return _network(path, step, dtype, file.stat().st_mtime_ns if file.exists() else 0)


@lru_cache(maxsize=256)
def _network(path: str, step: int, dtype: str, stamp: int) -> SequenceNetwork:
    run = Run(Path(path))
    spec = run.config.task_spec
    with torch.device("meta"):
        made = SequenceNetwork(run.config.network, spec.dimensions(run.config.task_config))
    weights = {name: torch.from_numpy(array.copy()) for name, array in run.weights(step, dtype).items()}
    made.load_state_dict(weights, assign=True)
    return made.eval().requires_grad_(False)
