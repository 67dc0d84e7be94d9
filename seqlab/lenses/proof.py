"""Torch's side of the proof: the same passes that the page draws, computed by the trained modules."""

from collections.abc import Sequence

import numpy as np
import torch
from jaxtyping import Int

from seqlab.lenses import opened


def passes(path: str, steps: Sequence[int], ids: Int[np.ndarray, "batch time"],
           condition: Int[np.ndarray, " batch"] | None, dtype: str) -> list[dict[str, np.ndarray]]:
    """Run each snapshot of a run on the given symbols and return every quantity, one trace a snapshot."""
    symbols = torch.from_numpy(np.asarray(ids))
    told = None if condition is None else torch.from_numpy(np.asarray(condition))
    return [{name: value.numpy() for name, value in opened.network(path, step, dtype).trace(symbols, told).items()}
            for step in steps]


def in_precisions(path: str, steps: Sequence[int], ids: Int[np.ndarray, "batch time"],
                  condition: Int[np.ndarray, " batch"] | None,
                  dtypes: Sequence[str]) -> dict[str, list[dict[str, np.ndarray]]]:
    """Do so in several precisions: one question instead of several."""
    return {dtype: passes(path, steps, ids, condition, dtype) for dtype in dtypes}
