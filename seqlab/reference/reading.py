"""Reading on: what a network that predicts its next symbol makes of sequences that it is given."""

from collections.abc import Iterator

import numpy as np
from jaxtyping import Float, Int

from seqlab.errors import Fault
from seqlab.reference.activations import log_softmax
from seqlab.reference.core import Core
from seqlab.reference.linear import checked
from seqlab.reference.network import network
from seqlab.reference.weights import Weights

MOST_NUMBERS = 4_000_000  # of a quantity of one pass; more are computed in parts, so that little memory is needed


def windows(time: int, reach: int) -> Iterator[tuple[int, int, int]]:
    """Cut a sequence into half overlapping windows of ``reach``: where each begins, ends, and is scored from.

    Of the first one all is scored, of the others what is new in it, so that every time is scored once, with at least
    half a window before it. A sequence no longer than ``reach`` is one window.
    """
    end = min(reach, time)
    yield 0, end, 0
    while end < time:
        last, end = end, min(end + reach - reach // 2, time)
        yield end - reach, end, last


def predicted(core: Core, ids: Int[np.ndarray, "batch time"], weights: Weights,
              reach: int) -> Float[np.ndarray, "batch time vocab"]:
    """Logits of what follows each symbol of sequences.

    A recurrent network reads on from the first symbol to the last and keeps its state. One that has no state reads
    windows of ``reach`` symbols, as long as those of its training. Raises Fault where the numbers are not finite.
    """
    if core.state:
        parts = [np.concatenate(list(_stretches(core, ids[rows], weights)), axis=1)
                 for rows in _parts(len(ids), _width(weights))]
        return finite(np.concatenate(parts))
    plan = list(windows(ids.shape[1], reach))
    seen = np.stack([ids[:, first:end] for first, end, _ in plan], axis=1)
    logits = _at_once(core, seen.reshape(-1, seen.shape[-1]), weights).reshape(*seen.shape, -1)
    return finite(np.concatenate([logits[:, k, scored - first:] for k, (first, _, scored) in enumerate(plan)], axis=1))


def last_predicted(core: Core, ids: Int[np.ndarray, "batch time"],
                   weights: Weights) -> Float[np.ndarray, "batch vocab"]:
    """Logits of what follows whole sequences, read from a state of zeros and as one window; raises Fault likewise."""
    if not core.state:
        return finite(_at_once(core, ids, weights)[:, -1])
    for logits in _stretches(core, ids, weights):
        last = logits[:, -1]
    return finite(last)


def _stretches(core: Core, ids: Int[np.ndarray, "batch time"],
               weights: Weights) -> Iterator[Float[np.ndarray, "batch stretch vocab"]]:
    """Read on stretch by stretch, each from the state that the one before left."""
    state, hop = None, max(1, MOST_NUMBERS // (len(ids) * _width(weights)))
    for first in range(0, ids.shape[1], hop):
        trace = network(core, ids[:, first:first + hop], weights, state=state)
        state = tuple(trace.final(key) for key in core.state)
        yield trace["logits"]


def _at_once(core: Core, ids: Int[np.ndarray, "batch time"],
             weights: Weights) -> Float[np.ndarray, "batch time vocab"]:
    time = ids.shape[1]
    heads = sum(len(part) for name, part in weights.items() if name.endswith("W_q"))
    numbers = time * max(_width(weights), heads * time)  # of the widest vectors, or of the maps of all heads
    return np.concatenate([network(core, ids[rows], weights)["logits"] for rows in _parts(len(ids), numbers)])


def _parts(batch: int, numbers: int) -> Iterator[slice]:
    """Rows that are read at once, where each takes so many numbers."""
    most = max(1, MOST_NUMBERS // numbers)
    yield from (slice(first, first + most) for first in range(0, batch, most))


def surprise(logits: Float[np.ndarray, "*shape classes"],
             targets: Int[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape"]:
    """How unexpected each target was, in nats: -log p(target), 0 for what was certain; IndexError for no class."""
    log_p = log_softmax(logits)
    return -np.take_along_axis(log_p, checked(targets, logits.shape[-1])[..., None], axis=-1)[..., 0]


def finite(logits: Float[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape"]:
    """Pass finite logits through; raises Fault for others, which a training that diverged leaves behind."""
    if not np.isfinite(logits).all():
        raise Fault("This network's numbers are no longer finite: its training diverged. Choose another network, or "
                    "train it again with gradient clipping or a smaller learning rate.")
    return logits


def _width(weights: Weights) -> int:
    """The widest that any vector of a pass is."""
    return max(part.shape[0] for part in weights.values())


def each_predicted(core: Core, sequences: list[Int[np.ndarray, " _"]], weights: Weights,
                   reach: int) -> list[Float[np.ndarray, "_ vocab"]]:
    """Logits of every symbol of several sequences but the first, those of one length read together; raises Fault."""
    predictions: dict[int, np.ndarray] = {}
    for length in {len(sequence) for sequence in sequences}:
        alike = [place for place, sequence in enumerate(sequences) if len(sequence) == length]
        ids = np.stack([sequences[place][:-1] for place in alike])
        predictions |= dict(zip(alike, predicted(core, ids, weights, reach), strict=True))
    return [predictions[place] for place in range(len(sequences))]


def input_matrix(weights: Weights) -> tuple[str, Float[np.ndarray, "symbols width"]]:
    """The matrix W whose rows stand for the symbols, and its name in torch.

    That is the embedding; where the input is one-hot, and so the embedding the identity, the first matrix that the
    codes meet, turned on its side: W x of a one-hot x is a column of it.
    """
    codes = weights["encoder.symbol.weight"]
    if not np.array_equal(codes, np.eye(*codes.shape)):
        return "encoder.symbol.weight", codes
    name = next(name for name in ("core.weight_ih_l0", "core.input.weight") if name in weights)
    return name, weights[name].T[:len(codes)]


def similarity(rows: Float[np.ndarray, "symbols width"]) -> Float[np.ndarray, "symbols symbols"]:
    """Cosine of the angle between every two rows, in [-1, 1]; 0 for a row of zeros: a·b / (|a| |b|)."""
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    unit = rows / np.where(length > 0, length, 1)
    return np.clip(unit @ unit.T, -1, 1)
