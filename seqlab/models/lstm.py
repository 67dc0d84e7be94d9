"""LSTM: torch's fused module, and its gates and cell recovered from the states it passed through."""

from collections.abc import Mapping
from functools import partial

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from seqlab.models import Model
from seqlab.models.initialisation import recurrent_starts
from seqlab.models.recurrent import before, fused_steps, layer_outputs
from seqlab.reference.core import Sizes


def trace(core: nn.LSTM, x: Tensor, state: tuple[Tensor, ...] | None = None,
          top: Tensor | None = None) -> Mapping[str, Tensor]:
    """Run the fused module; gates follow from its hidden states, the cell from the gates.

    The hidden state given back is the fused module's own, so an error in gates or cell would show as a gap
    between o ⊙ tanh(c) in the reference and h here.
    """
    values: dict[str, Tensor] = {}
    for layer, (below, h, first) in enumerate(layer_outputs(core, x, state, top)):
        a = F.linear(below, *core.all_weights[layer][::2]) + F.linear(
            before(h, first[0]), *core.all_weights[layer][1::2])
        i, f, g, o = a.chunk(4, -1)
        i, f, g, o = i.sigmoid(), f.sigmoid(), g.tanh(), o.sigmoid()
        cell, cells = first[1], []
        for t in range(h.shape[1]):
            cell = f[:, t] * cell + i[:, t] * g[:, t]
            cells.append(cell)
        parts = {"i": i, "f": f, "g": g, "o": o, "c": torch.stack(cells, 1), "h": h}
        values |= {f"{key}.{layer}": value for key, value in parts.items()}
    return values


def build(width: int, sizes: Sizes) -> nn.LSTM:
    """Make the module."""
    return nn.LSTM(width, sizes.hidden, sizes.layers, batch_first=True)


# The delay line: i open, f shut, o half open.
STARTS = recurrent_starts(content=2, gain=2.5, gates={0: 3.0, 1: -5.0, 3: 0.0})
MODEL = Model("lstm", build, trace, initialise=STARTS, step=partial(fused_steps, "lstm_cell"), packs=True,
              time_first=True)
