"""The way back through multi-head self-attention."""

from collections.abc import Mapping

import numpy as np
from jaxtyping import Float

from seqlab.reference.attention import AttentionWeights, joined
from seqlab.reference.weights import Weights


def attention_gradient(x: Float[np.ndarray, "batch time width"], weights: AttentionWeights,
                       values: Mapping[str, np.ndarray], gradient: Float[np.ndarray, "batch time width"]) -> tuple[
                           AttentionWeights, Float[np.ndarray, "batch time width"], dict[str, np.ndarray]]:
    """Go back from dL/d attended (``gradient``) to the weights, to x, and to every quantity of ``values``.

    d is short for dL/d; heads_t, attended_t and so on are those of ``attention``:

    dheads_t = W_oᵀ dattended_t, cut into the heads; dW_o = Σ_t dattended_t heads_tᵀ; db_o = Σ_t dattended_t
    dattention_tj = dheads_t · value_j
    dvalue_j = Σ_t attention_tj dheads_t
    dscores_tj = attention_tj (dattention_tj - Σ_k attention_tk dattention_tk)
    dquery_t = Σ_j dscores_tj key_j / √feature
    dkey_j = Σ_t dscores_tj query_t / √feature
    dx_t = Σ over heads of W_qᵀ dquery_t + W_kᵀ dkey_t + W_vᵀ dvalue_t; dW_q = Σ_t dquery_t x_tᵀ; db_q = Σ_t dquery_t

    What the mask hides needs no formula of its own: its weight is 0, and so is its dscores.
    """
    count, feature, _ = weights.W_q.shape
    parts = gradient @ weights.W_o
    d_heads = parts.reshape(*parts.shape[:2], count, feature).swapaxes(1, 2)
    d_attention = d_heads @ values["value"].swapaxes(-1, -2)
    d_value = values["attention"].swapaxes(-1, -2) @ d_heads
    d_scores = softmax_gradient(values["attention"], d_attention)
    d_product = d_scores / np.sqrt(feature, dtype=x.dtype)
    d_query = d_product @ values["key"]
    d_key = d_product.swapaxes(-1, -2) @ values["query"]
    d_parts = {"q": d_query, "k": d_key, "v": d_value}
    d_x = sum((joined(d_parts[part]) @ matrix.reshape(-1, matrix.shape[-1])
               for part, matrix in zip("qkv", (weights.W_q, weights.W_k, weights.W_v), strict=True)),
              start=np.zeros_like(x))
    trace = {"query": d_query, "key": d_key, "value": d_value, "scores": d_scores, "attention": d_attention,
             "heads": d_heads, "attended": gradient}
    return _weights(x, weights, values["heads"], d_parts, gradient), d_x, trace


def softmax_gradient(p: Float[np.ndarray, "*shape classes"],
                     gradient: Float[np.ndarray, "*shape classes"]) -> Float[np.ndarray, "*shape classes"]:
    """Go back through p = softmax(s): dL/ds = p ⊙ (dL/dp - Σ p dL/dp), the sum over the last axis."""
    return p * (gradient - (p * gradient).sum(axis=-1, keepdims=True))


def named(weights: AttentionWeights, prefix: str) -> Weights:
    """Give each matrix and bias its name: the way back from ``AttentionWeights.of``."""
    parts = {f"{prefix}{kind}_{part}": getattr(weights, f"{kind}_{part}") for kind in "Wb" for part in "qkvo"}
    return {name: array for name, array in parts.items() if array is not None}


def _weights(x: np.ndarray, weights: AttentionWeights, heads: np.ndarray, d_parts: Mapping[str, np.ndarray],
             gradient: np.ndarray) -> AttentionWeights:
    inside = {f"W_{part}": np.einsum("bhtf,btw->hfw", d, x, optimize=True) for part, d in d_parts.items()}
    biases = {f"b_{part}": d.sum(axis=(0, 2)) for part, d in d_parts.items()} | {"b_o": gradient.sum(axis=(0, 1))}
    kept = {name: array for name, array in biases.items() if getattr(weights, name) is not None}
    d_W_o = gradient.reshape(-1, gradient.shape[-1]).T @ joined(heads).reshape(-1, weights.W_o.shape[1])
    return AttentionWeights(**inside, W_o=d_W_o, **kept)
