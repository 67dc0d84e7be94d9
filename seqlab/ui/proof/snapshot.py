"""Which weights a question is about: a snapshot of a run, told from another one that may be written in its place."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

import numpy as np

from seqlab.figures.rounding import largest_weight
from seqlab.training import snapshots
from seqlab.training.run import Run


@runtime_checkable
class Weights(Protocol):
    """Weights that a question names by their files."""

    @property
    def stands(self) -> bool:
        """Whether the files are still those that were named."""
        ...


@dataclass(frozen=True)
class Snapshot:
    """Weights of a run after a training step; ``stamp`` tells them from others in the same place."""

    path: str
    step: int
    stamp: int

    @classmethod
    def of(cls, run: Run, step: int | None = None) -> "Snapshot":
        """Name the newest weights, or those after a step; costs one look at their file. Raises Fault without any."""
        step = run.newest if step is None else step
        return cls(str(run.path), step, stamp(run, step))

    @property
    def stands(self) -> bool:
        """Whether the file is the one that was named: a run that ends keeps most of them in half precision."""
        return stamp(self.run, self.step) == self.stamp

    @property
    def run(self) -> Run:
        """The run itself."""
        return Run(Path(self.path))

    def weights(self, precision: str = "float32") -> dict[str, np.ndarray]:
        """The weights; raises Fault where they cannot be read."""
        return dict(self.run.weights(self.step, precision))

    def largest(self) -> float:
        """The largest size of any weight."""
        return largest_weight(self.weights())


def stamp(run: Run, step: int) -> int:
    """Tell a snapshot from another one that may be written in its place; 0 where there is none."""
    file = snapshots.file(run.path, "weights", step)
    return file.stat().st_mtime_ns if file.exists() else 0
