"""A whole network in NumPy: symbols → vectors → core → logits → probabilities."""

import numpy as np
from jaxtyping import Float, Int

from seqlab.reference.activations import softmax
from seqlab.reference.core import Core
from seqlab.reference.linear import embedding, linear
from seqlab.reference.pooling import Pooling, running
from seqlab.reference.weights import Weights
from seqlab.trace import Trace

CONDITION_FIRST, SYMBOL, CONDITION = (
    f"encoder.{part}.weight" for part in ("condition_first", "symbol", "condition"))


def stack(core: Core, x: Float[np.ndarray, "batch time input"], weights: Weights, *, prefix: str = "core.",
          state: tuple[Float[np.ndarray, "layer batch hidden"], ...] | None = None) -> Trace:
    """Run a core alone on vectors.

    The initial state is zero unless given, one array for each of ``core.state``.
    Raises ValueError for a sequence of no time steps, no batch, or a state of the wrong shape.
    """
    if not x.shape[0] or not x.shape[1]:
        raise ValueError(f"a pass needs at least one sequence and one time step, got shape {x.shape}")
    return Trace({"x": x, **core.run(x, weights, prefix=prefix, state=state)})


def network(core: Core, ids: Int[np.ndarray, "batch time"], weights: Weights, *,
            condition: Int[np.ndarray, " batch"] | None = None,
            state: tuple[Float[np.ndarray, "layer batch hidden"], ...] | None = None,
            pooling: Pooling = "none") -> Trace:
    """Run a whole network as ``models.network.SequenceNetwork`` does, in the precision of the weights.

    x_t = [code of the symbol; code of the condition], or the other way round (``codes``), where a code is a row of an
    embedding; a one-hot input is the embedding whose matrix is the identity. The condition (such as a delay) is the
    same at every time. Without a decoder among the weights (``decoder``) the core's output is the logits. With
    ``pooling`` the running maximum or mean of that output takes its place, so that the logits at time t come from the
    words so far; all of ``ids`` take part.
    """
    values = dict(stack(core, encode(ids, weights, condition), weights, state=state))
    if pooling != "none":
        values["pooled"] = running(values[list(values)[-1]], pooling)
    logits = decoded(values[list(values)[-1]], weights)
    return Trace({**values, "logits": logits, "p": softmax(logits)})


def encode(ids: Int[np.ndarray, "batch time"], weights: Weights,
           condition: Int[np.ndarray, " batch"] | None = None) -> Float[np.ndarray, "batch time input"]:
    """Turn symbols, and the condition if the network reads one, into the vectors x_t."""
    everywhere = None if condition is None else np.broadcast_to(condition[:, None], ids.shape)
    read = {name: ids if name == SYMBOL else everywhere for name in codes(weights)}
    return np.concatenate([embedding(part, weights[name]) for name, part in read.items() if part is not None], axis=-1)


def codes(weights: Weights) -> tuple[str, ...]:
    """Names of the matrices whose rows are joined to x_t, in this order; the name of the condition's says its place."""
    return tuple(name for name in (CONDITION_FIRST, SYMBOL, CONDITION) if name in weights)


def decoder(weights: Weights) -> tuple[str, str] | None:
    """Names of the matrix and the bias that give the logits; None where the core's output is the logits.

    A decoder with a bias and no matrix of its own is tied: the rows of the symbols' codes are its own as well (Press
    and Wolf 2017, "Using the output embedding to improve language models").
    """
    if "decoder.bias" not in weights:
        return None
    return "decoder.weight" if "decoder.weight" in weights else SYMBOL, "decoder.bias"


def decoded(read: Float[np.ndarray, "*shape hidden"], weights: Weights) -> Float[np.ndarray, "*shape classes"]:
    """Give the logits of what the decoder reads."""
    names = decoder(weights)
    return read if names is None else linear(read, weights[names[0]], weights[names[1]])


def untied(weights: Weights) -> dict[str, np.ndarray]:
    """Copy weights so that a tied decoder has a matrix of its own, which can then be changed alone."""
    names = decoder(weights)
    return dict(weights) | ({} if names is None else {"decoder.weight": weights[names[0]]})
