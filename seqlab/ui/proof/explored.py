"""What the explorer shows and proves: a word's passes through snapshots, and the trails of its letters at the last."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from seqlab.figures.badge import EVERYTHING
from seqlab.figures.rounding import Arrays
from seqlab.ui.proof.passes import PASSES, Passes, Traces, ask
from seqlab.ui.proof.proof import Proof
from seqlab.ui.proof.trails import Answers, Trails
from seqlab.ui.proof.waiting import Pending, Together


@dataclass(frozen=True)
class Explored:
    """One input through snapshots of a run, and the trails of its symbols at the last of them."""

    passes: Passes
    trails: Trails


def _ask(explored: Explored) -> Pending[tuple[Traces, Answers]]:
    return Together(ask(explored.passes), explored.trails.ask())


def _reference(explored: Explored, precision: str) -> Sequence[Arrays]:
    return _joined(explored.passes.reference(precision), explored.trails.reference(precision))


def _torch(explored: Explored, answer: tuple[Traces, Answers], precision: str) -> Sequence[Arrays]:
    passes, trails = answer
    return _joined(passes[precision], trails[precision])


def _joined(passes: Sequence[Arrays], trails: Mapping[str, np.ndarray]) -> Sequence[Arrays]:
    """Put the trails beside the quantities of the last pass, under names of their own."""
    *before, last = passes
    return [*before, {**last, **{f"trail of {name}": values for name, values in trails.items()}}]


assert PASSES.weights is not None
_weights = PASSES.weights
EXPLORED = Proof[Explored, tuple[Traces, Answers]](
    name="explored", remote=_ask, reference=_reference, torch=_torch, steps=lambda explored: explored.passes.steps,
    weights=lambda explored, number: _weights(explored.passes, number),
    compares=f"{EVERYTHING[:-1]}, and the trail of each letter: how far the states depend on it.")
