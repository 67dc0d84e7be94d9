"""How every benchmark reports: one row with a figure, its target, and whether it was met."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Row:
    """One figure; ``target`` None stands for a row that is shown for information."""

    what: str
    figure: float
    target: float | None = None
    better: Literal["at least", "at most"] = "at most"
    unit: str = ""
    note: str = ""

    @property
    def met(self) -> bool:
        """Whether the figure keeps its target; NaN keeps none."""
        if self.target is None:
            return True
        return self.figure >= self.target if self.better == "at least" else self.figure <= self.target

    @property
    def cells(self) -> tuple[str, str, str, str, str]:
        """What, figure, target, verdict and note, as text."""
        unit = f" {self.unit}" if self.unit else ""
        target = "" if self.target is None else f"{self.better} {self.target:.3g}{unit}"
        verdict = "" if self.target is None else ("met" if self.met else "MISSED")
        return self.what, f"{self.figure:.3g}{unit}", target, verdict, self.note


def show(rows: Sequence[Row]) -> bool:
    """Print the rows as a table and say whether every target was met."""
    lines = [("what", "figure", "target", "", "note"), *(row.cells for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(4)]
    for line in lines:
        padded = (text.ljust(width) for text, width in zip(line, widths, strict=False))
        print("  ".join((*padded, line[4])).rstrip())
    return all(row.met for row in rows)


def interleaved(ours: Callable[[], object], theirs: Callable[[], object],
                rounds: int = 25) -> tuple[float, float, float]:
    """Time two functions in turn; medians of ours and theirs in seconds and of the ratio ours / theirs.

    Neighbouring runs share the machine's mood, so the ratio is steadier than either time.
    """
    ours(), theirs()  # warm up
    pairs = [(timed(ours), timed(theirs)) for _ in range(rounds)]
    mine, other = zip(*pairs, strict=True)
    return statistics.median(mine), statistics.median(other), statistics.median(a / b for a, b in pairs)


def timed(work: Callable[[], object]) -> float:
    """Seconds that one call takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
