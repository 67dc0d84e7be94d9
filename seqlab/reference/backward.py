"""The way back through a whole network: from the loss to every weight and to every quantity of the pass, no autograd.

A gradient of something has its shape and stands under its name. Source: Rumelhart, Hinton and Williams 1986.
"""

import numpy as np
from jaxtyping import Float, Int

from seqlab.reference.activations import softmax
from seqlab.reference.core import Core
from seqlab.reference.linear import embedding_gradient, linear_gradient
from seqlab.reference.loss import Reduction, cross_entropy, divisor
from seqlab.reference.network import SYMBOL, codes, decoder, network
from seqlab.reference.pooling import Pooling, running_gradient
from seqlab.reference.weights import Weights
from seqlab.trace import Trace


def gradients(core: Core, ids: Int[np.ndarray, "batch time"], targets: Int[np.ndarray, "batch time"],
              weight: Float[np.ndarray, "batch time"] | None, weights: Weights,
              condition: Int[np.ndarray, " batch"] | None = None, reduction: Reduction = "mean",
              pooling: Pooling = "none") -> tuple[float, dict[str, np.ndarray], Trace]:
    """Run a network forward, take its loss, and go all the way back.

    ``weight`` says how much each answer counts (None: all the same); ``reduction`` is what its sum is
    divided by (``loss.divisor``), as in ``training.loss.weighted_loss``.
    Returns the loss in nats, dL/d of every weight under its name, and dL/d of every quantity of the pass up to the
    logits, as the total derivative: ``h.0`` at time t holds what every later step makes of h_t.
    Raises ValueError where no answer counts, IndexError for a target that is no class.

    Agrees with torch's autograd to 1e-10 in float64 (tests/reference/test_backward.py).
    """
    trace = network(core, ids, weights, condition=condition, pooling=pooling)
    loss, d_logits = cross_entropy_gradient(trace["logits"], targets, weight, reduction)
    d_weights, d_output = decoded(trace, weights, d_logits)
    pooled = {"pooled": d_output} if pooling != "none" else {}
    if pooled:
        d_output = running_gradient(trace[list(trace)[-4]], d_output, pooling)  # of what is pooled
    inner = core.backward(trace["x"], weights, trace, d_output)
    for name, part in (inner.weights | encoded(ids, weights, condition, inner.x)).items():
        d_weights[name] = part + d_weights[name] if name in d_weights else part  # a tied matrix is used twice
    named = {name: d_weights[name] for name in weights}
    return loss, named, Trace({"x": inner.x, **inner.trace, **pooled, "logits": d_logits})


def cross_entropy_gradient(logits: Float[np.ndarray, "*shape classes"], targets: Int[np.ndarray, "*shape"],
                           weight: Float[np.ndarray, "*shape"] | None = None,
                           reduction: Reduction = "mean") -> tuple[float, Float[np.ndarray, "*shape classes"]]:
    """Loss in nats, and how far each probability is from what it should be.

    dL/dy = w/N ⊙ (softmax(y) - 1 at the target), with N as ``loss.divisor`` has it
    """
    mean = cross_entropy(logits, targets, weight)
    weight = np.ones(targets.shape, logits.dtype) if weight is None else weight.astype(logits.dtype)
    total, count = weight.sum(), logits.dtype.type(divisor(weight, reduction))
    wrong = softmax(logits)
    hit = np.take_along_axis(wrong, targets[..., None], axis=-1) - 1
    np.put_along_axis(wrong, targets[..., None], hit, axis=-1)
    return mean * float(total / count), wrong * (weight / count)[..., None]


def decoded(trace: Trace, weights: Weights,
            gradient: Float[np.ndarray, "batch time vocab"]) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Go back through the decoder, if there is one: dL/d its weights, and dL/d of what it reads."""
    names = decoder(weights)
    if names is None:
        return {}, gradient
    read = trace[list(trace)[-3]]  # what stands before the logits and the probabilities
    d_read, d_weight, d_bias = linear_gradient(read, weights[names[0]], gradient)
    return dict(zip(names, (d_weight, d_bias), strict=True)), d_read


def encoded(ids: Int[np.ndarray, "batch time"], weights: Weights, condition: Int[np.ndarray, " batch"] | None,
            gradient: Float[np.ndarray, "batch time input"]) -> dict[str, np.ndarray]:
    """Go back through the encoder: each code has its own units of x, in the order of ``network.codes``."""
    d_weights, first = dict[str, np.ndarray](), 0
    for name in codes(weights):
        count, width = weights[name].shape
        part = gradient[..., first:first + width]
        if name == SYMBOL:
            d_weights[name] = embedding_gradient(ids, count, part)
        elif condition is None:  # a network that reads a condition and is given none has no use for its code
            d_weights[name], width = np.zeros_like(weights[name]), 0
        else:
            d_weights[name] = embedding_gradient(condition, count, part.sum(axis=1))
        first += width
    return d_weights
