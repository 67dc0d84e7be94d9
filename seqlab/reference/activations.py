"""Activation functions, safe at any magnitude and without a warning."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float


def sigmoid(a: Float[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape"]:
    """Squash to (0, 1): σ(a) = 1 / (1 + e^-a); where e^-a overflows it is exactly 0.

    e^-a is taken in float64 and rounded, for the same reason as ``tanh``.
    """
    power = np.negative(a, dtype=np.float64)
    with np.errstate(over="ignore"):
        total = np.exp(power, out=power).astype(a.dtype, copy=False)
    total += 1
    return np.reciprocal(total, out=total)


def tanh(a: Float[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape"]:
    """Squash to (-1, 1): tanh(a) = (e^a - e^-a) / (e^a + e^-a).

    Taken in float64 and rounded: NumPy's float32 tanh errs by up to 1.4 units in the last place, torch's by 0.5.
    """
    return np.tanh(a.astype(np.float64, copy=False)).astype(a.dtype, copy=False)


def relu(a: Float[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape"]:
    """Cut off below 0: max(a, 0)."""
    return np.maximum(a, 0)


def gelu(a: Float[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape"]:
    """Let through what is positive, softly: a/2 · (1 + tanh(√(2/π) (a + 0.044715 a³))), the form that GPT-2 uses."""
    half, cubic, scale = (a.dtype.type(number) for number in (0.5, 0.044715, np.sqrt(2 / np.pi)))
    near = np.clip(a, -10, 10)  # further out tanh is ±1 in any precision, and a³ might overflow
    return half * a * (1 + np.tanh(scale * (near + cubic * near * near * near)))


def log_softmax(logits: Float[np.ndarray, "*shape classes"]) -> Float[np.ndarray, "*shape classes"]:
    """Logarithm of the softmax over the last axis: y - log Σ e^y, shifted by the largest logit so e^y stays finite."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def softmax(logits: Float[np.ndarray, "*shape classes"]) -> Float[np.ndarray, "*shape classes"]:
    """Probabilities in [0, 1] that sum to 1 over the last axis: e^y / Σ e^y.

    e^y is taken in float64 and rounded, as in ``sigmoid``; torch too multiplies by 1 / Σ e^y.
    """
    share = logits - logits.max(axis=-1, keepdims=True)
    # In place: a map of all pairs of positions is the largest array there is.
    np.exp(share, out=share, dtype=np.float64, casting="same_kind")
    share *= 1 / share.sum(axis=-1, keepdims=True)
    return share


def gelu_slope(a: Float[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape"]:
    """Slope of GELU = a/2 · (1 + T) with T = tanh(s (a + k a³)), s = √(2/π), k = 0.044715.

    (1 + T)/2 + a/2 · (1 - T²) s (1 + 3 k a²)
    """
    half, cubic, scale = (a.dtype.type(number) for number in (0.5, 0.044715, np.sqrt(2 / np.pi)))
    T = np.tanh(scale * (a + cubic * a * a * a))
    return half * (1 + T) + half * a * (1 - T * T) * scale * (1 + 3 * cubic * a * a)


def gelu_exact(a: Float[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape"]:
    """Let through what is positive, softly: a Φ(a) with the normal distribution's Φ(a) = (1 + erf(a / √2)) / 2.

    Source: Hendrycks and Gimpel 2016, "Gaussian error linear units".
    """
    return a * _normal(a)


def gelu_exact_slope(a: Float[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape"]:
    """Slope of a Φ(a): Φ(a) + a φ(a), with the normal density φ(a) = e^(-a²/2) / √(2π)."""
    half, scale = a.dtype.type(0.5), a.dtype.type(1 / np.sqrt(2 * np.pi))
    near = np.clip(a, -20, 20)  # further out the density is 0
    return _normal(a) + near * np.exp(-half * near * near) * scale


def _normal(a: Float[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape"]:
    """Φ(a); the error function is taken in float64 and rounded, as in ``tanh``."""
    from scipy.special import erf  # pages that need none start without it

    half, root = a.dtype.type(0.5), a.dtype.type(np.sqrt(0.5))
    share: np.ndarray = half * (1 + erf((a * root).astype(np.float64, copy=False)).astype(a.dtype, copy=False))
    return share


def relu_slope(a: Float[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape"]:
    """Slope of max(a, 0), known from a as from its value: 1 where it is above 0, else 0."""
    return (a > 0).astype(a.dtype)


@dataclass(frozen=True)
class Activation:
    """One activation function: itself, its slope at a, and how it is written in LaTeX and in NumPy."""

    function: Callable[[np.ndarray], np.ndarray]
    slope: Callable[[np.ndarray], np.ndarray]
    latex: str
    name: str


# Those of a feed-forward network, by the names that a config has for them.
ACTIVATIONS: Mapping[str, Activation] = {
    "gelu-tanh": Activation(gelu, gelu_slope, r"\mathrm{GELU}", "gelu"),
    "gelu": Activation(gelu_exact, gelu_exact_slope, r"\mathrm{GELU}", "gelu_exact"),
    "relu": Activation(relu, relu_slope, r"\mathrm{ReLU}", "relu"),
}
