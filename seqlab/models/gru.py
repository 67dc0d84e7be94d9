"""GRU: torch's fused module, and its gates recovered from the states it passed through."""

from collections.abc import Mapping
from functools import partial

from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 (the field's own letter)

from seqlab.models import Model
from seqlab.models.initialisation import recurrent_starts
from seqlab.models.recurrent import before, fused_steps, layer_outputs
from seqlab.reference.core import Sizes


def trace(core: nn.GRU, x: Tensor, state: tuple[Tensor, ...] | None = None) -> Mapping[str, Tensor]:
    """Run the fused module and compute its gates at all times at once from the states it produced."""
    values: dict[str, Tensor] = {}
    for layer, (below, h, first) in enumerate(layer_outputs(core, x, state)):
        old = before(h, first[0])
        from_input = F.linear(below, *core.all_weights[layer][::2]).chunk(3, -1)
        from_state = F.linear(old, *core.all_weights[layer][1::2]).chunk(3, -1)
        r = (from_input[0] + from_state[0]).sigmoid()
        z = (from_input[1] + from_state[1]).sigmoid()
        n = (from_input[2] + r * from_state[2]).tanh()
        parts = {"r": r, "z": z, "q": from_state[2], "n": n, "h": h}
        values |= {f"{key}.{layer}": value for key, value in parts.items()}
    return values


def build(width: int, sizes: Sizes) -> nn.GRU:
    """Make the module."""
    return nn.GRU(width, sizes.hidden, sizes.layers, batch_first=True)


# The delay line: r half open; z keeps nothing.
MODEL = Model("gru", build, trace, initialise=recurrent_starts(content=2, gain=2.4, gates={0: 0.0, 1: -5.0}),
              step=partial(fused_steps, "gru_cell"), packs=True, time_first=True)
