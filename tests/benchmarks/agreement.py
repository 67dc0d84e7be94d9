"""How closely NumPy and torch agree: 200 random networks, and the published setting over 100 seeds.

    python -m tests.benchmarks.agreement
"""

import statistics
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from seqlab.agreement import Agreement, compare, relative_error
from seqlab.models import models
from seqlab.models.network import SequenceNetwork
from seqlab.reference.cells import Cell, cells
from seqlab.reference.network import network, stack
from seqlab.tasks import Dimensions
from seqlab.trace import Trace
from seqlab.training.config import NetworkConfig
from tests.benchmarks.table import Row, show

SETTINGS = 200
ALLOWED = {"float64": 1e-12, "float32": 2e-6}
PUBLISHED = {"rnn_tanh": 4.5e-7, "gru": 4.8e-7}


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
        """Draw the setting of a number; cells take turns, everything else is random and fixed by the number."""
        draw = np.random.default_rng(number)
        config = NetworkConfig(
            cell=list(cells())[number % len(cells())], hidden=int(draw.integers(1, 65)),
            layers=int(draw.integers(1, 5)), input=str(draw.choice(["one-hot", "embedding"])),
            embedding=int(draw.integers(1, 65)), initialisation=str(draw.choice(["default", "orthogonal"])))
        symbols, conditions = int(draw.integers(1, 65)), int(draw.integers(1, 10)) * int(draw.integers(0, 2))
        return cls(number, config, Dimensions(symbols, symbols, conditions), int(draw.integers(1, 9)),
                   int(draw.integers(1, 41)), bool(draw.integers(0, 2)))

    @property
    def cell(self) -> Cell:
        """The cell's formula in the reference."""
        return cells()[self.config.cell]

    def network(self, dtype: str, device: str = "cpu") -> SequenceNetwork:
        """Make the torch network, with the same weights whenever it is asked."""
        torch.manual_seed(self.number)
        return SequenceNetwork(self.config, self.sizes).to(device, getattr(torch, dtype))

    def inputs(self, dtype: str) -> tuple[Tensor, Tensor | None, tuple[Tensor, ...] | None]:
        """Draw ids, condition and initial state, on the CPU."""
        torch.manual_seed(10_000 + self.number)
        ids = torch.randint(self.sizes.symbols, (self.batch, self.time))
        condition = torch.randint(self.sizes.conditions, (self.batch,)) if self.sizes.conditions else None
        shape = (self.config.layers, self.batch, self.config.hidden)
        state = tuple(torch.randn(shape, dtype=torch.float64).to(getattr(torch, dtype)) for _ in self.cell.state)
        return ids, condition, state if self.with_state else None


def passes(setting: Setting, dtype: str, device: str = "cpu") -> tuple[Trace, Trace]:
    """One pass in NumPy and in torch, with the final states that torch itself returns standing as ``h_n`` would.

    Torch's trace ends with the states given back by the fused module for the last time, so that these are
    compared as well as its outputs.
    """
    model = setting.network(dtype, device)
    ids, condition, state = setting.inputs(dtype)
    weights = {name: array.detach().cpu().numpy() for name, array in model.state_dict().items()}
    ours = network(setting.cell, ids.numpy(), weights, condition=_array(condition),
                   state=None if state is None else tuple(part.numpy() for part in state))
    there = [None if part is None else part.to(device) for part in (ids, condition)]
    started = None if state is None else tuple(part.to(device) for part in state)
    values = {name: value.cpu().numpy() for name, value in model.trace(*there, started).items()}
    return ours, Trace(values)


def finals(setting: Setting, dtype: str, device: str = "cpu") -> dict[str, np.ndarray]:
    """The final state that the fused module gives back: each of h and c as ``layer batch hidden``."""
    model = setting.network(dtype, device)
    ids, condition, state = setting.inputs(dtype)
    x = model.encoder(ids.to(device), None if condition is None else condition.to(device))
    started = None if state is None else tuple(part.to(device) for part in state)
    if started is not None and len(started) == 1:
        (started,) = started
    with torch.inference_mode():
        last = model.core(x, started)[1]
    parts = last if isinstance(last, tuple) else (last,)
    return {key: part.cpu().numpy() for key, part in zip(setting.cell.state, parts, strict=True)}


def agreement(setting: Setting, dtype: str, device: str = "cpu") -> tuple[Agreement, float]:
    """Compare the two traces of a setting; also the largest |Δ| over the traces and the final states together."""
    ours, theirs = passes(setting, dtype, device)
    found = compare(ours, theirs, ALLOWED[dtype])
    gaps = [np.abs(ours.final(key) - last).max() for key, last in finals(setting, dtype, device).items()]
    return found, float(max(found.largest, *gaps))


def published(cell: str, seed: int) -> float:
    """The course's measure in its own setting: batch 4, 12 steps, 3 inputs, 2 hidden units, one layer, float32."""
    torch.manual_seed(seed)
    core = models()[cell].build(3, 2, 1)
    x = torch.randn(4, 12, 3)
    weights = {f"core.{name}": array.detach().numpy() for name, array in core.state_dict().items()}
    with torch.inference_mode():
        theirs = core(x)[0].numpy()
    return relative_error(stack(cells()[cell], x.numpy(), weights)["h.0"], theirs)


def rows() -> Iterator[Row]:
    """Measure everything."""
    for dtype, allowed in ALLOWED.items():
        worst, number, where = max((largest, number, str(found.at)) for number in range(SETTINGS)
                                   for found, largest in [agreement(Setting.drawn(number), dtype)])
        yield Row(f"agreement, {SETTINGS} random networks, {dtype}", worst, allowed,
                  note=f"largest |Δ|: setting {number}, {Setting.drawn(number).config.cell}, {where}")
    for cell in cells():
        errors = [published(cell, seed) for seed in range(100)]
        known = PUBLISHED.get(cell)
        note = f"worst {max(errors):.2g}" + (f"; published {known:.2g}" if known else "")
        yield Row(f"published setting, {cell}, median of 100 seeds", statistics.median(errors),
                  1e-6 if known else None, note=note)


def _array(tensor: Tensor | None) -> np.ndarray | None:
    return None if tensor is None else tensor.numpy()


if __name__ == "__main__":
    raise SystemExit(not show(list(rows())))
