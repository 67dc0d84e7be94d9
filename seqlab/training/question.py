"""What any lens can be asked with: one input of one snapshot of a run, and what is changed in it."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from jaxtyping import Int

from seqlab.reference.changed import Changes, changed
from seqlab.trace import Trace
from seqlab.training.run import Run
from seqlab.training.task_input import TaskInput


@dataclass(frozen=True)
class Question:
    """One input of one snapshot of a run; two of them are a comparison, many a film.

    ``ids`` are the symbols of one sequence, ``condition`` what is given to the network beside it,
    ``changes`` what is set, scaled or replaced while it reads.
    """

    path: str
    step: int
    ids: tuple[int, ...]
    condition: int | None = None
    changes: Changes = ()

    @classmethod
    def of(cls, run: Run, step: int, given: TaskInput, changes: Changes = ()) -> "Question":
        """Ask about what a person typed."""
        return cls(str(run.path), step, tuple(given.ids[0].tolist()), given.condition, changes)

    @property
    def whole(self) -> "Question":
        """The same without changes."""
        return replace(self, changes=())

    @property
    def run(self) -> Run:
        """The run itself."""
        return Run(Path(self.path))

    @property
    def batch(self) -> tuple[Int[np.ndarray, "one time"], Int[np.ndarray, " one"] | None]:
        """Ids and condition, as the network reads them."""
        return np.array([self.ids]), None if self.condition is None else np.array([self.condition])

    def weights(self, precision: str = "float32") -> dict[str, np.ndarray]:
        """Read the snapshot's weights. Raises Fault where it cannot be read."""
        return self.run.weights(self.step, precision)

    def trace(self, precision: str = "float32") -> Trace:
        """Compute the pass in NumPy. Raises Fault as ``weights`` does, and for a change of what is not there."""
        run, (ids, condition) = self.run, self.batch
        return changed(run.core, ids, self.weights(precision), self.changes, condition=condition,
                       pooling=run.config.network.pooling)
