"""A batch as every task hands it to the loop."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class Batch:
    """Sequences with their targets.

    ``inputs`` and ``targets`` are ids, ``batch time``; ``condition`` is an id for each sequence or None;
    ``weight`` (``batch time``, 0 or 1) says which positions count towards the loss, ``scored`` which ones count
    towards the accuracy. Where batches follow one another, ``place`` counts those before this one: at 0 the network
    starts afresh, later it goes on from the state that the batch before left.
    """

    inputs: "Tensor"
    targets: "Tensor"
    weight: "Tensor"
    scored: "Tensor"
    condition: "Tensor | None" = None
    place: int | None = None

    @property
    def tokens(self) -> int:
        """Number of input symbols in the batch."""
        return self.inputs.numel()
