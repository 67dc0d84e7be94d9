"""Losses in nats."""

from typing import Literal

import numpy as np
from jaxtyping import Float, Int

from seqlab.reference.activations import log_softmax
from seqlab.reference.linear import checked

Reduction = Literal["mean", "sum", "positions"]


def cross_entropy(logits: Float[np.ndarray, "*shape classes"], targets: Int[np.ndarray, "*shape"],
                  weight: Float[np.ndarray, "*shape"] | None = None) -> float:
    """Mean surprise of the targets in nats: -Σ w log p(target) / Σ w, with w = 1 where no weight is given.

    Raises ValueError when no position counts, IndexError for a target that is no class.
    """
    targets = checked(targets, logits.shape[-1])
    surprise = -np.take_along_axis(log_softmax(logits), targets[..., None], axis=-1)[..., 0]
    weight = np.ones_like(surprise) if weight is None else weight
    if not weight.sum() > 0:
        raise ValueError("no position counts towards the loss")
    return float((weight * surprise).sum() / weight.sum())


def divisor(weight: Float[np.ndarray, "batch time"], reduction: Reduction) -> float:
    """What the summed loss Σ w · ce is divided by.

    It is Σ w for the ``mean`` over the positions that count, the number of sequences for the ``sum`` over each, and the
    number of all ``positions`` where those that do not count take part as zeros.
    """
    return float({"mean": weight.sum(), "sum": len(weight), "positions": weight.size}[reduction])
