"""What each word of a text did to the answer of a pooled network: which maxima it won, and what its absence changes."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from seqlab.reference.activations import softmax
from seqlab.reference.core import Core
from seqlab.reference.network import decoded, decoder, encode, network
from seqlab.reference.pooling import MAXIMA, Pooling, winners
from seqlab.reference.weights import Weights
from seqlab.trace import Trace

MOST_NUMBERS = 8_000_000  # of all queries and keys, or of the widest vectors, that are computed at once


@dataclass(frozen=True)
class Won:
    """Who won the max pool of a text.

    ``word`` is the place of the word that each unit's maximum stands at, ``pull`` what that unit adds to each class's
    logit; ``counts`` says how many units each word won, ``pulls`` what all of these add. With the decoder's bias the
    pulls of all words make up the logits: Σ_word pulls + b = y.
    """

    word: Int[np.ndarray, " hidden"]
    pull: Float[np.ndarray, "hidden classes"]
    counts: Int[np.ndarray, " time"]
    pulls: Float[np.ndarray, "time classes"]


def won(trace: Trace, weights: Weights) -> Won:
    """Share the maxima of a trace (its first sequence) out among its words; of equal values the first word wins.

    pull_u = W_u pooled_u, for the column W_u of the decoder that reads unit u
    """
    h, last = trace[list(trace)[-4]], trace["pooled"][0, -1]
    word = winners(h[:1])[0, -1]
    names = decoder(weights)
    pull = (weights[names[0]] if names else np.eye(len(last), dtype=last.dtype)).T * last[:, None]
    pulls = np.zeros((h.shape[1], pull.shape[1]), pull.dtype)
    np.add.at(pulls, word, pull)
    return Won(word, pull, np.bincount(word, minlength=h.shape[1]), pulls)


def without_each(core: Core, ids: Int[np.ndarray, " time"], weights: Weights,
                 pooling: Pooling = "max") -> Float[np.ndarray, "time classes"]:
    """Probabilities of the whole text when one word is left out, for each word in turn; NaN where nothing is left.

    Where no word knows its neighbours, the two highest values of each unit, or the sum of all, say it all. A recurrent
    network goes on from the state before the word; all its variants read the rest together. Any other reads each
    variant from its beginning.
    Agrees with reading every shortened text by itself to 1e-12 in float64 (tests/reference/test_sentiment.py).
    """
    if len(ids) == 1:
        return np.full((1, decoded(np.zeros((1, _width(core, weights))), weights).shape[-1]), np.nan)
    if core.sees == "present" and pooling != "none":
        read = _without_neighbours(network(core, ids[None], weights, pooling=pooling), pooling)
    elif core.state:
        read = _going_on(core, ids, weights, pooling)
    else:
        return np.concatenate(list(_from_the_start(core, ids, weights, pooling)))
    return softmax(decoded(read, weights))


def _without_neighbours(trace: Trace, pooling: Pooling) -> Float[np.ndarray, "time hidden"]:
    """Give each unit its maximum, and where its winner is left out, its second highest value; or its mean of others."""
    h = trace[list(trace)[-4]][0]
    if pooling == "mean":
        return ((h.sum(axis=0, dtype=np.float64) - h) / (len(h) - 1)).astype(h.dtype)
    second, first = np.partition(h, len(h) - 2, axis=0)[-2:]
    highest = np.repeat(first[None], len(h), axis=0)
    unit = np.arange(h.shape[1])
    highest[h.argmax(axis=0), unit] = second
    return highest


def _going_on(core: Core, ids: Int[np.ndarray, " time"], weights: Weights,
              pooling: Pooling) -> Float[np.ndarray, "time hidden"]:
    """Let one more variant join at each time: the one without the word before, from the state before that word."""
    x = encode(ids[None], weights)
    values = core.run(x, weights)
    top = list(values.values())[-1][0]
    layers = sum(name.startswith(f"{core.state[0]}.") for name in values)
    states = [np.stack([values[f"{key}.{layer}"][0] for layer in range(layers)]) for key in core.state]
    state = [np.zeros_like(part[:, :1]) for part in states]  # of the variant without the first word
    read = np.full((1, top.shape[1]), -np.inf if pooling in MAXIMA else 0, top.dtype)
    for time in range(1, len(ids)):
        step = core.run(np.repeat(x[:, time:time + 1], time, axis=0), weights, state=tuple(state))
        out = list(step.values())[-1][:, 0]
        read = np.maximum(read, out) if pooling in MAXIMA else read + out if pooling == "mean" else out
        # The next to join is the one without this word: it stands where the whole text stood before it.
        before = top[:time].max(axis=0) if pooling in MAXIMA else top[:time].sum(axis=0) if pooling == "mean" else (
            top[time - 1])
        read = np.concatenate((read, before[None]))
        state = [np.concatenate((np.stack([step[f"{key}.{layer}"][:, 0] for layer in range(layers)]),
                                 part[:, time - 1:time]), axis=1) for key, part in zip(core.state, states, strict=True)]
    return read / (len(ids) - 1) if pooling == "mean" else read


def _from_the_start(core: Core, ids: Int[np.ndarray, " time"], weights: Weights,
                    pooling: Pooling) -> Iterator[Float[np.ndarray, "row classes"]]:
    time = len(ids)
    heads = sum(len(part) for name, part in weights.items() if name.endswith("W_q"))
    most = max(1, MOST_NUMBERS // (time * max(4 * _width(core, weights), heads * time)))
    for first in range(0, time, most):
        rows = np.stack([np.delete(ids, place) for place in range(first, min(first + most, time))])
        yield network(core, rows, weights, pooling=pooling)["p"][:, -1]


def _width(core: Core, weights: Weights) -> int:
    """How many numbers the decoder reads."""
    values = core.run(np.zeros((1, 1, weights["encoder.symbol.weight"].shape[1])), weights)
    return int(list(values.values())[-1].shape[-1])
