"""The passes that pages draw and prove: one input through snapshots of a run."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from seqlab.figures.rounding import PRECISIONS, largest_weight
from seqlab.reference.changed import Changes, changed
from seqlab.trace import Trace
from seqlab.training.run import Run
from seqlab.ui.proof import client
from seqlab.ui.proof.proof import Proof
from seqlab.ui.proof.snapshot import stamp
from seqlab.ui.proof.store import PICTURES
from seqlab.ui.proof.waiting import Pending

Traces = dict[str, list[dict[str, np.ndarray]]]  # by precision, one for each snapshot


@dataclass(frozen=True)
class Passes:
    """One input through several snapshots of a run; ``stamp`` tells a snapshot from another in the same place.

    ``changes`` are made while it runs.
    """

    path: str
    steps: tuple[int, ...]
    ids: tuple[int, ...]
    condition: int | None
    stamp: int
    changes: Changes = ()

    @classmethod
    def of(cls, run: Run, steps: list[int], ids: np.ndarray, condition: int | None,
           changes: Changes = ()) -> "Passes":
        """Say what is asked; costs one look at each snapshot's file."""
        return cls(str(run.path), tuple(steps), tuple(ids.tolist()), condition, _stamps(run, steps), changes)

    @property
    def stands(self) -> bool:
        """Whether the files are still those that were named."""
        return _stamps(Run(Path(self.path)), self.steps) == self.stamp

    @property
    def whole(self) -> "Passes":
        """The same without changes."""
        return replace(self, changes=())

    @property
    def shown(self) -> "tuple[Passes, ...]":
        """What stands in the picture: where something is changed also the whole network, beside which it is drawn."""
        return (self.whole, self) if self.changes else (self,)

    @property
    def run(self) -> Run:
        """The run itself."""
        return Run(Path(self.path))

    @property
    def batch(self) -> tuple[np.ndarray, np.ndarray | None]:
        """Ids and condition, as the network reads them."""
        return np.array([self.ids]), None if self.condition is None else np.array([self.condition])

    def reference(self, precision: str = "float32") -> list[Trace]:
        """Every snapshot's trace in NumPy, in single precision what is drawn. Raises Fault."""
        return drawn(self) if precision == "float32" else self.compute(precision)

    def compute(self, precision: str) -> list[Trace]:
        """Compute the traces now. Raises Fault."""
        run, (ids, condition) = self.run, self.batch
        return [changed(run.core, ids, run.weights(step, precision), self.changes, condition=condition,
                        pooling=run.config.network.pooling) for step in self.steps]


@PICTURES.cached
def drawn(passes: Passes) -> list[Trace]:
    """Compute in single precision, once for all sessions that look at the same."""
    return passes.compute("float32")


def ask(passes: Passes) -> Pending[Traces]:
    """Let torch run the same passes."""
    return client.traces(passes.path, passes.steps, *passes.batch, PRECISIONS, passes.changes)


PASSES = Proof[Passes, Traces](
    name="passes", remote=ask, reference=Passes.reference,
    torch=lambda passes, answer, precision: [Trace(values) for values in answer[precision]],
    steps=lambda passes: passes.steps,
    weights=lambda passes, number: largest_weight(passes.run.weights(passes.steps[number])))


def _stamps(run: Run, steps: Sequence[int]) -> int:
    """One number for the files of several snapshots."""
    return hash(tuple(stamp(run, step) for step in steps))
