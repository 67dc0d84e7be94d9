"""What workers answer where it is more than arrays by name: the same types for the lenses and for the pages."""

from typing import TypedDict

import numpy as np

from seqlab.agreement import Agreement
from seqlab.reference.automata import Automaton, Comparison
from seqlab.reference.fixed_points import Rest

Arrays = dict[str, np.ndarray]


class TrainingStep(TypedDict):
    """Loss, length of the whole gradient, and by name gradients, dL/d of quantities and updated weights."""

    loss: float
    norm: float
    weights: Arrays
    trace: Arrays
    updated: Arrays


class BookScores(TypedDict):
    """Sums over the targets of rows, and of these those unknown to the network; ``agreement`` where it was asked."""

    loss: float
    right: int
    count: int
    unknown_loss: float
    unknown: int
    agreement: dict[str, Agreement] | None


class ContextScores(TypedDict):
    """Surprise in nats, ``length row``; ``agreement`` where it was asked."""

    surprise: np.ndarray
    agreement: dict[str, Agreement] | None


class ErrorGrowth(TypedDict):
    """Largest |Δ| to NumPy in float64 over the units at each time, and the largest |h|; and how float64 agrees."""

    numpy32: np.ndarray
    torch32: np.ndarray
    torch64: np.ndarray
    size: np.ndarray
    agreement: Agreement


class LearnedAutomaton(TypedDict):
    """How a study of the automaton that a network learned stands.

    ``automaton`` and ``truth`` are minimal, ``exact``: the truth is the grammar's whole language, not only some depth.
    ``compared`` says where the two differ; not ``settled``: one of them was not learned so far. ``depth`` is
    up to how many open brackets the first is right (None: the truth is exact, or there are no brackets). ``over``:
    nothing is left to do; ``sure``: no counterexample was left; ``share`` of the work is done. ``asked`` counts words,
    ``regions`` (None: the network has no state to part) those of the space of states, ``cut``: longer words than
    ``longest`` were left out; ``full``: there would be more states than may be. The automaton said what the network
    said on ``agreed`` of ``fresh`` strings.
    """

    automaton: Automaton
    truth: Automaton
    exact: bool
    over: bool
    sure: bool
    share: float
    seconds: float
    asked: int
    counterexamples: int
    regions: int | None
    cut: bool
    full: bool
    compared: Comparison
    settled: bool
    depth: int | None
    agreed: int
    fresh: int
    longest: int


class ConfirmedDecisions(TypedDict):
    """How torch agrees with NumPy on ``words``, by precision, and after how many it holds ``otherwise`` possible."""

    agreement: dict[str, Agreement]
    words: int
    otherwise: int


class Rests(TypedDict):
    """Resting points of a held input, and by precision how torch agrees on one step and its Jacobian there."""

    points: list[Rest]
    agreement: dict[str, Agreement]


class Horizon(TypedDict):
    """Lengths of gradients by name and lag, loss in nats by length of context, and a symbol's trail by lag.

    No ``lengths``, and no ``loss``: the windows are no data.
    """

    gradients: Arrays
    lengths: np.ndarray
    loss: np.ndarray
    trail: np.ndarray
    agreement: dict[str, Agreement]
