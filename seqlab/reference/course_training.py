"""What surrounds a network, as functions of plain arrays: loss, sampling, clipping, one step back through an RNN."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, Int

from seqlab.reference import optim, sampling
from seqlab.reference.activations import softmax
from seqlab.reference.layer_weights import LayerWeights
from seqlab.reference.loss import cross_entropy
from seqlab.reference.rnn import rnn_gradient, tanh_slope


def softmax_cross_entropy(logits: Float[np.ndarray, "B V"],
                          targets: Int[np.ndarray, " B"]) -> tuple[Float[np.ndarray, "B V"], float]:
    """Turn logits of any size into probabilities; returns them, and the mean of -log p(target) in nats."""
    return softmax(logits), cross_entropy(logits, targets)


def sample(logits: Float[np.ndarray, "B V"], temperature: float,
           u: Float[np.ndarray, " B"]) -> Int[np.ndarray, " B"]:
    """Draw one id a row from softmax(logits / temperature): the smallest whose cumulative probability exceeds u."""
    return sampling.draw(sampling.shape(logits, sampling.Choice(temperature)).p, u)


def clip_gradients(gradients: Sequence[np.ndarray], limit: float) -> tuple[list[np.ndarray], float]:
    """Scale all gradients by one factor, so that their joint length is at most ``limit``; returns the length before."""
    named, norm = optim.clip({str(place): gradient for place, gradient in enumerate(gradients)}, limit)
    return list(named.values()), norm


def rnn_step_backward(d_h: Float[np.ndarray, "B H"], h: Float[np.ndarray, "B H"], h_prev: Float[np.ndarray, "B H"],
                      x: Float[np.ndarray, "B D"], wt_h: Float[np.ndarray, "H H"],
                      wt_x: Float[np.ndarray, "D H"]) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Go back through h = tanh(h_prev wt_h + x wt_x + bias); returns dL/d of wt_h, wt_x, bias and h_prev.

    dL/da = dL/dh ⊙ (1 - h²)
    """
    zero = np.zeros(len(wt_h))
    back = rnn_gradient(tanh_slope, x[:, None], (h_prev,), LayerWeights(wt_x.T, wt_h.T, zero, zero), {"h": h[None]},
                        d_h[None], (np.zeros_like(h),))
    d_W_ih, d_W_hh, d_bias, _ = back.weights.named(0).values()
    return d_W_hh.T, d_W_ih.T, d_bias, back.state[0]
