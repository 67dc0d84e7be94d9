"""Pooling over time: of everything that a unit was, its highest value or its mean stands for the whole sequence.

Source: Collobert et al. 2011, "Natural language processing (almost) from scratch", section 3.3.2.
"""

from typing import Literal

import numpy as np
from jaxtyping import Float, Int

Pooling = Literal["none", "max", "max-with-padding", "mean"]
MAXIMA = ("max", "max-with-padding")  # those in which one time step wins a unit


def running(h: Float[np.ndarray, "batch time hidden"], pooling: Pooling) -> Float[np.ndarray, "batch time hidden"]:
    """Give what stands for everything up to each time."""
    return running_mean(h) if pooling == "mean" else running_max(h) if pooling in MAXIMA else h


def running_gradient(h: Float[np.ndarray, "batch time hidden"], gradient: Float[np.ndarray, "batch time hidden"],
                     pooling: Pooling) -> Float[np.ndarray, "batch time hidden"]:
    """Go back from dL/d of what ``running`` gives to dL/dh."""
    if pooling == "mean":
        return running_mean_gradient(gradient)
    return running_max_gradient(h, gradient) if pooling in MAXIMA else gradient


def running_mean(h: Float[np.ndarray, "batch time hidden"]) -> Float[np.ndarray, "batch time hidden"]:
    """Give for each unit the mean of its values so far.

    pooled_t = Σ over s ≤ t of h_s / (t + 1)

    The sum is taken in float64 and rounded, as torch's ``cumsum`` does (tests/reference/test_pooling.py).
    """
    return (np.cumsum(h, axis=1, dtype=np.float64) / _counts(h)).astype(h.dtype, copy=False)


def running_mean_gradient(gradient: Float[np.ndarray, "batch time hidden"]) -> Float[np.ndarray, "batch time hidden"]:
    """Go back from dL/d pooled: each time has its share in every mean from there on.

    dL/dh_s = Σ over t ≥ s of dL/dpooled_t / (t + 1)
    """
    shares = gradient / _counts(gradient)
    return np.cumsum(shares[:, ::-1], axis=1)[:, ::-1].astype(gradient.dtype)


def _counts(h: np.ndarray) -> np.ndarray:
    return np.arange(1, h.shape[1] + 1)[:, None]


def running_max(h: Float[np.ndarray, "batch time hidden"]) -> Float[np.ndarray, "batch time hidden"]:
    """Keep for each unit the highest value so far.

    pooled_t = max over s ≤ t of h_s

    At the last time it is the maximum of the whole sequence. Agrees with torch's ``cummax`` exactly
    (tests/reference/test_pooling.py).
    """
    return np.maximum.accumulate(h, axis=1)


def winners(h: Float[np.ndarray, "batch time hidden"]) -> Int[np.ndarray, "batch time hidden"]:
    """Say at which time each running maximum stands in the sequence; of equal values the first one wins."""
    pooled, times = running_max(h), np.arange(h.shape[1])[:, None]
    higher = np.concatenate((np.ones_like(h[:, :1], bool), h[:, 1:] > pooled[:, :-1]), axis=1)
    return np.maximum.accumulate(np.where(higher, times, 0), axis=1)


def running_max_gradient(h: Float[np.ndarray, "batch time hidden"],
                         gradient: Float[np.ndarray, "batch time hidden"]) -> Float[np.ndarray, "batch time hidden"]:
    """Go back from dL/d pooled: each goes to the one value that it stands for.

    dL/dh_s = Σ over t whose winner is s of dL/dpooled_t

    Agrees with torch's autograd to 1e-12 in float64 (tests/reference/test_pooling.py).
    """
    d_h, won = np.zeros_like(gradient), winners(h)
    sequence, _, unit = np.ogrid[:h.shape[0], :h.shape[1], :h.shape[2]]
    np.add.at(d_h, (sequence, won, unit), gradient)
    return d_h


def pooled(h: Float[np.ndarray, "batch time hidden"], lengths: Int[np.ndarray, " batch"] | None = None,
           pooling: Pooling = "max") -> Float[np.ndarray, "batch hidden"]:
    """Give what stands for each whole sequence of a batch, of whose time steps ``lengths`` are real (None: all).

    ``max``: the maximum over the real time steps. ``max-with-padding``: over all, so that what fills a short sequence
    up may win, and a review means something else beside a longer one. ``mean``: the mean of the real ones. ``none``:
    the last real one.
    """
    last = np.full(len(h), h.shape[1]) if lengths is None else lengths
    if pooling == "none":
        return h[np.arange(len(h)), last - 1]
    real = np.arange(h.shape[1])[:, None] < last[:, None, None]
    if pooling == "mean":
        return (np.where(real, h, 0).sum(axis=1, dtype=np.float64) / last[:, None]).astype(h.dtype)
    return (h if pooling == "max-with-padding" else np.where(real, h, -np.inf).astype(h.dtype)).max(axis=1)
