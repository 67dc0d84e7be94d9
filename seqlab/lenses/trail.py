"""The trail of a symbol again, by the trained modules: one pass of torch with every alternative in its place."""

from collections.abc import Sequence

import numpy as np
import torch
from jaxtyping import Float, Int

from seqlab.lenses import opened
from seqlab.reference.changed import Changes


@torch.no_grad()
def trails(path: str, step: int, ids: Int[np.ndarray, " time"], condition: int | None, positions: Sequence[int],
           alternatives: Sequence[int], names: Sequence[str],
           dtype: str, changes: Changes = ()) -> dict[str, Float[np.ndarray, "position time unit"]]:
    """Give for each position the standard deviation, over the alternatives at it, of the quantities so named.

    ``changes`` are made in every pass. Raises Fault for one of what is not there.
    """
    network, choices = opened.network(path, step, dtype), torch.tensor(alternatives)
    batch = torch.from_numpy(np.asarray(ids)).repeat(len(positions), len(choices), 1)
    for row, position in enumerate(positions):
        batch[row, :, position] = choices
    flat = batch.flatten(0, 1)
    given = None if condition is None else torch.full((len(flat),), condition)
    values = network.trace(flat, given, changes=changes)
    return {name: value.unflatten(0, (len(positions), len(choices))).std(1, correction=0).numpy()
            for name, value in ((name, values[name]) for name in names)}


def in_precisions(path: str, step: int, ids: Int[np.ndarray, " time"], condition: int | None,
                  positions: Sequence[int], alternatives: Sequence[int], names: Sequence[str],
                  dtypes: Sequence[str], changes: Changes = ()) -> dict[str, dict[str, np.ndarray]]:
    """Do so in several precisions: one question instead of several."""
    return {dtype: trails(path, step, ids, condition, positions, alternatives, names, dtype, changes)
            for dtype in dtypes}
