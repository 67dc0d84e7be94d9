"""Torch's side of the proof: the same passes that the page draws, computed by the trained modules."""

from collections.abc import Sequence
from copy import deepcopy

import numpy as np
import torch
from jaxtyping import Int

from seqlab.errors import Fault
from seqlab.lenses import opened
from seqlab.models.network import SequenceNetwork

Pairs = Sequence[tuple[int, int]]  # of a layer and a head or a unit


def passes(path: str, steps: Sequence[int], ids: Int[np.ndarray, "batch time"],
           condition: Int[np.ndarray, " batch"] | None, dtype: str,
           ablated: Pairs = (), silenced: Pairs = ()) -> list[dict[str, np.ndarray]]:
    """Run each snapshot of a run on the given symbols and return every quantity, one trace a snapshot.

    ``ablated`` names attention heads, as (layer, head), that are switched off, ``silenced`` units of recurrent layers,
    as (layer, unit). Raises Fault for one that is not there.
    """
    symbols = torch.from_numpy(np.asarray(ids))
    conditions = None if condition is None else torch.from_numpy(np.asarray(condition))
    networks = (without(opened.network(path, step, dtype), ablated, silenced) for step in steps)
    return [{name: value.numpy() for name, value in network.trace(symbols, conditions).items()} for network in networks]


def in_precisions(path: str, steps: Sequence[int], ids: Int[np.ndarray, "batch time"],
                  condition: Int[np.ndarray, " batch"] | None,
                  dtypes: Sequence[str], ablated: Pairs = (),
                  silenced: Pairs = ()) -> dict[str, list[dict[str, np.ndarray]]]:
    """Do so in several precisions: one question instead of several."""
    return {dtype: passes(path, steps, ids, condition, dtype, ablated, silenced) for dtype in dtypes}


@torch.no_grad()
def without(network: SequenceNetwork, ablated: Pairs, silenced: Pairs = ()) -> SequenceNetwork:
    """Copy a network and zero what reads the given heads and units; the network itself if there are none."""
    if not ablated and not silenced:
        return network
    network = deepcopy(network)
    network.untie()
    weights = dict(network.named_parameters())
    for layer, head in ablated:
        W_q = weights.get(f"core.blocks.{layer}.attention.W_q")
        if W_q is None or not 0 <= head < len(W_q):
            raise Fault(f"This network has no attention head {head} in layer {layer} to switch off.")
        weights[f"core.blocks.{layer}.attention.W_o"].unflatten(1, W_q.shape[:2])[:, head] = 0.0
    for layer, unit in silenced:
        own, above = weights.get(f"core.weight_hh_l{layer}"), weights.get(f"core.weight_ih_l{layer + 1}")
        if own is None or not 0 <= unit < own.shape[1]:
            raise Fault(f"This network has no unit {unit} in layer {layer} to switch off.")
        own[:, unit] = 0.0
        (weights["decoder.weight"] if above is None else above)[:, unit] = 0.0
    return network
