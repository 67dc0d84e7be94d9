"""The way back through the transformer: feed-forward, blocks, positions."""

from collections.abc import Mapping

import numpy as np
from jaxtyping import Float

from seqlab.reference.activations import gelu_slope
from seqlab.reference.attention import AttentionWeights
from seqlab.reference.backward_attention import attention_gradient, named
from seqlab.reference.core import Gradients
from seqlab.reference.layer_norm import layer_norm_gradient
from seqlab.reference.linear import linear, linear_gradient
from seqlab.reference.weights import Weights


def transformer_gradient(x: Float[np.ndarray, "batch time input"], weights: Weights, values: Mapping[str, np.ndarray],
                         gradient: Float[np.ndarray, "batch time width"], prefix: str) -> Gradients:
    """Go back from dL/d ln through the last normalisation, the blocks from top to bottom, positions and input layer.

    A learned position gathers dL/d entered of every sequence at its time; the input layer gets the same.
    """
    blocks = sum(name.endswith("attention.W_o") for name in weights)
    inputs = [values["entered"], *(values[f"h.{layer}"] for layer in range(blocks))]
    back, gradients = _norm(inputs[-1], weights, f"{prefix}norm.", gradient)
    quantities: dict[str, np.ndarray] = {"ln": gradient}
    for layer in reversed(range(blocks)):
        own = {name.removesuffix(f".{layer}"): array for name, array in values.items() if name.endswith(f".{layer}")}
        back, d_weights, d_block = block_gradient(inputs[layer], weights, own, back, f"{prefix}blocks.{layer}.")
        gradients |= d_weights
        quantities = {f"{key}.{layer}": d for key, d in d_block.items()} | quantities
    learned = weights.get(f"{prefix}position.weight")
    if learned is not None:
        gradients[f"{prefix}position.weight"] = np.zeros_like(learned)
        gradients[f"{prefix}position.weight"][:x.shape[1]] = back.sum(axis=0)
    d_x, gradients[f"{prefix}input.weight"], gradients[f"{prefix}input.bias"] = linear_gradient(
        x, weights[f"{prefix}input.weight"], back)
    return Gradients(gradients, d_x, (), {"entered": back} | quantities)


def block_gradient(x: Float[np.ndarray, "batch time width"], weights: Weights, values: Mapping[str, np.ndarray],
                   gradient: Float[np.ndarray, "batch time width"], prefix: str) -> tuple[
                       Float[np.ndarray, "batch time width"], dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Go back through one block; on the residual stream every gradient is what came from above and what a part adds.

    d is short for dL/d:

    dff = W_outᵀ dh                      dln2 = W_inᵀ (dff ⊙ gelu'(W_in ln2 + b_in))
    dmid = dh + through layer_norm dln2
    dattended = dmid                     dx = dmid + through layer_norm dln1
    """
    d_ff, W_out, b_out = linear_gradient(values["ff"], weights[f"{prefix}ff_out.weight"], gradient)
    W_in, b_in = weights[f"{prefix}ff_in.weight"], weights[f"{prefix}ff_in.bias"]
    d_a = d_ff * gelu_slope(linear(values["ln2"], W_in, b_in))
    d_ln2, d_W_in, d_b_in = linear_gradient(values["ln2"], W_in, d_a)
    through, gradients = _norm(values["mid"], weights, f"{prefix}ln2.", d_ln2)
    d_mid = gradient + through
    own, d_ln1, looked = attention_gradient(values["ln1"], AttentionWeights.of(weights, f"{prefix}attention."), values,
                                            d_mid)
    through, first = _norm(x, weights, f"{prefix}ln1.", d_ln1)
    gradients |= first | dict(named(own, f"{prefix}attention.")) | {
        f"{prefix}ff_in.weight": d_W_in, f"{prefix}ff_in.bias": d_b_in,
        f"{prefix}ff_out.weight": W_out, f"{prefix}ff_out.bias": b_out}
    return d_mid + through, gradients, {"ln1": d_ln1, **looked, "mid": d_mid, "ln2": d_ln2, "ff": d_ff, "h": gradient}


def _norm(x: np.ndarray, weights: Weights, prefix: str,
          gradient: np.ndarray) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    d_x, d_weight, d_bias = layer_norm_gradient(x, weights[f"{prefix}weight"], gradient)
    return d_x, {f"{prefix}weight": d_weight, f"{prefix}bias": d_bias}
