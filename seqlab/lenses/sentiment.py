"""Torch's side of the sentiment view: the same text read again, and every shortened text by itself."""

from collections.abc import Sequence

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from seqlab.lenses import opened
from seqlab.models.network import SequenceNetwork
from seqlab.models.pooling import winners
from seqlab.reference.pooling import MAXIMA

PRECISIONS = ("float32", "float64")
AT_ONCE = 20_000  # words that are read in one go


@torch.inference_mode()
def view(path: str, step: int, ids: Int[np.ndarray, " time"],
         places: Sequence[int]) -> dict[str, dict[str, np.ndarray]]:
    """Read a text with a snapshot of a run, in both precisions.

    Returns for each ``p`` (``time classes``), ``pooled`` (``hidden``, at the end), ``won`` (the place of the word that
    each unit's maximum stands at, where the pool takes one) and ``without`` (``place classes``, the probabilities
    without each of these words). Raises Fault where the snapshot cannot be read.
    """
    by_precision = {}
    for dtype in PRECISIONS:
        network, read = opened.network(path, step, dtype), torch.from_numpy(np.array(ids))
        trace = network.trace(read[None])
        part = {"p": trace["p"][0], "without": without(network, read, places)}
        if "pooled" in trace:
            part |= {"pooled": trace["pooled"][0, -1]}
        if network.pooling in MAXIMA:
            part |= {"won": winners(trace[list(trace)[-4]])[0, -1].double()}
        by_precision[dtype] = {name: tensor.numpy() for name, tensor in part.items()}
    return by_precision


def without(network: SequenceNetwork, ids: Int[Tensor, " time"],
            places: Sequence[int]) -> Float[Tensor, "place classes"]:
    """Probabilities of a text without one word, for each of some places; each text is read from its beginning."""
    hop, parts = max(1, AT_ONCE // len(ids)), []
    for first in range(0, len(places), hop):
        rows = torch.stack([torch.cat((ids[:place], ids[place + 1:])) for place in places[first:first + hop]])
        parts.append(network.everywhere(rows)[:, -1].softmax(-1))
    return torch.cat(parts)
