"""Trails that pages draw and prove: where a network holds symbols of its input (``reference.trail``)."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from seqlab.figures.rounding import PRECISIONS
from seqlab.reference.trail import carriers, trails
from seqlab.training.question import Question
from seqlab.training.task_input import UNSCORED
from seqlab.ui.proof import client
from seqlab.ui.proof.snapshot import stamp
from seqlab.ui.proof.store import PICTURES
from seqlab.ui.proof.waiting import Pending

MOST = 64  # alternatives: a vocabulary of words has its most frequent ones in front
AT_ONCE = 2.5e8  # multiplications that a picture may cost beside its pass, some 30 ms of one core
Answers = dict[str, dict[str, np.ndarray]]  # by precision, then by name


@dataclass(frozen=True)
class Trails:
    """The trails of symbols at some positions of an input; ``stamp`` tells a snapshot from another in its place."""

    question: Question
    positions: tuple[int, ...]
    stamp: int

    @classmethod
    def of(cls, question: Question, positions: Sequence[int]) -> "Trails":
        """Say what is asked; costs one look at the snapshot's file."""
        return cls(question, tuple(positions), stamp(question.run, question.step))

    @classmethod
    def of_all(cls, question: Question, letters: Sequence[str]) -> "Trails":
        """Ask for every letter that was typed; where nothing stands there is nothing to hold."""
        return cls.of(question, [place for place, letter in enumerate(letters) if letter != UNSCORED])

    @property
    def stands(self) -> bool:
        """Whether the file is the one that was named."""
        return stamp(self.question.run, self.question.step) == self.stamp

    @cached_property
    def alternatives(self) -> tuple[int, ...]:
        """What stands in a symbol's place: all that the network reads, or as many as can be computed at once."""
        known = self.question.run.sizes.symbols
        return tuple(dict.fromkeys((*range(min(known, MOST)), *self.question.ids)))

    @property
    def cost(self) -> float:
        """About how many multiplications it takes."""
        core = sum(values.size for name, values in self.question.weights().items() if name.startswith("core."))
        return float(len(self.positions) * len(self.alternatives) * len(self.question.ids) * core)

    def reference(self, precision: str = "float32") -> dict[str, np.ndarray]:
        """Compute them in NumPy, once for all sessions in single precision. Raises Fault."""
        return drawn(self) if precision == "float32" else self.compute(precision)

    def compute(self, precision: str) -> dict[str, np.ndarray]:
        """Compute them now. Raises Fault."""
        asked, run = self.question, self.question.run
        return trails(run.core, np.array(asked.ids), asked.weights(precision), self.positions,
                      np.array(self.alternatives), condition=asked.condition, pooling=run.config.network.pooling,
                      changes=asked.changes)

    def ask(self) -> Pending[Answers]:
        """Let torch compute them."""
        asked = self.question
        layers, core = asked.run.config.network.layers, asked.run.core
        names = [*(f"{key}.{layer}" for layer in range(layers) for key in carriers(core)), "p"]
        return client.trails(asked.path, asked.step, np.array(asked.ids), asked.condition, self.positions,
                             self.alternatives, names, PRECISIONS, asked.changes)


@PICTURES.cached
def drawn(asked: Trails) -> dict[str, np.ndarray]:
    """Compute in single precision, once for all sessions that look at the same."""
    return asked.compute("float32")
