"""Published results and how to reproduce each: one file a result."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from seqlab.registry import discover

Report = Callable[[str], None]


@dataclass(frozen=True)
class Study:
    """One published result: where it stands, its figures, and the run that reproduces them.

    ``run(report, runs)`` trains into the folder ``runs``, says how far it is through ``report`` and returns its own
    figures; those with a name in ``published`` are put beside the published ones.
    """

    name: str
    label: str
    source: str
    published: Mapping[str, float]
    run: Callable[[Report, Path], Mapping[str, float]]


def studies() -> dict[str, Study]:
    """All studies by name; a new one is a new file in ``seqlab/studies`` with a ``STUDY``."""
    return {name: study for name, study in discover("seqlab.studies", "STUDY").items() if isinstance(study, Study)}
