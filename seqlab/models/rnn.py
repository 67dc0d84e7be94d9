"""Simple RNN with tanh or ReLU: torch's fused module, and its pre-activations."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812
from torch.nn.utils.rnn import PackedSequence

from seqlab.models import Model, stacked_cells
from seqlab.models.initialisation import recurrent_starts
from seqlab.models.recurrent import before, changed_trace, fused_steps, layer_outputs, zeros
from seqlab.models.stacked import Layers, fused
from seqlab.models.unrolled import LOOK_UP, Stack
from seqlab.reference.core import Sizes
from seqlab.reference.edit import UNCHANGED, Edit, Edits, unchanged


class SimpleRNN(nn.RNN, Stack):
    """``nn.RNN``, batch first; while training on a CPU it is run by ``unrolled``, which takes less time there."""

    def forward(self, x: Tensor | PackedSequence,
                state: Tensor | None = None) -> tuple[Any, Tensor]:
        """Hidden states of the top layer, and the last state of each layer."""
        data = x.data if isinstance(x, PackedSequence) else x
        return self.unrolled(x, state) if self.unrolls(data) else super().forward(x, state)

    def parts(self, layer: int) -> tuple[Tensor, Tensor, Tensor]:
        """Weights of a layer; torch's two biases, of which only the sum matters, as one."""
        W_ih, W_hh, b_ih, b_hh = self.all_weights[layer]
        return W_ih, W_hh, b_ih + b_hh


def build(nonlinearity: str, width: int, sizes: Sizes) -> SimpleRNN:
    """Make the module; ``nonlinearity`` is tanh or relu."""
    return SimpleRNN(width, sizes.hidden, sizes.layers, nonlinearity=nonlinearity, batch_first=True)


def plain(nonlinearity: str, width: int, sizes: Sizes) -> nn.RNN:
    """Make torch's own module."""
    return nn.RNN(width, sizes.hidden, sizes.layers, nonlinearity=nonlinearity, batch_first=True)


def quantities(nonlinearity: str, x: Tensor, state: tuple[Tensor, ...], weights: Sequence[Tensor],
               edit: Edit = unchanged) -> dict[str, Tensor]:
    """Compute a layer's pre-activation and new state, at one time or, where the old states are known, at all."""
    a = F.linear(x, *weights[::2]) + F.linear(state[0], *weights[1::2])
    edit(a=a)
    h = a.relu() if nonlinearity == "relu" else a.tanh()
    edit(h=h)
    return {"a": a, "h": h}


def trace(core: nn.RNN, x: Tensor, state: tuple[Tensor, ...] | None = None,
          edits: Edits = UNCHANGED) -> Mapping[str, Tensor]:
    """Run the fused module and compute the pre-activations at all times at once."""
    own = partial(quantities, core.nonlinearity)
    if edits is not UNCHANGED:
        return changed_trace(own, core.all_weights, x, state or zeros(core, x), edits)
    values: dict[str, Tensor] = {}
    for layer, (below, h, first) in enumerate(layer_outputs(core, x, state)):
        values[f"a.{layer}"] = own(below, (before(h, first[0]),), core.all_weights[layer])["a"]
        values[f"h.{layer}"] = h
    return values


MODEL = tuple(Model(f"rnn_{kind}", partial(build, kind), trace, initialise=recurrent_starts(content=0, gain=gain),
                    step=partial(fused_steps, f"rnn_{kind}_cell"), packs=True, time_first=True, look_up=LOOK_UP,
                    stacked=Layers(fused, partial(stacked_cells.rnn, relu=kind == "relu")),
                    plain=partial(plain, kind))
              for kind, gain in (("tanh", 1.5), ("relu", 1.0)))
