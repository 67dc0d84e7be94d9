"""GRUs in other conventions in torch, one step after another; torch's own convention runs through its fused module."""

from collections.abc import Mapping, Sequence
from typing import cast

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from seqlab.errors import Fault
from seqlab.lenses import opened
from seqlab.lenses.cells import module
from seqlab.models import models
from seqlab.reference.conventions import TORCH, Convention
from seqlab.reference.core import core_of

KEYS = ("r", "z", "q", "n", "h")


@torch.inference_mode()
def traces(convention: Convention, weights: Mapping[str, np.ndarray], x: Float[np.ndarray, "batch time input"],
           dtypes: Sequence[str]) -> dict[str, dict[str, np.ndarray]]:
    """Every quantity of one layer with the given weights, in each precision."""
    passes = {}
    for dtype in dtypes:
        gru = module("gru", {name: part.astype(dtype) for name, part in weights.items()}, x.shape[2])
        inputs = torch.from_numpy(x.astype(dtype))
        passes[dtype] = {"x": inputs.numpy(), **_numpy(_trace(convention, cast(nn.RNNBase, gru), inputs))}
    return passes


@torch.inference_mode()
def network_traces(convention: Convention, path: str, step: int, ids: Int[np.ndarray, "batch time"],
                   condition: Int[np.ndarray, " batch"] | None, dtype: str = "float64") -> dict[str, np.ndarray]:
    """Do so for a run's whole network on symbols; raises Fault where the run is no GRU or its weights are gone."""
    network = opened.network(path, step, dtype)
    if not core_of(network.config).conventions:
        raise Fault("Only a GRU can be read in another convention; choose a run with a GRU.")
    given = None if condition is None else torch.from_numpy(np.array(condition))
    x = network.encoder(torch.from_numpy(np.array(ids)), given)
    values = {"x": x, **_trace(convention, network.core, x)}
    logits = network.decoder(values[list(values)[-1]])
    return _numpy(values | {"logits": logits, "p": logits.softmax(-1)})


def network_logits(convention: Convention, path: str, step: int, ids: Int[np.ndarray, "batch time"],
                   condition: Int[np.ndarray, " batch"] | None) -> Float[np.ndarray, "batch time vocab"]:
    """Only the logits of such passes, in float64, where there are many: they are what is scored."""
    return network_traces(convention, path, step, ids, condition)["logits"]


def _trace(convention: Convention, core: nn.RNNBase, x: Tensor) -> Mapping[str, Tensor]:
    if convention == TORCH:
        return models()["gru"].trace(core, x)
    values: dict[str, Tensor] = {}
    below = x
    for layer, weights in enumerate(core.all_weights):
        steps = _steps(convention, below, weights)
        values |= {f"{key}.{layer}": torch.stack(parts, 1) for key, parts in steps.items()}
        below = values[f"h.{layer}"]
    return values


def _steps(convention: Convention, x: Float[Tensor, "batch time input"],
           weights: Sequence[Tensor]) -> dict[str, list[Tensor]]:
    W_ih, W_hh, b_ih, b_hh = (part.chunk(3) for part in weights)
    kept: dict[str, list[Tensor]] = {key: [] for key in KEYS}
    h = x.new_zeros(x.shape[0], W_hh[0].shape[0])
    for t in range(x.shape[1]):
        r, z = ((F.linear(x[:, t], W_ih[k], b_ih[k]) + F.linear(h, W_hh[k], b_hh[k])).sigmoid() for k in (0, 1))
        before = convention.reset == "before"
        q = F.linear(r * h if before else h, W_hh[2], b_hh[2])
        n = (F.linear(x[:, t], W_ih[2], b_ih[2]) + (q if before else r * q)).tanh()
        h = (1 - z) * n + z * h if convention.z == "keeps" else z * n + (1 - z) * h
        for key, value in zip(KEYS, (r, z, q, n, h), strict=True):
            kept[key].append(value)
    return kept


def _numpy(values: Mapping[str, Tensor]) -> dict[str, np.ndarray]:
    return {name: value.numpy() for name, value in values.items()}
