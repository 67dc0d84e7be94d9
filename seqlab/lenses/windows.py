"""Sequences of a run's own task, all of one length, of each of which the last answer counts."""

from pathlib import Path

import numpy as np
import torch
from jaxtyping import Int
from torch import Tensor

from seqlab.errors import Fault
from seqlab.reference.horizon import Windows
from seqlab.training.run import Run

DRAWN, MOST, LONGEST = 256, 32, 128  # sequences that are drawn, and used, and their longest length


def drawn(path: str, condition: int | None = None, seed: int = 0) -> Windows:
    """Draw sequences as a run's training batches are, and cut each behind its last answer that is scored.

    All are as long as ``MOST`` of them can be, what stands before is cut off. Where the network reads a ``condition``,
    those that have it are taken. Raises Fault where the data are not at hand, or no answer is scored.
    """
    config = Run(Path(path)).config
    batch = config.task_spec.batch(config.task_config, DRAWN, torch.Generator().manual_seed(seed), seed)
    scored = batch.scored if batch.scored.sum() else batch.weight
    rows = [(row, *_last(scored[row], batch.lengths, row, batch.inputs.shape[1])) for row in range(len(scored))
            if scored[row].any() and (batch.condition is None or condition in (None, int(batch.condition[row])))]
    if not rows:
        raise Fault("No sequence of this network's task has an answer that is scored.")
    length = _length(np.array([time + 1 for _, time, _ in rows]))
    rows = [row for row in rows if row[1] + 1 >= length][:MOST]
    ids = np.stack([batch.inputs[row, time + 1 - length:time + 1].numpy() for row, time, _ in rows])
    targets = np.array([int(batch.targets[row, place]) for row, _, place in rows])
    given = None if batch.condition is None else batch.condition.numpy()[[row for row, _, _ in rows]]
    return Windows(ids, targets, given)


def beginnings(path: str, condition: int | None = None, seed: int = 0) -> Int[np.ndarray, "row time"]:
    """Draw sequences as a run's training batches are, and cut them to one length, which ``MOST`` of them have.

    Where the network reads a ``condition``, those that have it are taken first. Raises Fault where the data are not at
    hand.
    """
    config = Run(Path(path)).config
    batch = config.task_spec.batch(config.task_config, DRAWN, torch.Generator().manual_seed(seed), seed)
    lengths = (np.full(len(batch.inputs), batch.inputs.shape[1]) if batch.lengths is None
               else batch.lengths.numpy())
    length = _length(lengths)
    other = np.zeros(len(lengths), bool) if batch.condition is None else batch.condition.numpy() != condition
    rows = np.argsort(other[lengths >= length], kind="stable")[:MOST]
    return np.asarray(batch.inputs.numpy()[lengths >= length][rows, :length])


def _length(lengths: Int[np.ndarray, " row"]) -> int:
    """Give the greatest length that ``MOST`` sequences have, or all where there are fewer."""
    return min(LONGEST, int(np.sort(lengths)[-min(MOST, len(lengths))]))


def _last(scored: Tensor, lengths: Tensor | None, row: int, time: int) -> tuple[int, int]:
    """Time of the last answer that is scored, and its place among the targets: a whole sequence has one target."""
    place = int(scored.nonzero()[-1, 0])
    if len(scored) == time:
        return place, place
    return (time if lengths is None else int(lengths[row])) - 1, place
