"""What workers answer where it is more than arrays by name: the same types for the lenses and for the pages."""

from typing import TypedDict

import numpy as np

from seqlab.agreement import Agreement

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
