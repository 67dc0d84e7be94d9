"""How closely our gradients agree with torch's autograd, and what the way back costs in NumPy.

    python -m tests.benchmarks.gradients
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # read when NumPy is imported

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch

from seqlab.agreement import Agreement, compare
from seqlab.lenses.gradients import as_batch, quantities
from seqlab.models.network import SequenceNetwork
from seqlab.reference.backward import gradients
from seqlab.reference.core import Core, cores
from seqlab.reference.loss import Reduction
from seqlab.tasks import Dimensions
from seqlab.training.config import NetworkConfig
from seqlab.training.loss import weighted_loss
from tests.benchmarks.table import Row, interleaved, show

SETTINGS, ALLOWED = 50 * len(cores()), 1e-10


@dataclass(frozen=True)
class Setting:
    """One randomly drawn network of any core, with input, targets and loss: everything that a gradient depends on."""

    number: int
    config: NetworkConfig
    sizes: Dimensions
    batch: int
    time: int
    reduction: Reduction

    @classmethod
    def drawn(cls, number: int) -> "Setting":
        """Draw the setting of a number; cores take turns, everything else is random and fixed by the number."""
        draw = np.random.default_rng(number)
        heads, conditions = int(draw.integers(1, 6)), int(draw.integers(2, 6)) * int(draw.integers(0, 2))
        readout = str(draw.choice(["linear", "linear", "state"]))
        hidden = heads * int(draw.integers(1, 7))
        config = NetworkConfig(
            model=list(cores())[number % len(cores())], hidden=hidden, heads=heads, layers=int(draw.integers(1, 5)),
            input=str(draw.choice(["one-hot", "embedding"])), embedding=int(draw.integers(1, 12)),
            positions=str(draw.choice(["sinusoidal", "learned"])), context=24, readout=readout,
            condition_first=bool(number // len(cores()) % 2))
        symbols = int(draw.integers(2, 12))
        sizes = Dimensions(symbols, hidden if readout == "state" else symbols, conditions)
        return cls(number, config, sizes, int(draw.integers(1, 7)), int(draw.integers(1, 21)),
                   str(draw.choice(["mean", "sum", "positions"])))

    @property
    def core(self) -> Core:
        """The core's formulas in the reference."""
        return cores()[self.config.model]

    def network(self, dtype: torch.dtype = torch.float64) -> SequenceNetwork:
        """Make the torch network; every weight moves away from where it starts, and codes are differentiated too."""
        torch.manual_seed(self.number)
        made = SequenceNetwork(self.config, self.sizes).to(dtype).requires_grad_(True)
        with torch.no_grad():
            for weight in made.parameters():
                weight.add_(torch.randn_like(weight), alpha=0.3)
        return made

    def inputs(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray | None]:
        """Draw ids, targets, weights of the answers (some 0, at least one not) and the condition."""
        draw, shape = np.random.default_rng(10_000 + self.number), (self.batch, self.time)
        weight = draw.integers(0, 2, shape).astype(np.float64)
        weight[0, -1] = 1
        condition = draw.integers(0, self.sizes.conditions, self.batch) if self.sizes.conditions else None
        return (draw.integers(0, self.sizes.symbols, shape), draw.integers(0, self.sizes.classes, shape), weight,
                condition)


def weights_of(network: SequenceNetwork) -> dict[str, np.ndarray]:
    """A network's weights in NumPy."""
    return {name: weight.detach().numpy() for name, weight in network.state_dict().items()}


def passes(setting: Setting) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Every gradient of a setting, of weights and of quantities, in NumPy and in torch; ``loss`` beside them."""
    network = setting.network()
    ids, targets, weight, condition = setting.inputs()
    batch = as_batch(ids, targets, weight, condition)
    loss, found, trace = gradients(setting.core, ids, targets, weight, weights_of(network), condition,
                                   setting.reduction, setting.config.pooling)
    there = weighted_loss(network(batch.inputs, batch.condition), batch, setting.reduction)
    there.backward()
    theirs = {"loss": np.array([there.item()])} | {name: part.grad.numpy() for name, part in network.named_parameters()}
    theirs |= {f"quantity {name}": part for name, part in quantities(network, batch, setting.reduction).items()}
    ours = {"loss": np.array([loss])} | found | {f"quantity {name}": part for name, part in trace.items()}
    return {name: ours[name] for name in theirs}, theirs


def agreement(setting: Setting) -> Agreement:
    """Compare every gradient of a setting."""
    return compare(*passes(setting), ALLOWED)


def rows() -> Iterator[Row]:
    """Measure everything."""
    worst = max(((agreement(Setting.drawn(number)), number) for number in range(SETTINGS)),
                key=lambda found: found[0].largest)
    found, number = worst
    yield Row(f"gradients, {SETTINGS} random networks, float64", found.largest, ALLOWED,
              note=f"largest |Δ|: setting {number}, {Setting.drawn(number).config.model}, {found.at}")
    yield _speed()


def _speed() -> Row:
    torch.set_num_threads(1)
    setting = Setting(0, NetworkConfig(model="gru", hidden=128, embedding=64), Dimensions(27, 27), 8, 200, "mean")
    network = setting.network(torch.float32)
    ids, targets, weight, _ = setting.inputs()
    batch, weights = as_batch(ids, targets, weight.astype(np.float32), None), weights_of(network)

    def torchs() -> None:
        network.zero_grad()
        weighted_loss(network(batch.inputs), batch).backward()

    ours, theirs, ratio = interleaved(
        lambda: gradients(setting.core, ids, targets, weight.astype(np.float32), weights), torchs, rounds=9)
    return Row("forward and backward in NumPy / torch, gru", ratio, unit="×",
               note=f"T = 200, H = 128, batch 8, float32, median of 9: {ours * 1e3:.0f} ms / {theirs * 1e3:.0f} ms")


if __name__ == "__main__":
    raise SystemExit(not show(list(rows())))
