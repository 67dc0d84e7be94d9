"""One quantity of a network along many rows of symbols, read in batches, and nothing else kept."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Float16, Int

from seqlab import notation
from seqlab.reference.core import Core
from seqlab.reference.edit import Edit, Editable, unchanged
from seqlab.reference.network import encode, stack
from seqlab.reference.reading import finite
from seqlab.reference.weights import Weights

MOST_NUMBERS = 32_000_000  # of a pass
AXES = ("batch", "time", "hidden")


def by_unit(core: Core, weights: Weights) -> dict[str, int]:
    """Names of the quantities that have a number for each unit at each time, and how many units they have.

    The memory comes first, in an LSTM its cells, then other states, then all else, and of each the top layer first.
    """
    trace = stack(core, encode(np.zeros((1, 1), np.int64), weights), weights)
    names = [name for name in trace if notation.layer(name) is not None and notation.symbol(name).axes == AXES]
    states = list(dict.fromkeys([*reversed(core.state), "h"]))
    places = {name: states.index(key) if (key := notation.symbol(name).key) in states else len(states)
              for name in names}
    ordered = sorted(names, key=lambda name: (places[name], -(notation.layer(name) or 0)))
    return {name: trace[name].shape[-1] for name in ordered}


def batches(core: Core, rows: Sequence[Int[np.ndarray, " _"]], weights: Weights,
            name: str) -> Iterator[tuple[list[int], Float[np.ndarray, "row time unit"]]]:
    """Read rows of any lengths: which of them, and the quantity along each, behind a shorter one something more.

    Raises Fault where the numbers are not finite, KeyError for a quantity that is not there.
    """
    width = sum(part.shape[0] for part in weights.values() if part.ndim == 1) or 1
    order = sorted(range(len(rows)), key=lambda place: len(rows[place]))
    while order:
        most = len(rows[order[-1]])
        group = order[-max(1, MOST_NUMBERS // (most * width)):]
        order = order[:len(order) - len(group)]
        ids = np.stack([np.pad(rows[place], (0, most - len(rows[place])), "edge") for place in group])
        yield group, finite(_computed(core, ids, weights, name))


class _Complete(Exception):
    """Ends a pass once the quantity that it is for is there; what comes behind it nobody reads."""

    def __init__(self, values: np.ndarray) -> None:
        self.values = values


@dataclass(frozen=True)
class _Until:
    """Edits that change nothing and end the pass at one quantity, where it is computed for all times at once."""

    name: str

    def at(self, layer: int | None = None) -> Edit:
        if layer is None or layer != notation.layer(self.name):
            return unchanged
        return self._end

    def codes(self, codes: Editable, ids: object) -> None:
        """Change nothing."""

    def _end(self, t: int | None = None, /, **quantities: Editable) -> None:
        key = notation.symbol(self.name).key
        if t is None and key in quantities:
            raise _Complete(np.asarray(quantities[key]))


def _computed(core: Core, ids: Int[np.ndarray, "row time"], weights: Weights,
              name: str) -> Float[np.ndarray, "row time unit"]:
    try:
        return stack(core, encode(ids, weights), weights, edits=_Until(name))[name]
    except _Complete as complete:
        return complete.values


def stored(core: Core, rows: Sequence[Int[np.ndarray, " _"]], firsts: Sequence[int], weights: Weights,
           name: str) -> Float16[np.ndarray, "unit position"]:
    """Give the quantity along rows, each from its first time that counts on, one after another, in half precision."""
    parts: dict[int, np.ndarray] = {}
    for group, values in batches(core, rows, weights, name):
        for row, place in enumerate(group):
            parts[place] = np.clip(values[row, firsts[place]:len(rows[place])], -65504, 65504).astype(np.float16)
    return np.concatenate([parts[place] for place in range(len(rows))]).T
