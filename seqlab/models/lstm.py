"""LSTM: torch's fused module, and its gates and cell recovered from the states it passed through."""

from collections.abc import Mapping, Sequence
from functools import partial

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from seqlab.models import Model, stacked_cells
from seqlab.models.initialisation import recurrent_starts
from seqlab.models.recurrent import before, changed_trace, fused_steps, layer_outputs, zeros
from seqlab.models.stacked import Layers, fused
from seqlab.reference.core import Sizes
from seqlab.reference.edit import UNCHANGED, Edit, Edits


def gates(x: Tensor, h: Tensor, weights: Sequence[Tensor]) -> dict[str, Tensor]:
    """Compute a layer's three gates and its candidate from the input and the old states, at one time or many."""
    i, f, g, o = (F.linear(x, *weights[::2]) + F.linear(h, *weights[1::2])).chunk(4, -1)
    return {"i": i.sigmoid(), "f": f.sigmoid(), "g": g.tanh(), "o": o.sigmoid()}


def quantities(x: Tensor, state: tuple[Tensor, ...], weights: Sequence[Tensor], edit: Edit) -> dict[str, Tensor]:
    """Compute everything of one layer at one time; the state is h and c."""
    parts = gates(x, state[0], weights)
    edit(**parts)
    c = parts["f"] * state[1] + parts["i"] * parts["g"]
    edit(c=c)
    h = parts["o"] * c.tanh()
    edit(h=h)
    return parts | {"c": c, "h": h}


def trace(core: nn.LSTM, x: Tensor, state: tuple[Tensor, ...] | None = None,
          edits: Edits = UNCHANGED, top: Tensor | None = None) -> Mapping[str, Tensor]:
    """Run the fused module; gates follow from its hidden states, the cell from the gates.

    The hidden state given back is the fused module's own, so an error in gates or cell would show as a gap
    between o ⊙ tanh(c) in the reference and h here.
    """
    if edits is not UNCHANGED:
        return changed_trace(quantities, core.all_weights, x, state or zeros(core, x), edits, ("h", "c"))
    values: dict[str, Tensor] = {}
    for layer, (below, h, first) in enumerate(layer_outputs(core, x, state, top)):
        parts, c, cells = gates(below, before(h, first[0]), core.all_weights[layer]), first[1], []
        for t in range(h.shape[1]):
            c = parts["f"][:, t] * c + parts["i"][:, t] * parts["g"][:, t]
            cells.append(c)
        parts |= {"c": torch.stack(cells, 1), "h": h}
        values |= {f"{key}.{layer}": value for key, value in parts.items()}
    return values


def build(width: int, sizes: Sizes) -> nn.LSTM:
    """Make the module."""
    return nn.LSTM(width, sizes.hidden, sizes.layers, batch_first=True)


# The delay line: i open, f shut, o half open.
STARTS = recurrent_starts(content=2, gain=2.5, gates={0: 3.0, 1: -5.0, 3: 0.0})
MODEL = Model("lstm", build, trace, initialise=STARTS, step=partial(fused_steps, "lstm_cell"), packs=True,
              time_first=True, stacked=Layers(fused, stacked_cells.lstm))
