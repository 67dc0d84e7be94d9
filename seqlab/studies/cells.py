"""The course's five lines: how far a formula in NumPy and a module of torch differ in float32, median of 200 seeds."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np
from jaxtyping import Float

from seqlab.studies import Report, Study
from seqlab.studies.figure import Figure
from seqlab.studies.published import PUBLISHED

SEEDS = range(200)
PAIR = "special_torch"  # torch's GRU with the special weights against torch's RNN, which is what the course prints


@dataclass(frozen=True)
class ComparedLine:
    """One of the five lines: its name, what is compared in one sentence, and where its published number stands."""

    name: str
    compares: str
    source: str

    @property
    def published(self) -> float:
        """The published number."""
        return PUBLISHED[self.source].value

    @property
    def measure(self) -> str:
        """How the source measures it."""
        return PUBLISHED[self.source].measure

    def share(self, errors: Float[np.ndarray, " seed"]) -> float:
        """Share of seeds whose error is at or below the published number."""
        return float((errors <= self.published).mean())

    def percent(self, errors: Float[np.ndarray, " seed"]) -> str:
        """Write that share so that 199 of 200 seeds are not all of them."""
        return f"{100 * self.share(errors):.4g}%"


LINES: dict[str, ComparedLine] = {
    "rnn": ComparedLine("RNN", "Our RNN and nn.RNN with the same weights.", "cells/rnn"),
    "gru": ComparedLine("GRU", "Our GRU and nn.GRU with the same weights.", "cells/gru"),
    "special": ComparedLine("GRU as an RNN", "Our GRU, its gates set to make it an RNN, and nn.RNN.", "cells/special"),
    "memory": ComparedLine("Long memory", "The initial state of our GRU with z = 1 and its last state.",
                           "cells/memory"),
    "attention": ComparedLine("Attention", "Our multi-head attention and nn.MultiheadAttention with the same weights.",
                              "cells/attention"),
}


def measure(report: Report, runs: Path) -> Mapping[str, float]:
    """Measure the five lines in the course's setup and in the other; the folder of runs stays as it is."""
    from seqlab.lenses.cells import five_lines, measured_on

    figures: dict[str, float] = {}
    report(f"Measured on {measured_on()}, medians of {len(SEEDS)} seeds.")
    for line in LINES.values():
        report(f"{line.name}: {line.measure}")
    for setup, words in (("course", ""), ("unit", ", inputs in [0, 1), outputs alone")):
        measured = five_lines(SEEDS, setup)
        for key, line in LINES.items():
            errors, own = measured[key].T
            figures[f"{line.name}{words}"] = median(errors)
            report(f"{line.name}{words}: at or below the published number in {line.percent(errors)} of {len(SEEDS)} "
                   f"seeds, worst {errors.max():.3g}; torch against its own float64: median {median(own):.3g}")
        figures[f"torch's GRU as an RNN against its RNN{words}"] = median(measured[PAIR][:, 0])
    return figures


STUDY = Study("cells", "Cells and attention in NumPy against torch", "course assignment: batch 4, 12 steps, 3 inputs, "
              "2 units; attention: batch 4, 8 positions, width 10, 5 heads; inputs and initial states from a standard "
              "normal, float32", tuple(Figure(line.name, line.name, ".8g", line.source) for line in LINES.values()),
              measure)
