"""Published results and how to reproduce each: one file a result."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from fnmatch import filter as matches
from pathlib import Path

from seqlab.errors import Fault
from seqlab.registry import discover
from seqlab.studies.figure import Figure

Report = Callable[[str], None]


@dataclass(frozen=True)
class Study:
    """One published result: where it stands, its figures, and the run that reproduces them.

    ``run(report, runs)`` trains into the folder ``runs``, says how far it is through ``report`` and returns its own
    figures, of which ``figures`` says what each is compared with. With ``keeps`` it stores its result
    itself; the figures of the others are stored by ``results.of``.
    """

    name: str
    label: str
    source: str
    figures: tuple[Figure, ...]
    run: Callable[[Report, Path], Mapping[str, float]]
    keeps: bool = False


def studies() -> dict[str, Study]:
    """All studies by name; a new one is a new file in ``seqlab/studies`` with a ``STUDY``."""
    return discover("seqlab.studies", "STUDY", Study)


def matching(patterns: Collection[str], known: Collection[str]) -> list[str]:
    """Find the studies that some names or patterns mean (none: all); raises Fault where one means none."""
    by_pattern = {pattern: matches(known, pattern) for pattern in patterns}
    for pattern, names in by_pattern.items():
        if not names:
            raise Fault(f"There is no study {pattern!r}; known are {', '.join(known)}.")
    return list(dict.fromkeys(name for names in by_pattern.values() for name in names)) if patterns else list(known)
