"""The figures of a study on a terminal: its own beside those of its source."""

from collections.abc import Mapping
from pathlib import Path

from seqlab.studies import Study
from seqlab.studies.results import COLUMNS, compared
from seqlab.training.terminal import columns


def show_compared(study: Study, own: Mapping[str, float], shipped: Path) -> None:
    """Print a study's figures beside what its source says, and what the source's own program gave here."""
    rows = compared(study.figures, own, shipped)
    columns(COLUMNS, [(figure.label, *map(figure.formatted, values)) for figure, values in rows])
    printed = {key for figure in study.figures for key in (figure.key, figure.tuned)}
    for key, value in own.items():
        if key not in printed:
            print(f"  {key:<52} {value:.6g}")
