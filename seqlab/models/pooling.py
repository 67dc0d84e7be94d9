"""Pooling over time in torch; its twin is ``reference.pooling``."""

import torch
from jaxtyping import Float, Int
from torch import Tensor

from seqlab.reference.pooling import Pooling


def over_time(h: Float[Tensor, "batch time hidden"], pooling: Pooling, whole: bool = False,
              lengths: Int[Tensor, " batch"] | None = None) -> Float[Tensor, "batch read hidden"]:
    """Give what the decoder reads at every time, or of ``whole`` sequences only at the last of their real time steps.

    With ``max`` that is the running maximum, with ``mean`` the running mean; with ``max-with-padding`` what stands
    behind a sequence's end takes part.
    """
    if not whole and pooling == "mean":
        return h.cumsum(1) / torch.arange(1, h.shape[1] + 1, device=h.device)[:, None]
    if not whole:
        return h if pooling == "none" else h.gather(1, winners(h))
    lengths = None if lengths is None else lengths.to(h.device)
    if pooling == "none":
        last = h.shape[1] - 1 if lengths is None else lengths - 1
        return h[torch.arange(len(h), device=h.device), last][:, None]
    if lengths is not None and pooling != "max-with-padding":
        filled = torch.arange(h.shape[1], device=h.device) >= lengths[:, None]
        h = h.masked_fill(filled[..., None], -torch.inf if pooling == "max" else 0.0)
    if pooling == "mean":
        return h.sum(1, keepdim=True) / (h.shape[1] if lengths is None else lengths[:, None, None])
    return h.amax(1, keepdim=True)


@torch.no_grad()
def winners(h: Float[Tensor, "batch time hidden"]) -> Int[Tensor, "batch time hidden"]:
    """At which time each running maximum stands; of equal values the first one wins, not the last as in ``cummax``."""
    highest = h.cummax(1).values
    higher = torch.cat((torch.ones_like(h[:, :1], dtype=torch.bool), h[:, 1:] > highest[:, :-1]), 1)
    times = torch.arange(h.shape[1], device=h.device)[:, None]
    return torch.where(higher, times, 0).cummax(1).values
