"""Torch's side of attention with weights that belong to no run: ``nn.MultiheadAttention`` with given matrices."""

from collections.abc import Mapping, Sequence
from math import sqrt

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor, nn


def in_precisions(x: Float[np.ndarray, "batch time width"], weights: Mapping[str, np.ndarray], causal: bool,
                  dtypes: Sequence[str]) -> dict[str, dict[str, np.ndarray]]:
    """Compute every quantity in several precisions: one question instead of several."""
    return {dtype: multihead(x.astype(dtype), {name: array.astype(dtype) for name, array in weights.items()}, causal)
            for dtype in dtypes}


@torch.inference_mode()
def multihead(x: Float[np.ndarray, "batch time width"], weights: Mapping[str, np.ndarray],
              causal: bool) -> dict[str, np.ndarray]:
    """Run ``nn.MultiheadAttention`` without biases and return every quantity, named as in ``reference.attention``.

    ``weights`` are W_q, W_k, W_v (head feature width) and W_o (width head_feature). The weights of each head and the
    output are the module's own; queries, keys, values and scores are recovered from its packed projection.
    """
    heads, feature, width = weights["W_q"].shape
    read, allowed = torch.from_numpy(x), None
    if causal:
        allowed = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).triu(1)
    module = _module(weights, width, heads).to(read.dtype)
    attended, pattern = module(read, read, read, attn_mask=allowed, need_weights=True, average_attn_weights=False)
    query, key, value = (part.unflatten(-1, (heads, feature)).transpose(1, 2)
                         for part in nn.functional.linear(read, _packed(module)).chunk(3, -1))
    values = {"query": query, "key": key, "value": value, "scores": query @ key.mT / sqrt(feature),
              "attention": pattern, "heads": pattern @ value, "attended": attended}
    return {name: value.numpy() for name, value in values.items()}


def _module(weights: Mapping[str, np.ndarray], width: int, heads: int) -> nn.MultiheadAttention:
    module = nn.MultiheadAttention(width, heads, bias=False, batch_first=True, device="meta").eval()
    rows = np.concatenate([weights[f"W_{part}"].reshape(width, width) for part in "qkv"])
    state = {"in_proj_weight": torch.from_numpy(rows), "out_proj.weight": torch.from_numpy(weights["W_o"].copy())}
    module.load_state_dict(state, assign=True)
    return module


def _packed(module: nn.MultiheadAttention) -> Tensor:
    packed = module.in_proj_weight
    assert packed is not None  # it is absent only where keys or values have a width of their own
    return packed
