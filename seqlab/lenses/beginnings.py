"""Torch's answers to the beginnings of a text, each read by itself."""

from collections.abc import Sequence

import numpy as np
import torch
from jaxtyping import Float, Int

from seqlab.lenses import opened

PRECISIONS = ("float32", "float64")


@torch.inference_mode()
def answers(path: str, step: int, ids: Int[np.ndarray, " time"],
            counts: Sequence[int]) -> dict[str, Float[np.ndarray, "count classes"]]:
    """Read the first words of a text with a snapshot of a run, for each count in turn, in both precisions.

    Returns the probabilities of the labels. Raises Fault where the snapshot cannot be read.
    """
    read, by_precision = torch.from_numpy(np.array(ids))[None], {}
    for dtype in PRECISIONS:
        network = opened.network(path, step, dtype)
        rows = [network.everywhere(read[:, :count])[0, -1].softmax(-1) for count in counts]
        by_precision[dtype] = torch.stack(rows).numpy()
    return by_precision
