"""LSTM: torch's fused module, and its gates and cell recovered from the states it passed through."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from seqlab.models import Model
from seqlab.models.recurrent import before, layer_outputs


def trace(core: nn.LSTM, x: Tensor, state: tuple[Tensor, Tensor] | None = None,
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


MODEL = Model("lstm", lambda width, sizes: nn.LSTM(width, sizes.hidden, sizes.layers, batch_first=True), trace)
