"""What the recurrent models share: a stack run layer by layer, with the state each layer started from."""

from collections.abc import Iterator

import torch
from torch import Tensor, nn


def layer_outputs(core: nn.RNNBase, x: Tensor,
                  state: tuple[Tensor, ...] | None) -> Iterator[tuple[Tensor, Tensor, tuple[Tensor, ...]]]:
    """Run the fused module and say what each of its layers read and produced.

    Yields the layer's input and hidden states (``batch time width``) and its initial states (``batch hidden``
    each). The top layer's hidden states come from the whole module; a module does not give those of the layers
    below, so they come from the same kernel run on one layer.
    """
    parts = 2 if core.mode == "LSTM" else 1
    state = state or (x.new_zeros(core.num_layers, x.shape[0], core.hidden_size),) * parts
    top, _ = core(x, state if parts == 2 else state[0])
    kernel = getattr(torch, core.mode.lower())
    below = x
    for layer, weights in enumerate(core.all_weights):
        first = tuple(part[layer:layer + 1].contiguous() for part in state)
        if layer < core.num_layers - 1:
            h = kernel(below, first if parts == 2 else first[0], weights, True, 1, 0.0, False, False, True)[0]
        else:
            h = top
        yield below, h, tuple(part[0] for part in first)
        below = h


def before(h: Tensor, first: Tensor) -> Tensor:
    """States one step earlier: the initial state, then all but the last; ``batch time hidden``."""
    return torch.cat((first[:, None], h[:, :-1]), 1)
