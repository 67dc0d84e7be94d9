"""Torch's side of the proof: the same passes that the page draws, computed by the trained modules."""

from collections.abc import Sequence

import numpy as np
import torch
from jaxtyping import Int

from seqlab.lenses import opened
from seqlab.reference.intervention import Intervention


def passes(path: str, steps: Sequence[int], ids: Int[np.ndarray, "batch time"],
           condition: Int[np.ndarray, " batch"] | None, dtype: str,
           changes: tuple[Intervention, ...] = ()) -> list[dict[str, np.ndarray]]:
    """Run each snapshot of a run on the given symbols and return every quantity, one trace a snapshot.

    ``changes`` are made while it runs. Raises Fault for one of what is not there.
    """
    symbols = torch.from_numpy(np.asarray(ids))
    conditions = None if condition is None else torch.from_numpy(np.asarray(condition))
    networks = (opened.network(path, step, dtype) for step in steps)
    return [{name: value.numpy() for name, value in network.trace(symbols, conditions, changes=changes).items()}
            for network in networks]


def in_precisions(path: str, steps: Sequence[int], ids: Int[np.ndarray, "batch time"],
                  condition: Int[np.ndarray, " batch"] | None, dtypes: Sequence[str],
                  changes: tuple[Intervention, ...] = ()) -> dict[str, list[dict[str, np.ndarray]]]:
    """Do so in several precisions: one question instead of several."""
    return {dtype: passes(path, steps, ids, condition, dtype, changes) for dtype in dtypes}
