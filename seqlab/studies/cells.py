"""The course's five lines: how far the NumPy formulas and torch's modules differ in float32, median of 100 seeds."""

from collections.abc import Mapping
from pathlib import Path
from statistics import median

from seqlab.reference.published import LINES
from seqlab.studies import Report, Study
from seqlab.studies.figure import Figure

SEEDS = range(100)


def measure(report: Report, runs: Path) -> Mapping[str, float]:
    """Measure the five lines; nothing is trained, so the folder of runs stays as it is."""
    from seqlab.lenses.cells import five_lines

    figures: dict[str, float] = {}
    for key, pairs in five_lines(SEEDS).items():
        errors, torch_errors = pairs.T.tolist()
        line = LINES[key]
        figures |= {line.name: median(errors), f"{line.name}, worst of {len(SEEDS)} seeds": max(errors)}
        report(f"{line.name}, {line.measure}: at or below the published figure in "
               f"{sum(error <= line.published for error in errors)} of {len(SEEDS)} seeds"
               + ("" if key == "memory" else f"; torch against its own float64: median {median(torch_errors):.2g}"))
    return figures


STUDY = Study("cells", "Cells and attention in NumPy against torch", "course notebooks: batch 4, 12 steps, 3 inputs, "
              "2 units; attention: batch 4, 8 positions, width 10, 5 heads; float32, inputs in [0, 1)",
              tuple(Figure(line.name, line.name, ".3g", f"cells/{key}") for key, line in LINES.items()), measure)
