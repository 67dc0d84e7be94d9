"""The minimal gated unit in torch's plain operations, one time step after another; its twin is ``reference.mgu``."""

from collections.abc import Mapping, Sequence
from math import sqrt

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from seqlab.models import Model
from seqlab.models.initialisation import recurrent_starts
from seqlab.models.recurrent import before, changed_trace, unfolded
from seqlab.reference.core import Sizes
from seqlab.reference.edit import UNCHANGED, Edit, Edits, unchanged

KINDS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")


class MGU(nn.Module):
    """A stack of layers, batch first; weights start as those of torch's recurrent modules do."""

    def __init__(self, width: int, sizes: Sizes) -> None:
        super().__init__()
        self.hidden_size, self.num_layers = sizes.hidden, sizes.layers
        bound, rows = 1 / sqrt(sizes.hidden), 2 * sizes.hidden
        for layer in range(sizes.layers):
            shapes = (rows, sizes.hidden if layer else width), (rows, sizes.hidden), (rows,), (rows,)
            for kind, shape in zip(KINDS, shapes, strict=True):
                weight = nn.Parameter(torch.empty(shape).uniform_(-bound, bound))
                self.register_parameter(f"{kind}_l{layer}", weight)

    @property
    def all_weights(self) -> list[list[Tensor]]:
        """W_ih, W_hh, b_ih and b_hh of each layer, the gate's rows first, then the candidate's."""
        return [[getattr(self, f"{kind}_l{layer}") for kind in KINDS] for layer in range(self.num_layers)]

    def forward(self, x: Tensor, state: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Hidden states of the top layer, and the last state of each layer."""
        layers = self.layers(x, state)
        return layers[-1], torch.stack([h[:, -1] for h in layers])

    def layers(self, x: Tensor, state: Tensor | None = None) -> list[Tensor]:
        """Hidden states of every layer, batch first."""
        found = []
        for layer, weights in enumerate(self.all_weights):
            h, states = x.new_zeros(len(x), self.hidden_size) if state is None else state[layer], []
            for reading in x.unbind(1):
                h = step_of(reading, h, *weights)
                states.append(h)
            x = torch.stack(states, 1)
            found.append(x)
        return found


def quantities(x: Tensor, state: tuple[Tensor, ...], weights: Sequence[Tensor],
               edit: Edit = unchanged) -> dict[str, Tensor]:
    """The gate, the candidate and the new state, of one time or of many."""
    (h,), (W_ih, W_hh, b_ih, b_hh) = state, weights
    (W_hu, W_hn), (b_hu, b_hn) = W_hh.chunk(2), b_hh.chunk(2)
    a_u, a_n = F.linear(x, W_ih, b_ih).chunk(2, -1)
    u = (a_u + F.linear(h, W_hu, b_hu)).sigmoid()
    edit(u=u)
    n = (a_n + F.linear(u * h, W_hn, b_hn)).tanh()
    edit(n=n)
    h = torch.lerp(h, n, u)
    edit(h=h)
    return {"u": u, "n": n, "h": h}


def step_of(x: Tensor, h: Tensor, *weights: Tensor) -> Tensor:
    """One time step of one layer."""
    return quantities(x, (h,), weights)["h"]


def step(core: MGU, x: Tensor) -> Mapping[str, Sequence[Tensor]]:
    """Run the stack so that every state is a tensor of its own."""
    return unfolded(step_of, core.all_weights, x, core.hidden_size)


def trace(core: MGU, x: Tensor, state: tuple[Tensor, ...] | None = None,
          edits: Edits = UNCHANGED) -> Mapping[str, Tensor]:
    """Run the module, and compute its gate and candidate at all times at once from the states it passed through."""
    firsts = state[0] if state else x.new_zeros(core.num_layers, len(x), core.hidden_size)
    if edits is not UNCHANGED:
        return changed_trace(quantities, core.all_weights, x, (firsts,), edits)
    values: dict[str, Tensor] = {}
    for layer, (h, weights) in enumerate(zip(core.layers(x, firsts), core.all_weights, strict=True)):
        parts = quantities(x, (before(h, firsts[layer]),), weights) | {"h": h}
        values |= {f"{key}.{layer}": part for key, part in parts.items()}
        x = h
    return values


# The delay line: the gate is open, so that nothing is kept and all of the old state is shown.
MODEL = Model("mgu", MGU, trace, initialise=recurrent_starts(content=1, gain=1.5, gates={0: 5.0}), step=step,
              packs=False, time_first=True)
