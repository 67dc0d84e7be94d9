"""The way back through a whole network: from the loss to every weight and to every quantity of the pass, no autograd.

A gradient of something has its shape and stands under its name. Source: Rumelhart, Hinton and Williams 1986.
"""

import numpy as np
from jaxtyping import Float, Int

from seqlab.reference.activations import softmax
from seqlab.reference.core import Core
from seqlab.reference.linear import embedding_gradient, linear_gradient
from seqlab.reference.loss import cross_entropy
from seqlab.reference.network import network
from seqlab.reference.pooling import Pooling, running_max_gradient
from seqlab.reference.weights import Weights
from seqlab.trace import Trace


def gradients(core: Core, ids: Int[np.ndarray, "batch time"], targets: Int[np.ndarray, "batch time"],
              weight: Float[np.ndarray, "batch time"] | None, weights: Weights,
              condition: Int[np.ndarray, " batch"] | None = None, reduction: str = "mean",
              pooling: Pooling = "none") -> tuple[float, dict[str, np.ndarray], Trace]:
    """Run a network forward, take its loss, and go all the way back.

    ``weight`` says how much each answer counts (None: all the same); ``reduction`` is ``mean`` over what counts, or
    ``sum`` over each sequence, as in ``training.loss.weighted_loss``.
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
        d_output = running_max_gradient(trace[list(trace)[-4]], d_output)  # of what stands before the maximum
    inner = core.backward(trace["x"], weights, trace, d_output)
    d_weights |= inner.weights | encoded(ids, weights, condition, inner.x)
    named = {name: d_weights[name] for name in weights}
    return loss, named, Trace({"x": inner.x, **inner.trace, **pooled, "logits": d_logits})


def cross_entropy_gradient(logits: Float[np.ndarray, "*shape classes"], targets: Int[np.ndarray, "*shape"],
                           weight: Float[np.ndarray, "*shape"] | None = None,
                           reduction: str = "mean") -> tuple[float, Float[np.ndarray, "*shape classes"]]:
    """Loss in nats, and how far each probability is from what it should be.

    dL/dy = w/N ⊙ (softmax(y) - 1 at the target), with N = Σ w for the mean, the size of the batch for the sum
    """
    mean = cross_entropy(logits, targets, weight)
    weight = np.ones(targets.shape, logits.dtype) if weight is None else weight.astype(logits.dtype)
    total = weight.sum()
    count = total if reduction == "mean" else logits.dtype.type(len(logits))
    wrong = softmax(logits)
    hit = np.take_along_axis(wrong, targets[..., None], axis=-1) - 1
    np.put_along_axis(wrong, targets[..., None], hit, axis=-1)
    return mean * float(total / count), wrong * (weight / count)[..., None]


def decoded(trace: Trace, weights: Weights,
            gradient: Float[np.ndarray, "batch time vocab"]) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Go back through the decoder, if there is one: dL/d its weights, and dL/d of what it reads."""
    if "decoder.weight" not in weights:
        return {}, gradient
    read = trace[list(trace)[-3]]  # what stands before the logits and the probabilities
    d_read, d_weight, d_bias = linear_gradient(read, weights["decoder.weight"], gradient)
    return {"decoder.weight": d_weight, "decoder.bias": d_bias}, d_read


def encoded(ids: Int[np.ndarray, "batch time"], weights: Weights, condition: Int[np.ndarray, " batch"] | None,
            gradient: Float[np.ndarray, "batch time input"]) -> dict[str, np.ndarray]:
    """Go back through the encoder: the first units of x are the symbol's code, the others the condition's."""
    symbol = weights["encoder.symbol.weight"]
    width = symbol.shape[1]
    d_weights = {"encoder.symbol.weight": embedding_gradient(ids, len(symbol), gradient[..., :width])}
    codes = weights.get("encoder.condition.weight")
    if codes is not None:
        # A network that reads a condition and is given none has no use for its code.
        d_weights["encoder.condition.weight"] = (
            np.zeros_like(codes) if condition is None
            else embedding_gradient(condition, len(codes), gradient[..., width:].sum(axis=1)))
    return d_weights
