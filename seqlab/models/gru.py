"""GRU: torch's fused module, and its gates recovered from the states it passed through."""

from collections.abc import Mapping, Sequence
from functools import partial

from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 (the field's own letter)

from seqlab.models import Model, stacked_cells
from seqlab.models.initialisation import recurrent_starts
from seqlab.models.recurrent import before, changed_trace, fused_steps, layer_outputs, zeros
from seqlab.models.stacked import Layers, fused_apart
from seqlab.reference.core import Sizes
from seqlab.reference.edit import UNCHANGED, Edit, Edits, unchanged


def quantities(x: Tensor, state: tuple[Tensor, ...], weights: Sequence[Tensor],
               edit: Edit = unchanged) -> dict[str, Tensor]:
    """Compute a layer's gates, candidate and new state, at one time or, where the old states are known, at all."""
    (old,), (W_ih, W_hh, b_ih, b_hh) = state, weights
    from_input, from_state = F.linear(x, W_ih, b_ih).chunk(3, -1), F.linear(old, W_hh, b_hh).chunk(3, -1)
    r, z = ((from_input[gate] + from_state[gate]).sigmoid() for gate in (0, 1))
    q = from_state[2]
    edit(r=r, z=z, q=q)
    n = (from_input[2] + r * q).tanh()
    edit(n=n)
    h = n + z * (old - n)
    edit(h=h)
    return {"r": r, "z": z, "q": q, "n": n, "h": h}


def trace(core: nn.GRU, x: Tensor, state: tuple[Tensor, ...] | None = None,
          edits: Edits = UNCHANGED) -> Mapping[str, Tensor]:
    """Run the fused module and compute its gates at all times at once from the states it produced."""
    if edits is not UNCHANGED:
        return changed_trace(quantities, core.all_weights, x, state or zeros(core, x), edits)
    values: dict[str, Tensor] = {}
    for layer, (below, h, first) in enumerate(layer_outputs(core, x, state)):
        parts = quantities(below, (before(h, first[0]),), core.all_weights[layer]) | {"h": h}
        values |= {f"{key}.{layer}": value for key, value in parts.items()}
    return values


def build(width: int, sizes: Sizes) -> nn.GRU:
    """Make the module."""
    return nn.GRU(width, sizes.hidden, sizes.layers, batch_first=True)


# The delay line: r half open; z keeps nothing.
MODEL = Model("gru", build, trace, initialise=recurrent_starts(content=2, gain=2.4, gates={0: 0.0, 1: -5.0}),
              step=partial(fused_steps, "gru_cell"), packs=True, time_first=True,
              stacked=Layers(fused_apart, stacked_cells.gru))
