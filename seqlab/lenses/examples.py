"""An example of a run's task, drawn as its training batches are."""

from pathlib import Path

import torch

from seqlab.tasks import Example
from seqlab.training.run import Run


def drawn(path: str, seed: int = 0) -> Example:
    """Draw one sequence that the run could be trained on, by its task's own ``batch``; one seed, one example.

    What fills a sequence up is cut off. Raises Fault where the data of the task is not at hand.
    """
    config = Run(Path(path)).config
    batch = config.task_spec.batch(config.task_config, 1, torch.Generator().manual_seed(seed), seed)
    time = batch.inputs.shape[1] if batch.lengths is None else int(batch.lengths[0])
    condition = None if batch.condition is None else int(batch.condition[0])
    read = batch.targets.shape[1] if batch.targets.shape[1] != batch.inputs.shape[1] else time
    targets, weight, scored = (part[:1, :read].numpy() for part in (batch.targets, batch.weight, batch.scored))
    return Example(batch.inputs[:1, :time].numpy(), condition, targets, weight, scored)
