"""Simple RNN with tanh or ReLU: torch's fused module, and its pre-activations."""

from collections.abc import Mapping
from functools import partial

from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from seqlab.models import Model
from seqlab.models.recurrent import before, layer_outputs
from seqlab.reference.core import Sizes


def build(nonlinearity: str, width: int, sizes: Sizes) -> nn.RNN:
    """Make the fused module; ``nonlinearity`` is tanh or relu."""
    return nn.RNN(width, sizes.hidden, sizes.layers, nonlinearity=nonlinearity, batch_first=True)


def trace(core: nn.RNN, x: Tensor, state: tuple[Tensor] | None = None) -> Mapping[str, Tensor]:
    """Run the fused module and compute the pre-activations at all times at once."""
    values: dict[str, Tensor] = {}
    for layer, (below, h, first) in enumerate(layer_outputs(core, x, state)):
        old = before(h, first[0])
        values[f"a.{layer}"] = F.linear(below, *core.all_weights[layer][::2]) + F.linear(
            old, *core.all_weights[layer][1::2])
        values[f"h.{layer}"] = h
    return values


MODEL = tuple(Model(f"rnn_{kind}", partial(build, kind), trace) for kind in ("tanh", "relu"))
