"""Torch's side of the proof: the same passes that the page draws, computed by the trained modules."""

from collections.abc import Sequence
from copy import deepcopy

import numpy as np
import torch
from jaxtyping import Int

from seqlab.errors import Fault
from seqlab.lenses import opened
from seqlab.models.network import SequenceNetwork

Heads = Sequence[tuple[int, int]]  # pairs of a layer and a head


def passes(path: str, steps: Sequence[int], ids: Int[np.ndarray, "batch time"],
           condition: Int[np.ndarray, " batch"] | None, dtype: str,
           ablated: Heads = ()) -> list[dict[str, np.ndarray]]:
    """Run each snapshot of a run on the given symbols and return every quantity, one trace a snapshot.

    ``ablated`` names attention heads, as (layer, head), that are switched off. Raises Fault for one that is not there.
    """
    symbols = torch.from_numpy(np.asarray(ids))
    conditions = None if condition is None else torch.from_numpy(np.asarray(condition))
    networks = (without(opened.network(path, step, dtype), ablated) for step in steps)
    return [{name: value.numpy() for name, value in network.trace(symbols, conditions).items()} for network in networks]


def in_precisions(path: str, steps: Sequence[int], ids: Int[np.ndarray, "batch time"],
                  condition: Int[np.ndarray, " batch"] | None,
                  dtypes: Sequence[str], ablated: Heads = ()) -> dict[str, list[dict[str, np.ndarray]]]:
    """Do so in several precisions: one question instead of several."""
    return {dtype: passes(path, steps, ids, condition, dtype, ablated) for dtype in dtypes}


@torch.no_grad()
def without(network: SequenceNetwork, ablated: Heads) -> SequenceNetwork:
    """Copy a network and zero the columns of W_o that read the given heads; the network itself if there are none."""
    if not ablated:
        return network
    network = deepcopy(network)
    weights = dict(network.named_parameters())
    for layer, head in ablated:
        W_q = weights.get(f"core.blocks.{layer}.attention.W_q")
        if W_q is None or not 0 <= head < len(W_q):
            raise Fault(f"This network has no attention head {head} in layer {layer} to switch off.")
        weights[f"core.blocks.{layer}.attention.W_o"].unflatten(1, W_q.shape[:2])[:, head] = 0.0
    return network
