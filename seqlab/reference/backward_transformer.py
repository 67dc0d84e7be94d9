"""The way back through the transformer: feed-forward, blocks, positions."""

from collections.abc import Mapping

import numpy as np
from jaxtyping import Float

from seqlab.reference.attention import AttentionWeights
from seqlab.reference.backward_attention import attention_gradient, named
from seqlab.reference.blocks import mapped
from seqlab.reference.core import Gradients
from seqlab.reference.entering import entered_gradient
from seqlab.reference.layer_norm import layer_norm_gradient
from seqlab.reference.linear import linear_gradient
from seqlab.reference.transformer_form import Form
from seqlab.reference.weights import Weights
from seqlab.reference.window import blocks

# dL/d of what a block read, of its weights, and of its quantities.
BlockGradient = tuple[np.ndarray, dict[str, np.ndarray], dict[str, np.ndarray]]


def transformer_gradient(x: Float[np.ndarray, "batch time input"], weights: Weights, values: Mapping[str, np.ndarray],
                         gradient: Float[np.ndarray, "batch time width"], prefix: str, form: Form) -> Gradients:
    """Go back from dL/d of the output through the blocks from top to bottom, positions and input layer."""
    layers = blocks(weights)
    inputs = [values["entered"], *(values[f"h.{layer}"] for layer in range(layers))]
    back, gradients, quantities = gradient, dict[str, np.ndarray](), dict[str, np.ndarray]()
    if form.final_norm:
        quantities["ln"] = gradient
        back, gradients = _norm(inputs[-1], weights, f"{prefix}norm.", gradient)
    step = _norm_first if form.norm == "first" else _norm_last
    for layer in reversed(range(layers)):
        own = {name.removesuffix(f".{layer}"): array for name, array in values.items() if name.endswith(f".{layer}")}
        back, d_weights, d_block = step(inputs[layer], weights, own, back, f"{prefix}blocks.{layer}.", form)
        gradients |= d_weights
        quantities = {f"{key}.{layer}": d for key, d in d_block.items()} | quantities
    d_x, entry = entered_gradient(x, weights, prefix, form, back)
    return Gradients(gradients | entry, d_x, (), {"entered": back} | quantities)


def _norm_first(x: np.ndarray, weights: Weights, values: Mapping[str, np.ndarray], gradient: np.ndarray, prefix: str,
                form: Form) -> BlockGradient:
    """Go back through one block; on the residual stream every gradient is what came from above and what a part adds.

    d is short for dL/d:

    dff = W_outᵀ dh                      dln2 = W_inᵀ (dff ⊙ act'(W_in ln2 + b_in))
    dmid = dh + through layer_norm dln2
    dattended = dmid                     dx = dmid + through layer_norm dln1
    """
    d_ln2, d_ff, gradients = _fed(values["ln2"], weights, values["ff"], gradient, prefix, form)
    through, second = _norm(values["mid"], weights, f"{prefix}ln2.", d_ln2)
    d_mid = gradient + through
    own, d_ln1, looked = attention_gradient(values["ln1"], AttentionWeights.of(weights, f"{prefix}attention."), values,
                                            d_mid)
    through, first = _norm(x, weights, f"{prefix}ln1.", d_ln1)
    gradients |= second | first | dict(named(own, f"{prefix}attention."))
    return d_mid + through, gradients, {"ln1": d_ln1, **looked, "mid": d_mid, "ln2": d_ln2, "ff": d_ff, "h": gradient}


def _norm_last(x: np.ndarray, weights: Weights, values: Mapping[str, np.ndarray], gradient: np.ndarray, prefix: str,
               form: Form) -> BlockGradient:
    """Go back through one block that normalises behind each part.

    dpost = through layer_norm dh
    dff = W_outᵀ dpost                   dln1 = dpost + W_inᵀ (dff ⊙ act'(W_in ln1 + b_in))
    dmid = through layer_norm dln1
    dattended = dmid                     dx = dmid + through attention dattended
    """
    d_post, gradients = _norm(values["post"], weights, f"{prefix}ln2.", gradient)
    through, d_ff, fed = _fed(values["ln1"], weights, values["ff"], d_post, prefix, form)
    d_ln1 = d_post + through
    d_mid, first = _norm(values["mid"], weights, f"{prefix}ln1.", d_ln1)
    own, through, looked = attention_gradient(x, AttentionWeights.of(weights, f"{prefix}attention."), values, d_mid)
    gradients |= fed | first | dict(named(own, f"{prefix}attention."))
    return d_mid + through, gradients, {**looked, "mid": d_mid, "ln1": d_ln1, "ff": d_ff, "post": d_post, "h": gradient}


def _fed(read: np.ndarray, weights: Weights, ff: np.ndarray, gradient: np.ndarray, prefix: str,
         form: Form) -> tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]:
    """Go back through the feed-forward network: dL/d of what it read, of its inner layer, and of its weights."""
    d_ff, outer = _map(ff, weights, f"{prefix}ff_out.", gradient)
    d_a = d_ff * form.acts.slope(mapped(read, weights, f"{prefix}ff_in."))
    d_read, inner = _map(read, weights, f"{prefix}ff_in.", d_a)
    return d_read, d_ff, inner | outer


def _map(x: np.ndarray, weights: Weights, prefix: str,
         gradient: np.ndarray) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    d_x, d_weight, d_bias = linear_gradient(x, weights[f"{prefix}weight"], gradient)
    return d_x, {f"{prefix}weight": d_weight, f"{prefix}bias": d_bias}


def _norm(x: np.ndarray, weights: Weights, prefix: str,
          gradient: np.ndarray) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    d_x, d_weight, d_bias = layer_norm_gradient(x, weights[f"{prefix}weight"], gradient)
    return d_x, {f"{prefix}weight": d_weight, f"{prefix}bias": d_bias}
