"""Where a number of a pass stands, and reading it there."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from seqlab import notation
from seqlab.reference.weights import Weights
from seqlab.trace import Trace

HEADS = ("head", "feature")  # the units of all heads, one head after another


@dataclass(frozen=True)
class Spot:
    """Which number is asked for: layer, time t, unit (of all heads, one after another), position j."""

    layer: int
    time: int
    unit: int
    key: int = 0


@dataclass(frozen=True)
class Pass:
    """One sequence through a network: its trace (a batch of one), the weights, the symbols and condition it read."""

    trace: Trace
    weights: Weights
    ids: tuple[int, ...]
    condition: int | None = None
    prefix: str = "core."

    @property
    def features(self) -> int:
        """Width of one head; 1 where there are none."""
        return self.trace["query.0"].shape[-1] if "query.0" in self.trace else 1

    def read(self, name: str, spot: Spot, time: int, along: tuple[str, ...] = ()) -> Float[np.ndarray, "..."]:
        """Read one number of the trace, or all along the named axes, those of heads and features as one."""
        head, feature = divmod(spot.unit, self.features)
        where = {"batch": 0, "time": time, "query": time, "key": spot.key, "head": head, "feature": feature}
        index = tuple(slice(None) if axis in along else where.get(axis, spot.unit)
                      for axis in notation.symbol(name).axes)
        value = np.asarray(self.trace[name][index])
        return value.reshape(-1) if along == HEADS else value
