"""Reading on with attention: keys and values of what was read are kept, and of what is too much the older half goes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float

from seqlab.reference.attention import Cache
from seqlab.reference.core import Sight
from seqlab.reference.edit import UNCHANGED, Edits
from seqlab.reference.weights import Weights


@runtime_checkable
class Continuing(Protocol):
    """A core that reads inputs after those in its caches."""

    @property
    def sees(self) -> Sight:
        """Which inputs its output may depend on."""
        ...

    def go_on(self, x: Float[np.ndarray, "batch time input"], weights: Weights, prefix: str,
              caches: Sequence[Cache | None], edits: Edits = UNCHANGED) -> dict[str, np.ndarray]:
        """Run it, one cache a layer; the last quantity is what the decoder reads."""
        ...


@dataclass
class Window:
    """A transformer that reads on, with the keys and values of what it has read kept in caches.

    When it has read as many inputs as it may see, ``reach``, it forgets the older half of them: the newer
    ``reach // 2`` are read again, now from position 0 on, and after them the next one. So it sees between half its
    reach and all of it, and for most inputs no input is read twice.
    """

    core: Continuing
    weights: Weights
    prefix: str
    reach: int | None
    edits: Edits = UNCHANGED
    inputs: list[Float[np.ndarray, "batch input"]] = field(default_factory=list)
    caches: list[Cache] = field(default_factory=list)

    @property
    def seen(self) -> int:
        """How many inputs the last answer depends on."""
        return len(self.inputs)

    def advance(self, x: Float[np.ndarray, "batch input"]) -> Float[np.ndarray, "batch width"]:
        """Read the next input, or where it is full the newer half of all and the next one."""
        fresh = [x]
        if self.seen == self.reach:
            fresh = [*self.inputs[self.reach - self.reach // 2:], x]
            self.inputs, self.caches = [], []
        elif self.core.sees == "all":
            fresh, self.inputs, self.caches = [*self.inputs, x], [], []
        self.inputs += fresh
        self.caches = self.caches or [Cache() for _ in range(blocks(self.weights))]
        values = self.core.go_on(np.stack(fresh, axis=1), self.weights, self.prefix, self.caches, self.edits)
        return values[list(values)[-1]][:, -1]


def window(core: Continuing, weights: Weights, prefix: str, reach: int | None, edits: Edits = UNCHANGED) -> Window:
    """Begin a pass that sees at most ``reach`` inputs, and no more than there are learned positions."""
    learned = weights.get(f"{prefix}position.weight")
    limits = [limit for limit in (reach, None if learned is None else len(learned)) if limit]
    return Window(core, weights, prefix, min(limits, default=None), edits)


def windows(time: int, reach: int | None) -> list[tuple[int, int, int]]:
    """Say which inputs a ``Window`` sees that reads ``time`` of them: (start, first, end) of each stretch.

    The inputs from ``first`` on and before ``end`` are read with ``start`` at position 0.
    """
    if reach is None or time <= reach:
        return [(0, 0, time)]
    stretches, end = [(0, 0, reach)], reach
    while end < time:
        start, first = end - reach // 2, end
        end = min(start + reach, time)
        stretches.append((start, first, end))
    return stretches


def blocks(weights: Weights) -> int:
    """How many layers of attention there are among the weights."""
    return sum(name.endswith("attention.W_o") for name in weights)
