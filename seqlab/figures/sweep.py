"""A sweep as pictures: two of its settings as a grid of scores, and the curves of all points over each other."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from seqlab.figures.plot import Axis, Number, Panel, Plot, Series, Ticks, digits
from seqlab.numerals import number, perplexity

MOST_ROWS = 60  # of one curve among many; each is a few pixels apart
ROW, FRAME = 47, 196  # least pixels of a row of cells, and of everything around them on a phone


@dataclass(frozen=True)
class Scale:
    """What colours stand for, the same in every slice of a sweep: scores from ``worst`` to ``best``.

    ``loss``: scores are losses in nats, written as perplexity, so their colours are even in its logarithm; else they
    are accuracies.
    """

    worst: float
    best: float
    loss: bool

    @classmethod
    def of(cls, scores: Float[np.ndarray, " point"] | np.ndarray, loss: bool, chance: float = math.inf) -> "Scale":
        """Round the ends, so that they hardly move while points come in; no loss above that of guessing is shown."""
        if not loss:
            return cls(0.0, 1.0, loss)
        known = scores[np.isfinite(scores)]
        least, most = (float(known.min()), float(known.max())) if known.size else (1.0, min(chance, 3.0))
        best = math.floor(10 * least) / 10
        return cls(max(best + 0.2, min(math.ceil(10 * most) / 10, chance)), best, loss)

    def share(self, score: float) -> float:
        """Where a score lies, from 0 (worst) to 1 (best)."""
        return min(1.0, max(0.0, (score - self.worst) / (self.best - self.worst)))

    def write(self, score: float) -> str:
        """Write a score for people: a perplexity or a percentage."""
        if not self.loss:
            return f"{math.floor(1000 * score) / 10:.1f} %"
        return perplexity(score, 2 if score < math.log(100) else 0)

    @property
    def ticks(self) -> Ticks:
        """Five places of the scale and what stands there."""
        ends = np.linspace(self.worst, self.best, 5)
        return tuple((self.share(score), self.write(score) if not self.loss else number(math.exp(score)))
                     for score in ends.tolist())


@dataclass(frozen=True)
class SweepPoint:
    """One point in the grid: its place in the sweep, how it stands, and its score (NaN: none)."""

    place: int
    state: str
    score: float
    label: str


@dataclass(frozen=True)
class GridCell:
    """A cell as the browser draws it: ``shade`` from 0 to 1, and what stands in it and below the grid."""

    place: int
    state: str
    shade: float | None
    text: str
    label: str


@dataclass(frozen=True)
class Grid:
    """Scores over two settings, for ``ui.widgets.grid``; ``chosen`` and ``best`` are places, -1 for none."""

    title: str
    note: str
    across: tuple[str, tuple[str, ...]]
    down: tuple[str, tuple[str, ...]]
    cells: tuple[tuple[GridCell, ...], ...]
    scale: Ticks
    chosen: int
    best: int
    height: int


def grid(cells: Sequence[Sequence[SweepPoint]], across: tuple[str, tuple[str, ...]], down: tuple[str, tuple[str, ...]],
         scale: Scale, chosen: int, best: int, where: str = "") -> Grid:
    """Draw cells (rows × columns) under the names of two settings; ``where`` says at which values of the others."""
    rows = tuple(tuple(_grid_cell(cell, scale) for cell in row) for row in cells)
    title = "Perplexity" if scale.loss else "Accuracy on fresh data"
    note = ("Least validation perplexity of each point, coloured by its logarithm." if scale.loss
            else "Best of each point.")
    return Grid(title, f"{note} {where}".strip(), across, down, rows, scale.ticks, chosen, best,
                FRAME + ROW * len(rows))


def _grid_cell(cell: SweepPoint, scale: Scale) -> GridCell:
    known = math.isfinite(cell.score)
    text = scale.write(cell.score) if known else {"diverged": "✗", "failed": "!", "running": "…"}.get(cell.state, "")
    label = f"{cell.label}: {scale.write(cell.score) if known else cell.state}"
    if known and cell.state != "finished":
        label += f" ({cell.state})"
    return GridCell(cell.place, cell.state, scale.share(cell.score) if known else None, text, label)


@dataclass(frozen=True)
class Course:
    """How one point went: a figure after some steps, NaN where none was published."""

    place: int
    label: str
    steps: Float[np.ndarray, " row"] | np.ndarray
    values: Float[np.ndarray, " row"] | np.ndarray


def courses(all_of_them: Sequence[Course], chosen: int, best: int, label: str, *, perplexity: bool = False,
            share: bool = False, most: float = math.inf) -> Plot:
    """Lay the courses of all points over each other; the best and the chosen one stand out and are named.

    ``perplexity``: values are nats and are drawn as e^value on a logarithmic axis; ``share``: values lie in [0, 1].
    What is far above ``most`` (nats), where guessing stands, leaves the picture at its top.
    """
    rows = [(one, *_rows(one, perplexity)) for one in all_of_them]
    rows.sort(key=lambda part: (part[0].place == chosen) * 2 + (part[0].place == best))
    last = max((float(steps[-1]) for _, steps, _ in rows if steps.size), default=1.0)
    known = np.concatenate([values for _, _, values in rows] or [np.ones(1)])
    known = np.minimum(known, 1.4 * (math.exp(most) if perplexity else most))
    y = Axis(0, 1, label, tuple((k / 4, f"{25 * k} %") for k in range(5))) if share else _up(known, label)
    series = tuple(_series(one, steps, values, chosen, best) for one, steps, values in rows if steps.size)
    x = Axis(0, last, "training step", tuple((k * last / 4, f"{k * last / 4:,.0f}") for k in range(5)), word="step")
    panel = Panel(x, y, f"{label} of {len(series)} points by training step.", series)
    return Plot(label, (panel,), 500, "All points over each other. Choose one in the grid or in the table.")


def _rows(one: Course, perplexity: bool) -> tuple[np.ndarray, np.ndarray]:
    """The published rows of a course, thinned evenly."""
    known = np.isfinite(one.values)
    steps, values = np.asarray(one.steps)[known], np.asarray(one.values, dtype=np.float64)[known]
    chosen = np.unique(np.linspace(0, len(steps) - 1, min(len(steps), MOST_ROWS)).astype(int))
    values = values[chosen] if len(steps) else values
    return (steps[chosen] if len(steps) else steps), digits(np.exp(np.minimum(values, 50.0)) if perplexity else values)


def _series(one: Course, steps: np.ndarray, values: np.ndarray, chosen: int, best: int) -> Series:
    if one.place == chosen:
        return Series(steps, values, "accent", one.label + (" (best)" if chosen == best else ""), width=3)
    if one.place == best:
        return Series(steps, values, "text", f"{one.label} (best)", width=2, dash=(6, 3))
    return Series(steps, values, "muted", width=1, alpha=0.3)


def _up(values: np.ndarray, label: str) -> Axis:
    """A logarithmic axis around positive values, to at most a thousand times the least, with round ticks."""
    positive = values[values > 0]
    low, high = (float(positive.min()), float(positive.max())) if positive.size else (1.0, 10.0)
    high = max(1.2 * low, min(high, 1000 * low))
    low, high = low / 1.03, high * 1.03
    numbers: list[Number] = [digit * 10.0 ** power for power in range(-8, 8) for digit in _digits(high / low)]
    return Axis(low, high, label, tuple((n, f"{n:g}") for n in numbers if low <= n <= high), log=True)


def _digits(ratio: float) -> tuple[Number, ...]:
    return (1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9) if ratio < 8 else (1, 2, 5) if ratio < 200 else (1,)
