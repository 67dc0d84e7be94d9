"""An LSTM stack whose layers' outputs are added up: torch's fused kernel, one layer after another."""

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence

from seqlab.models import Model, lstm, stacked_cells
from seqlab.models.recurrent import fused_steps, one_layer, zeros
from seqlab.models.stacked import Layers, fused
from seqlab.reference.core import Sizes
from seqlab.reference.edit import UNCHANGED, Edits


class SummedLSTM(nn.LSTM):
    """The weights of ``nn.LSTM``; what it gives is the sum of the hidden states of all layers, and the last states."""

    def forward(self, x: Tensor | PackedSequence,
                state: tuple[Tensor, Tensor] | None = None) -> tuple[Any, tuple[Tensor, Tensor]]:
        """Run each layer by the fused kernel; ``batch time input`` → ``batch time hidden``, packed where ``x`` is."""
        if not isinstance(x, PackedSequence):
            return self._sum(x, state or zeros(self, x))
        if state is None:
            none = x.data.new_zeros(self.num_layers, int(x.batch_sizes[0]), self.hidden_size)
            state = none, none
        total, last = self._sum(x.data, self.permute_hidden(state, x.sorted_indices), x.batch_sizes)
        return x._replace(data=total), self.permute_hidden(last, x.unsorted_indices)

    def _sum(self, below: Tensor, state: tuple[Tensor, ...],
             sizes: Tensor | None = None) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        outputs, lasts = [], []
        for layer in range(self.num_layers):
            first = tuple(part[layer:layer + 1].contiguous() for part in state)
            below, last = one_layer(self, layer, below, first, sizes)
            outputs.append(below)
            lasts.append(last)
        h, c = (torch.cat(parts) for parts in zip(*lasts, strict=True))
        return sum(outputs[1:], outputs[0]), (h, c)


def trace(core: SummedLSTM, x: Tensor, state: tuple[Tensor, ...] | None = None,
          edits: Edits = UNCHANGED) -> Mapping[str, Tensor]:
    """Recover every layer as in a plain stack; the last sum is the module's own output."""
    first = (state[0], state[1]) if state else None
    top = nn.LSTM.forward(core, x, first)[0] if edits is UNCHANGED else None
    parts = lstm.trace(core, x, first, edits, top)
    values: dict[str, Tensor] = {}
    for layer in range(core.num_layers):
        values |= {name: part for name, part in parts.items() if name.endswith(f".{layer}")}
        total = values[f"h.{layer}"] + (values[f"s.{layer - 1}"] if layer else 0)
        edits.at(layer)(s=total)
        values[f"s.{layer}"] = total
    return values if edits is not UNCHANGED else values | {f"s.{core.num_layers - 1}": core(x, first)[0]}


def step(core: SummedLSTM, x: Tensor) -> Mapping[str, Sequence[Tensor]]:
    """Run the stack by torch's own cell of one step, and add the layers up."""
    values = fused_steps("lstm_cell", core, x)
    total = [torch.zeros_like(h) for h in values["h.0"]]
    for layer in range(core.num_layers):
        total = [sum_ + h for sum_, h in zip(total, values[f"h.{layer}"], strict=True)]
        values[f"s.{layer}"] = total
    return values


def build(width: int, sizes: Sizes) -> SummedLSTM:
    """Make the module."""
    return SummedLSTM(width, sizes.hidden, sizes.layers, batch_first=True)


MODEL = Model("lstm_sum", build, trace, initialise=lstm.STARTS, step=step, packs=True, time_first=True,
              stacked=Layers(fused, stacked_cells.lstm, summed=True))
