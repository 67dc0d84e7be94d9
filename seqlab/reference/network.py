"""A whole network in NumPy: symbols → vectors → core → logits → probabilities."""

import numpy as np
from jaxtyping import Float, Int

from seqlab.reference.activations import softmax
from seqlab.reference.core import Core
from seqlab.reference.edit import UNCHANGED, Edits
from seqlab.reference.linear import embedding, linear
from seqlab.reference.pooling import Pooling, running
from seqlab.reference.weights import Weights
from seqlab.trace import Trace

CONDITION_FIRST, SYMBOL, CONDITION = (
    f"encoder.{part}.weight" for part in ("condition_first", "symbol", "condition"))


def stack(core: Core, x: Float[np.ndarray, "batch time input"], weights: Weights, *, prefix: str = "core.",
          state: tuple[Float[np.ndarray, "layer batch hidden"], ...] | None = None, edits: Edits = UNCHANGED) -> Trace:
    """Run a core alone on vectors.

    The initial state is zero unless given, one array for each of ``core.state``; ``edits`` may change each quantity.
    Raises ValueError for a sequence of no time steps, no batch, or a state of the wrong shape.
    """
    if not x.shape[0] or not x.shape[1]:
        raise ValueError(f"a pass needs at least one sequence and one time step, got shape {x.shape}")
    return Trace({"x": x, **core.run(x, weights, prefix=prefix, state=state, edits=edits)})


def network(core: Core, ids: Int[np.ndarray, "batch time"], weights: Weights, *,
            condition: Int[np.ndarray, " batch"] | None = None,
            state: tuple[Float[np.ndarray, "layer batch hidden"], ...] | None = None,
            pooling: Pooling = "none", edits: Edits = UNCHANGED) -> Trace:
    """Run a whole network as ``models.network.SequenceNetwork`` does, in the precision of the weights.

    x_t = [code of the symbol; code of the condition], or the other way round (``codes``), where a code is a row of an
    embedding; a one-hot input is the embedding whose matrix is the identity. The condition (such as a delay) is the
    same at every time. Without a decoder among the weights (``decoder``) the core's output is the logits. With
    ``pooling`` the running maximum or mean of that output takes its place, so that the logits at time t come from the
    words so far; all of ``ids`` take part. ``edits`` may change each quantity before it is read
    (``reference.intervention``).
    """
    x = encode(ids, weights, condition, edits)
    edits.at()(x=x)
    values = dict(stack(core, x, weights, state=state, edits=edits))
    if pooling != "none":
        values["pooled"] = running(values[list(values)[-1]], pooling)
        edits.at()(pooled=values["pooled"])
    logits = decoded(values[list(values)[-1]], weights)
    edits.at()(logits=logits)
    return Trace({**values, "logits": logits, "p": softmax(logits)})


def encode(ids: Int[np.ndarray, "batch time"], weights: Weights,
           condition: Int[np.ndarray, " batch"] | None = None,
           edits: Edits = UNCHANGED) -> Float[np.ndarray, "batch time input"]:
    """Turn symbols, and the condition if the network reads one, into the vectors x_t."""
    everywhere = None if condition is None else np.broadcast_to(condition[:, None], ids.shape)
    read = {name: ids if name == SYMBOL else everywhere for name in codes(weights)}
    parts = {name: embedding(part, weights[name]) for name, part in read.items() if part is not None}
    edits.codes(parts[SYMBOL], ids)
    return np.concatenate(list(parts.values()), axis=-1)


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
    return read.copy() if names is None else linear(read, weights[names[0]], weights[names[1]])
