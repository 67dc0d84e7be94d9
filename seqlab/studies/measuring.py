"""Measuring an exercise on its trained runs."""

from collections.abc import Mapping
from pathlib import Path

from seqlab.studies.chapter import exercise as chapter
from seqlab.training.run import Run


def measured(name: str, paths: Mapping[str, str], root: str) -> None:
    """Measure the exercise of a name on the runs in some folders, and keep the result among all runs; raises Fault."""
    exercise = next(one for one in chapter.exercises() if one.name == name)
    chapter.measured(exercise, {key: Run(Path(path)) for key, path in paths.items()}, Path(root))
