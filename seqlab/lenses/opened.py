"""A run's network in torch, ready to be asked."""

from pathlib import Path

import torch

from seqlab.models.network import SequenceNetwork
from seqlab.training import snapshots, weights
from seqlab.training.cache import ByteCache
from seqlab.training.run import Run

CACHE_BYTES = 48 * 2**20


def network(path: str, step: int, dtype: str = "float32") -> SequenceNetwork:
    """Load one snapshot of a run into its torch network on the CPU; kept for the next question.

    Raises Fault when the snapshot cannot be read.
    """
    file = snapshots.file(Path(path), "weights", step)
    return _opened.get((path, step, dtype), weights.stamp(file), lambda: _open(path, file, dtype))


@torch.inference_mode(False)  # or weights first read for a picture could not be differentiated for the next question
def _open(path: str, file: Path, dtype: str) -> SequenceNetwork:
    config = Run(Path(path)).config
    with torch.device("meta"):
        made = SequenceNetwork(config.network, config.task_spec.dimensions(config.task_config))
    arrays = weights.read(file, config, dtype)
    made.load_state_dict({name: torch.from_numpy(array.copy()) for name, array in arrays.items()}, assign=True)
    return made.eval().requires_grad_(False)


def _bytes(made: SequenceNetwork) -> int:
    return sum(weight.nbytes for weight in made.parameters())


_opened: ByteCache[tuple[str, int, str], SequenceNetwork] = ByteCache(CACHE_BYTES, _bytes)
