"""One block of a transformer: attention and a feed-forward network along a residual stream, normalised first or last.

Source: Vaswani et al. 2017; normalisation before each part: Xiong et al. 2020 (arXiv 2002.04745); layer norm: Ba et al.
2016; GELU: Hendrycks and Gimpel 2016.
"""

import numpy as np
from jaxtyping import Float

from seqlab.reference.attention import AttentionWeights, Cache, attention, causal
from seqlab.reference.core import Sight
from seqlab.reference.edit import Edit, unchanged
from seqlab.reference.layer_norm import layer_norm
from seqlab.reference.linear import linear
from seqlab.reference.transformer_form import PLAIN, Form
from seqlab.reference.weights import Weights

Values = dict[str, Float[np.ndarray, "..."]]


def block(x: Float[np.ndarray, "batch time width"], weights: Weights, prefix: str, cache: Cache | None = None,
          sees: Sight = "past", form: Form = PLAIN, edit: Edit = unchanged) -> Values:
    """Run one block and keep every quantity; with a cache, x goes on where that ends.

    Each position attends to itself and those before it, or where it ``sees`` all to all of x. ``edit`` may change
    each quantity before it is read.
    """
    run = _norm_first if form.norm == "first" else _norm_last
    return run(x, weights, prefix, None if sees == "all" else causal(x.shape[1], cache.length if cache else 0), cache,
               form, edit)


def _norm_first(x: np.ndarray, weights: Weights, prefix: str, allowed: np.ndarray | None, cache: Cache | None,
                form: Form, edit: Edit) -> Values:
    """Normalise what each part reads.

    ln1 = layer_norm(x)
    mid = x + attention(ln1)
    ln2 = layer_norm(mid)
    ff = act(W_in ln2 + b_in)
    h = mid + W_out ff + b_out
    """
    ln1 = normalised(x, weights, f"{prefix}ln1.")
    edit(ln1=ln1)
    looked = attention(ln1, AttentionWeights.of(weights, f"{prefix}attention."), allowed, cache, edit)
    mid = x + looked["attended"]
    edit(mid=mid)
    ln2 = normalised(mid, weights, f"{prefix}ln2.")
    edit(ln2=ln2)
    ff = form.acts.function(mapped(ln2, weights, f"{prefix}ff_in."))
    edit(ff=ff)
    h = mid + mapped(ff, weights, f"{prefix}ff_out.")
    edit(h=h)
    return {"ln1": ln1, **looked, "mid": mid, "ln2": ln2, "ff": ff, "h": h}


def _norm_last(x: np.ndarray, weights: Weights, prefix: str, allowed: np.ndarray | None, cache: Cache | None,
               form: Form, edit: Edit) -> Values:
    """Normalise the residual stream behind each part.

    mid = x + attention(x)
    ln1 = layer_norm(mid)
    ff = act(W_in ln1 + b_in)
    post = ln1 + W_out ff + b_out
    h = layer_norm(post)
    """
    looked = attention(x, AttentionWeights.of(weights, f"{prefix}attention."), allowed, cache, edit)
    mid = x + looked["attended"]
    edit(mid=mid)
    ln1 = normalised(mid, weights, f"{prefix}ln1.")
    edit(ln1=ln1)
    ff = form.acts.function(mapped(ln1, weights, f"{prefix}ff_in."))
    edit(ff=ff)
    post = ln1 + mapped(ff, weights, f"{prefix}ff_out.")
    edit(post=post)
    h = normalised(post, weights, f"{prefix}ln2.")
    edit(h=h)
    return {**looked, "mid": mid, "ln1": ln1, "ff": ff, "post": post, "h": h}


def normalised(x: Float[np.ndarray, "*shape width"], weights: Weights,
               prefix: str) -> Float[np.ndarray, "*shape width"]:
    """Apply the layer norm whose scale and shift have this prefix."""
    return layer_norm(x, weights[f"{prefix}weight"], weights[f"{prefix}bias"])


def mapped(x: Float[np.ndarray, "*shape input"], weights: Weights, prefix: str) -> Float[np.ndarray, "*shape output"]:
    """Apply the linear layer whose matrix and bias have this prefix."""
    return linear(x, weights[f"{prefix}weight"], weights[f"{prefix}bias"])
