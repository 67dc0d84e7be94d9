"""A network that reads a text for a search: one quantity along all of it in NumPy, and torch's of some rows."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float, Float16, Int

from seqlab.lenses import opened
from seqlab.reference.quantity import stored
from seqlab.training.run import Run

PRECISIONS = ("float32", "float64")
MOST_CORES = 4


def states(path: str, step: int, rows: Sequence[Int[np.ndarray, " _"]], firsts: Sequence[int],
           name: str) -> Float16[np.ndarray, "unit position"]:
    """Read rows in NumPy, single precision, and give a quantity where it counts, in half precision.

    Each core reads a share of the rows. Raises Fault where the snapshot cannot be read or its numbers are not finite.
    """
    run = Run(Path(path))
    core, weights, count = run.core, run.weights(step), min(os.cpu_count() or 1, MOST_CORES, len(rows))

    def share(place: int) -> np.ndarray:
        part = slice(place * len(rows) // count, (place + 1) * len(rows) // count)
        return stored(core, [np.asarray(row, np.int64) for row in rows[part]], firsts[part], weights, name)

    with ThreadPoolExecutor(count) as cores:
        return np.ascontiguousarray(np.concatenate(list(cores.map(share, range(count))), axis=1))


@torch.inference_mode()
def in_precisions(path: str, step: int, rows: Sequence[Int[np.ndarray, " _"]],
                  name: str) -> dict[str, Float[np.ndarray, "1 position unit"]]:
    """Give the quantity along rows as torch has it, one row after another, by precision; raises Fault likewise."""
    by_precision = {}
    for dtype in PRECISIONS:
        network = opened.network(path, step, dtype)
        by_precision[dtype] = np.concatenate([
            network.trace(torch.from_numpy(np.asarray(row, np.int64))[None])[name].numpy() for row in rows], axis=1)
    return by_precision
