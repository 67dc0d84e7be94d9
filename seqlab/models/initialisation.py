"""How a network's weights start: torch's own way, normal, orthogonal, or as a delay line that remembers at once."""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import nn

from seqlab.models.elman import Elman


@dataclass(frozen=True)
class Line:
    """How a cell is set up as a delay line.

    ``content`` is the block of weight rows that carries what is remembered, ``gates`` the bias from which each
    other block starts, ``gain`` the weight that copies a unit.
    """

    content: int
    gain: float
    gates: Mapping[int, float]


SMALL = 0.01  # standard deviation of weights that start normally distributed, as d2l's own RNN has them

# σ(-5) ≈ 0 and σ(3) ≈ 1. A gate on the way of the signal starts half open, so that training can turn the signal of each
# unit up or down; the gain makes up for the half that it holds back.
LINES = {
    "RNN_TANH": Line(content=0, gain=1.5, gates={}),
    "RNN_RELU": Line(content=0, gain=1.0, gates={}),
    "GRU": Line(content=2, gain=2.4, gates={0: 0.0, 1: -5.0}),  # r half open; z keeps nothing
    "LSTM": Line(content=2, gain=2.5, gates={0: 3.0, 1: -5.0, 3: 0.0}),  # i open, f shut, o half open
}


@torch.no_grad()
def initialise(core: nn.Module, decoder: nn.Module, how: str, memory: int) -> None:
    """Set the starting weights of a fresh network in place; ``default`` leaves those of its modules.

    The other ways are for recurrent cores. ``memory`` is how many steps back the task asks the network to remember.
    A delay line has one block of units for each of them and one for the present; raises ValueError when there are
    fewer units than that.
    """
    if not isinstance(core, nn.RNNBase | Elman) or next(core.parameters()).is_meta:
        return  # on meta, the weights are about to be loaded
    if how == "normal":
        for weight in (*core.parameters(), *decoder.parameters()):
            if weight.ndim > 1:
                nn.init.normal_(weight, std=SMALL)
            else:
                nn.init.zeros_(weight)
    elif how == "orthogonal":
        for _, W_hh, *_ in core.all_weights:
            for block in W_hh.split(core.hidden_size):
                nn.init.orthogonal_(block)
    elif how == "delay-line":
        if core.hidden_size <= memory:
            raise ValueError(f"a delay line over {memory} steps needs more than {memory} hidden units")
        _delay_line(core, LINES[core.mode], memory + 1)
        if isinstance(decoder, nn.Linear):
            _share_readout(decoder, memory + 1)


def _delay_line(core: nn.RNNBase | Elman, line: Line, blocks: int) -> None:
    """Let block k of the first layer copy what block k - 1 held, and only block 0 read the input.

    Units left over by the division keep torch's own weights.
    """
    hidden, size = core.hidden_size, core.hidden_size // blocks
    for gate, bias in line.gates.items():
        rows = slice(gate * hidden, (gate + 1) * hidden)
        for part, value in zip(core.all_weights[0], (0.0, 0.0, bias, 0.0), strict=True):
            part[rows] = value
    W_ih, W_hh, b_ih, b_hh = (part[line.content * hidden:][:size * blocks] for part in core.all_weights[0])
    W_ih[size:] = 0.0
    for copied in (W_hh, b_ih, b_hh):
        copied.zero_()
    unit = torch.arange(size, size * blocks)
    W_hh[unit, unit - size] = line.gain


def _share_readout(decoder: nn.Linear, blocks: int) -> None:
    """Read every block as the first one is read: all hold the same code, only older."""
    size = decoder.in_features // blocks
    decoder.weight[:, :size * blocks] = decoder.weight[:, :size].clone().repeat(1, blocks)
