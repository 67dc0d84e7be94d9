"""Networks in the plainest torch: what leaves seqlab as one file, with the weights' names as they are everywhere."""

from collections.abc import Callable

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from seqlab.reference.core import Sizes
from seqlab.training.config import NetworkConfig


class Network(nn.Module):
    """Symbols → codes → core → logits at every time.

    ``core(width, settings)`` makes the part between the codes and the decoder. A condition, such as a delay, is the
    same at every time; its code is joined to that of the symbol.
    """

    def __init__(self, core: Callable[[int, Sizes], nn.Module], symbols: int, conditions: int, classes: int,
                 settings: NetworkConfig) -> None:
        super().__init__()
        self.settings = settings
        counts = {"symbol": symbols, "condition_first" if settings.condition_first else "condition": conditions}
        widths = {name: count if settings.input == "one-hot" else settings.embedding
                  for name, count in counts.items() if count}
        self.encoder = nn.ModuleDict({name: nn.Embedding(counts[name], width) for name, width in widths.items()})
        self.core = core(sum(widths.values()), settings)
        self.decoder: nn.Module = nn.Identity()
        if settings.readout == "linear":
            self.decoder = nn.Linear(settings.hidden, classes)
        if settings.tied:  # its matrix is that of the symbols' codes
            self.decoder = nn.ParameterDict({"bias": torch.zeros(classes)})

    def forward(self, ids: Int[Tensor, "batch time"],
                condition: Int[Tensor, " batch"] | None = None) -> Float[Tensor, "batch time classes"]:
        """Give the logits at every time; at t they come from the symbols up to t, unless the core sees all."""
        h, _ = self.core(self.encode(ids, condition))
        read = self.pooled(h)
        if self.settings.tied:
            return nn.functional.linear(read, *map(self.get_parameter, ("encoder.symbol.weight", "decoder.bias")))
        return self.decoder(read)

    def encode(self, ids: Int[Tensor, "batch time"],
               condition: Int[Tensor, " batch"] | None) -> Float[Tensor, "batch time input"]:
        """Look up the codes, and join them."""
        given = {"symbol": ids}
        if condition is not None:
            given |= dict.fromkeys(("condition_first", "condition"), condition[:, None].expand_as(ids))
        names = [name for name in ("condition_first", "symbol", "condition") if name in self.encoder]
        return torch.cat([self.encoder[name](given[name]) for name in names], -1)

    def pooled(self, h: Float[Tensor, "batch time hidden"]) -> Float[Tensor, "batch time hidden"]:
        """Give what the decoder reads: the core's output, or its highest values so far, or their mean."""
        if self.settings.pooling == "mean":
            return h.cumsum(1) / torch.arange(1, h.shape[1] + 1)[:, None]
        return h if self.settings.pooling == "none" else h.cummax(1).values


class PlainElman(nn.Module):
    """A stack of layers h_t = tanh(W [x_t; h_t-1] + b), batch first."""

    def __init__(self, width: int, sizes: Sizes) -> None:
        super().__init__()
        self.layers, self.hidden = sizes.layers, sizes.hidden
        for layer in range(sizes.layers):
            linear = nn.Linear((sizes.hidden if layer else width) + sizes.hidden, sizes.hidden)
            self.register_parameter(f"weight_l{layer}", nn.Parameter(linear.weight))
            self.register_parameter(f"bias_l{layer}", linear.bias)

    def forward(self, x: Float[Tensor, "batch time input"]) -> tuple[Float[Tensor, "batch time hidden"], Tensor]:
        """Run the layers; what the top one gives, and its last state."""
        for layer in range(self.layers):
            h, states = x.new_zeros(len(x), self.hidden), []
            for x_t in x.unbind(1):
                weight, bias = self.get_parameter(f"weight_l{layer}"), self.get_parameter(f"bias_l{layer}")
                h = torch.tanh(nn.functional.linear(torch.cat((x_t, h), -1), weight, bias))
                states.append(h)
            x = self.given(layer, torch.stack(states, 1))
        return x, h

    def given(self, layer: int, h: Float[Tensor, "batch time hidden"]) -> Float[Tensor, "batch time hidden"]:
        """Give to what reads a layer its states themselves."""
        return h


class PlainElmanOut(PlainElman):
    """The same, and what reads a layer is given out_t = W_2 h_t + b_2."""

    def __init__(self, width: int, sizes: Sizes) -> None:
        super().__init__(width, sizes)
        for layer in range(sizes.layers):
            linear = nn.Linear(sizes.hidden, sizes.hidden)
            self.register_parameter(f"out_weight_l{layer}", nn.Parameter(linear.weight))
            self.register_parameter(f"out_bias_l{layer}", linear.bias)

    def given(self, layer: int, h: Float[Tensor, "batch time hidden"]) -> Float[Tensor, "batch time hidden"]:
        """Map a layer's states once more."""
        weight, bias = self.get_parameter(f"out_weight_l{layer}"), self.get_parameter(f"out_bias_l{layer}")
        return nn.functional.linear(h, weight, bias)
