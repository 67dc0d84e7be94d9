"""How recurrent weights start: normal, orthogonal, or as a delay line that remembers at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import torch
from torch import Tensor, nn

from seqlab.models import Start

SMALL = 0.01  # standard deviation of weights that start normally distributed, as d2l's own RNN has them


@runtime_checkable
class Recurrent(Protocol):
    """What these ways need of a module: its weights, and W_ih, W_hh, b_ih and b_hh of each layer, gates stacked."""

    hidden_size: int

    @property
    def all_weights(self) -> Sequence[Sequence[Tensor]]:
        """W_ih, W_hh, b_ih and b_hh of each layer; changing them in place changes the module."""
        ...

    def parameters(self) -> Iterable[nn.Parameter]:
        """All weights."""
        ...


@dataclass(frozen=True)
class DelayLine:
    """How a cell is set up as a delay line.

    ``content`` is the block of weight rows that carries what is remembered, ``gates`` the bias from which each
    other block starts, ``gain`` the weight that copies a unit. σ(-5) ≈ 0 and σ(3) ≈ 1. A gate on the way of the signal
    starts half open, so that training can turn the signal of each unit up or down; the gain makes up for the half that
    it holds back.
    """

    content: int
    gain: float
    gates: Mapping[int, float]

    @torch.no_grad()
    def __call__(self, core: Recurrent, decoder: nn.Module, memory: int) -> None:
        """Let block k of the first layer copy what block k - 1 held, and only block 0 read the input.

        There is one block of units for each step to remember and one for the present; raises ValueError when there are
        fewer units than that. Units left over by the division keep torch's own weights.
        """
        hidden, blocks = core.hidden_size, memory + 1
        if hidden <= memory:
            raise ValueError(f"a delay line over {memory} steps needs more than {memory} hidden units")
        for gate, bias in self.gates.items():
            rows = slice(gate * hidden, (gate + 1) * hidden)
            for part, value in zip(core.all_weights[0], (0.0, 0.0, bias, 0.0), strict=True):
                part[rows] = value
        size = hidden // blocks
        W_ih, W_hh, b_ih, b_hh = (part[self.content * hidden:][:size * blocks] for part in core.all_weights[0])
        W_ih[size:] = 0.0
        for copied in (W_hh, b_ih, b_hh):
            copied.zero_()
        unit = torch.arange(size, size * blocks)
        W_hh[unit, unit - size] = self.gain
        _share_readout(decoder, hidden // blocks, blocks)


def _share_readout(decoder: nn.Module, size: int, blocks: int) -> None:
    """Read every block as the first one is read: all hold the same code, only older. A decoder may have no weights."""
    weight = dict(decoder.named_parameters()).get("weight")
    if weight is not None:
        weight[:, :size * blocks] = weight[:, :size].clone().repeat(1, blocks)


@torch.no_grad()
def normal(core: Recurrent, decoder: nn.Module, memory: int) -> None:
    """Draw all matrices from a narrow normal distribution, and set the biases to 0."""
    for weight in (*core.parameters(), *decoder.parameters()):
        if weight.ndim > 1:
            nn.init.normal_(weight, std=SMALL)
        else:
            nn.init.zeros_(weight)


@torch.no_grad()
def orthogonal(core: Recurrent, decoder: nn.Module, memory: int) -> None:
    """Make each gate's square of recurrent weights orthogonal."""
    for _, W_hh, *_ in core.all_weights:
        for block in W_hh.split(core.hidden_size):
            nn.init.orthogonal_(block)


def recurrent_starts(content: int, gain: float,
                     gates: Mapping[int, float] | None = None) -> dict[str, Start[Recurrent]]:
    """Give the ways of a recurrent cell to start, whose delay line is set up so."""
    return {"orthogonal": orthogonal, "normal": normal, "delay-line": DelayLine(content, gain, gates or {})}
