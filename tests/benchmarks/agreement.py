"""How closely NumPy and torch agree: 200 random recurrent networks, and the published setting over 100 seeds.

    python -m tests.benchmarks.agreement
"""

import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from seqlab.agreement import Agreement, compare, relative_error
from seqlab.models import models
from seqlab.models.network import SequenceNetwork
from seqlab.reference.cells import Cell, cells
from seqlab.reference.network import network, stack
from seqlab.studies import published as source
from seqlab.tasks import Dimensions
from seqlab.trace import Trace
from seqlab.training.config import NetworkConfig
from tests.benchmarks.table import Row, show

SETTINGS = 200
ALLOWED = {"float64": 1e-12, "float32": 2e-6}
PUBLISHED = {"rnn_tanh": "cells/rnn", "gru": "cells/gru"}


@dataclass(frozen=True)
class Setting:
    """One randomly drawn network and input: everything that a pass depends on."""

    number: int
    config: NetworkConfig
    sizes: Dimensions
    batch: int
    time: int
    with_state: bool

    @classmethod
    def drawn(cls, number: int) -> "Setting":
        """Draw the setting of a number; cells take turns, everything else is random and fixed by the number.

        Hidden and input sizes, a code of the condition included, are in 1 … 64.
        """
        draw = np.random.default_rng(number)
        conditions = int(draw.integers(1, 10)) * int(draw.integers(0, 2))
        config = NetworkConfig(
            model=list(cells())[number % len(cells())], hidden=int(draw.integers(1, 65)),
            layers=int(draw.integers(1, 5)), input=str(draw.choice(["one-hot", "embedding"])),
            embedding=int(draw.integers(1, 33 if conditions else 65)),
            condition_first=bool(number // len(cells()) % 2))
        symbols = int(draw.integers(1, 65 - conditions))
        return cls(number, config, Dimensions(symbols, symbols, conditions), int(draw.integers(1, 9)),
                   int(draw.integers(1, 41)), bool(draw.integers(0, 2)))

    @property
    def cell(self) -> Cell:
        """The cell's formula in the reference."""
        return cells()[self.config.model]

    def network(self, dtype: str, device: str = "cpu") -> SequenceNetwork:
        """Make the torch network, with the same weights whenever it is asked."""
        torch.manual_seed(self.number)
        return SequenceNetwork(self.config, self.sizes).to(device, getattr(torch, dtype))

    def inputs(self, dtype: str) -> tuple[Tensor, Tensor | None, tuple[Tensor, ...] | None]:
        """Draw ids, condition and initial state (in [-1, 1), where a hidden state lies), on the CPU."""
        torch.manual_seed(10_000 + self.number)
        ids = torch.randint(self.sizes.symbols, (self.batch, self.time))
        condition = torch.randint(self.sizes.conditions, (self.batch,)) if self.sizes.conditions else None
        shape = (self.config.layers, self.batch, self.config.hidden)
        state = tuple((2 * torch.rand(shape, dtype=torch.float64) - 1).to(getattr(torch, dtype))
                      for _ in self.cell.state)
        return ids, condition, state if self.with_state else None


def passes(setting: Setting, dtype: str, device: str = "cpu") -> tuple[Trace, Trace]:
    """One pass of a setting in NumPy and in torch; torch's inputs and network live on the device."""
    model = setting.network(dtype, device)
    ids, condition, state = setting.inputs(dtype)
    weights = {name: array.detach().cpu().numpy() for name, array in model.state_dict().items()}
    ours = network(setting.cell, ids.numpy(), weights, condition=None if condition is None else condition.numpy(),
                   state=None if state is None else tuple(part.numpy() for part in state))
    values = model.trace(*_there(ids, condition, state, device))
    return ours, Trace({name: value.cpu().numpy() for name, value in values.items()})


def finals(setting: Setting, dtype: str, device: str = "cpu") -> dict[str, np.ndarray]:
    """The final states that torch's fused module itself gives back: h, and c of an LSTM, ``layer batch hidden``."""
    model = setting.network(dtype, device)
    ids, condition, state = _there(*setting.inputs(dtype), device)
    with torch.inference_mode():
        last = model.core(model.encoder(ids, condition), state[0] if state and len(state) == 1 else state)[1]
    parts = last if isinstance(last, tuple) else (last,)
    return {key: part.cpu().numpy() for key, part in zip(setting.cell.state, parts, strict=True)}


def agreement(setting: Setting, dtype: str, device: str = "cpu") -> tuple[Agreement, float]:
    """Compare the two traces of a setting; also the largest |Δ| over the traces and the final states together."""
    ours, theirs = passes(setting, dtype, device)
    found = compare(ours, theirs, ALLOWED[dtype])
    gaps = [np.abs(ours.final(key) - last).max() for key, last in finals(setting, dtype, device).items()]
    return found, float(max(found.largest, *gaps))


def published(cell: str, seed: int, draw: Callable[..., Tensor] = torch.rand) -> tuple[float, float]:
    """The course's measure in its setting: batch 4, 12 steps, 3 inputs, 2 hidden units, one layer, float32.

    Returns the relative error of NumPy against torch, and of torch against itself in float64.
    """
    torch.manual_seed(seed)
    core = models()[cell].build(3, NetworkConfig(model=cell, hidden=2))
    x = draw(4, 12, 3)
    weights = {f"core.{name}": array.detach().numpy().copy() for name, array in core.state_dict().items()}
    with torch.inference_mode():
        theirs, exact = core(x)[0].numpy(), core.double()(x.double())[0].numpy()
    return relative_error(stack(cells()[cell], x.numpy(), weights)["h.0"], theirs), relative_error(theirs, exact)


def rows() -> Iterator[Row]:
    """Measure everything."""
    for dtype, allowed in ALLOWED.items():
        worst, number, where = max((largest, number, str(found.at)) for number in range(SETTINGS)
                                   for found, largest in [agreement(Setting.drawn(number), dtype)])
        yield Row(f"agreement, {SETTINGS} random networks, {dtype}", worst, allowed,
                  note=f"largest |Δ|: setting {number}, {Setting.drawn(number).config.model}, {where}")
    for cell in cells():
        yield _published_row(cell, torch.rand, "inputs in [0, 1)", 1e-6 if cell in PUBLISHED else None)
    for cell in PUBLISHED:
        # No target: torch's own float32 rounding is larger than 1e-6 here, as the note shows.
        yield _published_row(cell, torch.randn, "normal inputs", None)


def _published_row(cell: str, draw: Callable[..., Tensor], drawn: str, target: float | None) -> Row:
    errors, own = zip(*(published(cell, seed, draw) for seed in range(100)), strict=True)
    known = f"; published {source.published(PUBLISHED[cell]):.2g}" if cell in PUBLISHED else ""
    return Row(f"published setting, {cell}, {drawn}, median of 100 seeds", statistics.median(errors), target,
               note=f"worst {max(errors):.2g}{known}; torch against its float64: {statistics.median(own):.2g}")


def _there(ids: Tensor, condition: Tensor | None, state: tuple[Tensor, ...] | None, device: str) -> tuple:
    return (ids.to(device), None if condition is None else condition.to(device),
            None if state is None else tuple(part.to(device) for part in state))


if __name__ == "__main__":
    raise SystemExit(not show(list(rows())))
