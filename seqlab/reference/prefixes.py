"""How an answer grows with each word, and what words without a meaning of their own do to it."""

import numpy as np
from jaxtyping import Float, Int

from seqlab.reference.core import Core
from seqlab.reference.network import network
from seqlab.reference.pooling import Pooling
from seqlab.reference.weights import Weights

MOST = 24  # beginnings of a text that are read one by one, where each has to be


def at_each(core: Core, ids: Int[np.ndarray, " time"], weights: Weights, pooling: Pooling = "max",
            first: int = 1) -> tuple[Int[np.ndarray, " count"], Float[np.ndarray, "count classes"]]:
    """Probabilities after the first words alone: how many words these were, and what the network answers to them.

    ``first`` is the shortest beginning. A core that does not see what follows gives all of them in one pass; of one
    that does, each beginning is read by itself, and of a long text only ``MOST``, evenly spread, the whole among them.
    Agrees with reading every beginning by itself to 1e-12 in float64 (tests/reference/test_prefixes.py).
    """
    if core.sees != "all":
        counts = np.arange(first, len(ids) + 1)
        return counts, network(core, ids[None], weights, pooling=pooling)["p"][0, first - 1:]
    counts = np.unique(np.linspace(first, len(ids), min(MOST, len(ids) - first + 1)).round().astype(np.int64))
    return counts, np.stack([network(core, ids[None, :count], weights, pooling=pooling)["p"][0, -1]
                             for count in counts])
