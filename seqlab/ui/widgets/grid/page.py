"""The grid of a sweep alone: scores, one that diverged, one that runs and one that waits."""

import math

from seqlab.figures.sweep import Grid, Scale, SweepPoint
from seqlab.figures.sweep import grid as draw
from seqlab.ui.widgets.grid import grid

RATES, WIDTHS = ("0.001", "0.003", "0.01", "0.03"), ("8", "16", "32", "64", "128")
ODD = {15: "diverged", 18: "running", 19: "waiting"}


def picture() -> Grid:
    """Sample data: the wider, the better, up to a learning rate that is too high."""
    rows = [[point(row, column) for column in range(len(WIDTHS))] for row in range(len(RATES))]
    return draw(rows, ("hidden size", WIDTHS), ("learning rate", RATES), Scale(3.3, 1.0, True), 7, 14)


def point(row: int, column: int) -> SweepPoint:
    """One network of the sweep."""
    place = row * len(WIDTHS) + column
    state = ODD.get(place, "finished")
    score = math.nan if state in ("diverged", "waiting") else 3.2 - 0.35 * column - 0.3 * row
    return SweepPoint(place, state, score, f"learning rate {RATES[row]}, hidden size {WIDTHS[column]}")


if __name__ == "__main__":
    grid(picture(), key="sample", on_pick=print)
