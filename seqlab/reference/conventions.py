"""Four GRUs with the same weights: the reset gate after or before the product, and z that keeps or that takes.

Source: after the product, as torch computes it: Cho et al. 2014, arXiv 1406.1078v1; before it: the third version of the
same paper and Zhang et al., "Dive into Deep Learning", chapter 10.2. Papers and programs also differ in what z = 1
means: keep the old state (torch), or take the candidate.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float, Int

from seqlab.reference.activations import sigmoid, softmax, tanh
from seqlab.reference.layer_weights import LayerWeights
from seqlab.reference.network import decoded, encode
from seqlab.reference.weights import Weights
from seqlab.trace import Trace


@dataclass(frozen=True)
class Convention:
    """Where the reset gate acts, and what z = 1 does to the old state."""

    reset: Literal["after", "before"] = "after"
    z: Literal["keeps", "takes"] = "keeps"


TORCH = Convention()


def gru_in(convention: Convention, x: Float[np.ndarray, "batch time input"], h: Float[np.ndarray, "batch hidden"],
           weights: LayerWeights) -> dict[str, Float[np.ndarray, "batch time hidden"]]:
    """Run one layer in a convention and keep every quantity; ``h`` is the initial state.

    r_t and z_t as in ``reference.gru``
    n_t = tanh(W_in x_t + b_in + r_t ⊙ (W_hn h_t-1 + b_hn))   reset after the product
    n_t = tanh(W_in x_t + b_in + W_hn (r_t ⊙ h_t-1) + b_hn)   reset before the product
    h_t = (1 - z_t) ⊙ n_t + z_t ⊙ h_t-1                       z keeps
    h_t = z_t ⊙ n_t + (1 - z_t) ⊙ h_t-1                       z takes

    q_t is what the old state sends to the candidate: the bracket without r_t, or all that follows b_in.
    Agrees with torch to 1e-12 in float64 (tests/lenses/test_conventions.py).
    """
    (batch, time, _), hidden = x.shape, h.shape[1]
    content = LayerWeights(*(part[2 * hidden:] for part in (weights.W_ih, weights.W_hh, weights.b_ih, weights.b_hh)))
    from_input = weights.input_part(x)
    r, z, q, n, hs = np.empty((5, batch, time, hidden), x.dtype)
    for t in range(time):
        gates = sigmoid(from_input[t, :, :2 * hidden] + weights.state_part(h)[:, :2 * hidden])
        r[:, t], z[:, t] = np.split(gates, 2, axis=-1)
        if convention.reset == "before":
            q[:, t] = content.state_part(r[:, t] * h)
            n[:, t] = tanh(from_input[t, :, 2 * hidden:] + q[:, t])
        else:
            q[:, t] = content.state_part(h)
            n[:, t] = tanh(from_input[t, :, 2 * hidden:] + r[:, t] * q[:, t])
        kept, new = (h, n[:, t]) if convention.z == "keeps" else (n[:, t], h)
        h = hs[:, t] = new + z[:, t] * (kept - new)
    return {"r": r, "z": z, "q": q, "n": n, "h": hs}


def stack_in(convention: Convention, x: Float[np.ndarray, "batch time input"], weights: Weights) -> Trace:
    """Run as many layers as the weights hold, from a state of zeros."""
    values, below = {"x": x}, x
    for layer in range(sum(name.startswith("core.weight_hh_l") for name in weights)):
        part = LayerWeights.of(weights, layer)
        result = gru_in(convention, below, np.zeros((len(x), part.W_hh.shape[1]), x.dtype), part)
        values |= {f"{key}.{layer}": array for key, array in result.items()}
        below = result["h"]
    return Trace(values)


def network_in(convention: Convention, ids: Int[np.ndarray, "batch time"], weights: Weights,
               condition: Int[np.ndarray, " batch"] | None = None) -> Trace:
    """Run a whole network with a linear decoder, as ``reference.network`` does, its GRU read in a convention."""
    trace = stack_in(convention, encode(ids, weights, condition), weights)
    logits = decoded(trace[list(trace)[-1]], weights)
    return Trace({**trace, "logits": logits, "p": softmax(logits)})


def first_beyond(one: Float[np.ndarray, "time hidden"], other: Float[np.ndarray, "time hidden"],
                 threshold: float) -> tuple[int, int] | None:
    """Time and unit where two states first differ by more than a threshold, or None; within a time the widest gap."""
    gap = np.abs(one - other)
    beyond = np.flatnonzero((gap > threshold).any(axis=1))
    return (int(beyond[0]), int(gap[beyond[0]].argmax())) if beyond.size else None
