"""How vectors enter a stack of attention: by a linear layer or as they are, with positions added or without."""

import numpy as np
from jaxtyping import Float

from seqlab.reference.core import Sizes
from seqlab.reference.linear import linear, linear_gradient
from seqlab.reference.positions import positions
from seqlab.reference.transformer_form import Form
from seqlab.reference.weights import Shapes, Weights


def entered(x: Float[np.ndarray, "batch time input"], weights: Weights, prefix: str, form: Form,
            past: int = 0) -> Float[np.ndarray, "batch time width"]:
    """Give e_t = W_e x_t + b_e + P_t, or what the form leaves of it; ``past`` inputs came before.

    Raises Fault for a position beyond the last one that was learned.
    """
    if form.entry == "none":
        code = x.copy()  # so that who changes the one leaves the other
    else:
        code = linear(x, weights[f"{prefix}input.weight"], weights[f"{prefix}input.bias"])
    if form.positions == "none":
        return code
    learned = weights.get(f"{prefix}position.weight")
    return code + positions(x.shape[1], code.shape[2], code.dtype, learned, past)


def entered_gradient(x: Float[np.ndarray, "batch time input"], weights: Weights, prefix: str, form: Form,
                     gradient: Float[np.ndarray, "batch time width"]) -> tuple[
                         Float[np.ndarray, "batch time input"], dict[str, np.ndarray]]:
    """Go back from dL/d entered to x and to the weights.

    A learned position gathers it from every sequence at its time; the input layer gets the same.
    """
    gradients: dict[str, np.ndarray] = {}
    learned = weights.get(f"{prefix}position.weight")
    if learned is not None:
        gradients[f"{prefix}position.weight"] = np.zeros_like(learned)
        gradients[f"{prefix}position.weight"][:x.shape[1]] = gradient.sum(axis=0)
    if form.entry == "none":
        return gradient, gradients
    d_x, d_weight, d_bias = linear_gradient(x, weights[f"{prefix}input.weight"], gradient)
    return d_x, gradients | {f"{prefix}input.weight": d_weight, f"{prefix}input.bias": d_bias}


def entering_shapes(width: int, sizes: Sizes) -> Shapes:
    """Names and shapes of the weights that inputs of ``width`` enter by."""
    layer: Shapes = {"input.weight": (sizes.hidden, width), "input.bias": (sizes.hidden,)}
    learned: Shapes = {"position.weight": (sizes.context, sizes.hidden)}
    return (layer if sizes.entry == "linear" else {}) | (learned if sizes.positions == "learned" else {})


def attention_shapes(hidden: int, heads: int) -> Shapes:
    """Names and shapes of one layer of attention."""
    feature = hidden // heads
    shapes: Shapes = {f"attention.W_{part}": (heads, feature, hidden) for part in "qkv"}
    shapes |= {f"attention.b_{part}": (heads, feature) for part in "qkv"}
    return shapes | {"attention.W_o": (hidden, hidden), "attention.b_o": (hidden,)}
