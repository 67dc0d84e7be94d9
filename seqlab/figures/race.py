"""A race: how right several networks are while they learn the same task, one curve over another."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float

from seqlab.figures.plot import Axis, Guide, Panel, Plot, Series
from seqlab.figures.theme import DASHES

COLOURS = ("h", "z", "n", "i", "r", "o", "g", "f", "c")  # of symbols, each with a dash of its own
GOAL = 0.99
HEIGHT = 222


@dataclass(frozen=True)
class Lane:
    """One network of a race: its accuracy on fresh data, and after how many steps and seconds of training.

    ``accuracy`` are evaluations, NaN between them; ``batch`` that of the training batches, which nobody has seen before
    either: the first of them is where a curve begins before there is an evaluation.
    """

    label: str
    steps: Float[np.ndarray, " row"] | np.ndarray
    seconds: Float[np.ndarray, " row"] | np.ndarray
    accuracy: Float[np.ndarray, " row"] | np.ndarray
    batch: Float[np.ndarray, " row"] | np.ndarray | None = None

    @property
    def drawn(self) -> "Lane":
        """The first row, and those in which it was evaluated."""
        if self.batch is None or not len(self.batch) or np.isfinite(self.accuracy[0]):
            return self.evaluated
        return replace(self, accuracy=np.r_[self.batch[0], self.accuracy[1:]]).evaluated

    @property
    def evaluated(self) -> "Lane":
        """The rows in which it was evaluated."""
        known = np.isfinite(self.accuracy)
        return Lane(self.label, self.steps[known], self.seconds[known], self.accuracy[known])

    def reached(self, share: float = GOAL) -> tuple[float, int] | None:
        """Seconds and steps after which the accuracy was first so high; None where it never was."""
        lane = self.evaluated
        rows = np.flatnonzero(lane.accuracy >= share)
        return (float(lane.seconds[rows[0]]), int(lane.steps[rows[0]])) if rows.size else None


def curves(lanes: Sequence[Lane], *, seconds: bool, last: float) -> Plot:
    """Lay the accuracies over one another, by training step or by ``seconds`` of it; x goes at least to ``last``."""
    series = tuple(_series(lane.drawn, place, seconds) for place, lane in enumerate(lanes))
    end = max([last, *(float(one.x[-1]) for one in series if len(one.x))])
    x = Axis(0, end, "seconds of training" if seconds else "training step", _ticks(end),
             word="second" if seconds else "step")
    y = Axis(0, 1, "", tuple((k / 4, f"{25 * k} %") for k in range(5)))
    panel = Panel(x, y, f"Accuracy on fresh data of {len(series)} networks.", series,
                  (Guide("y", GOAL, "muted", "", 1, (3, 3)),))
    return Plot("Accuracy on fresh data", (panel,), HEIGHT)


def _series(lane: Lane, place: int, seconds: bool) -> Series:
    key = COLOURS[place % len(COLOURS)]
    return Series(lane.seconds if seconds else lane.steps, lane.accuracy, f"symbols.{key}", lane.label, width=2.4,
                  dash=DASHES[key])


def _ticks(end: float) -> tuple[tuple[float, str], ...]:
    """Some four round numbers from 0 to an end."""
    power = 10.0 ** math.floor(math.log10(max(end, 1e-9)))
    hop = next(part * power for part in (0.2, 0.25, 0.5, 1, 2, 2.5, 5) if end <= 5 * part * power)
    return tuple((k * hop, f"{k * hop:,g}") for k in range(int(end / hop + 1e-9) + 1))
