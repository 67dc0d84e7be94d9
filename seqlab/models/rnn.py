"""Simple RNN with tanh or ReLU: torch's fused module, and its pre-activations."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812
from torch.nn.utils.rnn import PackedSequence

from seqlab.models import Model
from seqlab.models.initialisation import recurrent_starts
from seqlab.models.recurrent import before, fused_steps, layer_outputs
from seqlab.models.unrolled import LOOK_UP, Stack
from seqlab.reference.core import Sizes


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


def trace(core: nn.RNN, x: Tensor, state: tuple[Tensor, ...] | None = None) -> Mapping[str, Tensor]:
    """Run the fused module and compute the pre-activations at all times at once."""
    values: dict[str, Tensor] = {}
    for layer, (below, h, first) in enumerate(layer_outputs(core, x, state)):
        old = before(h, first[0])
        values[f"a.{layer}"] = F.linear(below, *core.all_weights[layer][::2]) + F.linear(
            old, *core.all_weights[layer][1::2])
        values[f"h.{layer}"] = h
    return values


MODEL = tuple(Model(f"rnn_{kind}", partial(build, kind), trace, initialise=recurrent_starts(content=0, gain=gain),
                    step=partial(fused_steps, f"rnn_{kind}_cell"), packs=True, time_first=True, look_up=LOOK_UP,
                    plain=partial(plain, kind))
              for kind, gain in (("tanh", 1.5), ("relu", 1.0)))
