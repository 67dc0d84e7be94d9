"""How far a network's idea of what comes next is from the truth."""

from collections.abc import Iterator, Sequence

import numpy as np
from jaxtyping import Float, Int

from seqlab.reference.activations import log_softmax
from seqlab.reference.core import Core
from seqlab.reference.network import network
from seqlab.reference.pooling import Pooling
from seqlab.reference.reading import finite
from seqlab.reference.weights import Weights
from seqlab.trace import Trace

MOST_NUMBERS = 6_000_000  # of a hidden state in one pass


def divergence(true: Float[np.ndarray, "time next"], logits: Float[np.ndarray, "time vocab"],
               ids: Int[np.ndarray, " next"]) -> Float[np.ndarray, " time"]:
    """KL(true ‖ model) at every time in nats: Σ p (log p - log q), where q is the softmax over the whole vocabulary.

    ``ids`` are the places in the vocabulary of what may come next. NaN where the truth says nothing (a row of zeros),
    as it does behind the place where a string leaves its language. The mean over a string is its loss less the entropy.
    """
    log_q = log_softmax(logits.astype(np.float64))[:, ids]
    p = np.where(true > 0, true, 1.0)
    kl = np.sum(np.where(true > 0, true * (np.log(p) - log_q), 0.0), axis=1)
    return np.where(true.sum(1) > 0, np.maximum(kl, 0.0), np.nan)


def allowed(true: Float[np.ndarray, "time next"], logits: Float[np.ndarray, "time vocab"],
            ids: Int[np.ndarray, " next"]) -> Float[np.ndarray, " time"]:
    """Share of the model's probability on what can stand there: Σ q over true > 0; NaN where the truth says nothing."""
    q = np.exp(log_softmax(logits.astype(np.float64)))[:, ids]
    return np.where(true.sum(1) > 0, np.sum(q * (true > 0), axis=1), np.nan)


def each_read(core: Core, sequences: Sequence[Int[np.ndarray, " _"]],
              weights: Weights, pooling: Pooling = "none") -> Iterator[tuple[int, Trace, int]]:
    """Read sequences of any lengths, those of similar length together: which one, the trace of its batch, its row.

    Behind a shorter one its last symbol is repeated, which changes nothing before. Raises Fault where the numbers are
    not finite.
    """
    width = max(part.shape[0] for part in weights.values())
    order = sorted(range(len(sequences)), key=lambda place: len(sequences[place]))
    while order:
        most = len(sequences[order[-1]])
        group = order[-max(1, min(256, MOST_NUMBERS // (most * width))):]
        order = order[:len(order) - len(group)]
        ids = np.stack([np.pad(sequences[place], (0, most - len(sequences[place])), "edge") for place in group])
        trace = network(core, ids, weights, pooling=pooling)
        finite(trace["logits"])
        for row, place in enumerate(group):
            yield place, trace, row


def states(trace: Trace, symbol: str, row: int, time: int) -> Float[np.ndarray, "time unit"]:
    """States of all layers side by side, hidden (``h``) or of the cells (``c``), of one row of a batch up to a time."""
    return np.concatenate([trace[f"{symbol}.{layer}"][row, :time] for layer in range(trace.layers)], axis=-1)
