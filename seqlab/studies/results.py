"""Results of studies, stored as one small file each: those of this machine come before those shipped with seqlab."""

import platform
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from math import isfinite
from os import cpu_count
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

import seqlab
from seqlab.errors import Fault
from seqlab.files import checked_id, refusal, write_aside
from seqlab.studies import Report, Study
from seqlab.studies.figure import Figure
from seqlab.training.device import processor
from seqlab.training.library import RESULTS


class MeasuredCurve(BaseModel):
    """A measured curve: its points."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    x: tuple[float, ...]
    y: tuple[float, ...]


@dataclass(frozen=True)
class Measured:
    """A measurement: named figures, curves to draw, texts to read."""

    figures: Mapping[str, float]
    lines: Mapping[str, MeasuredCurve] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)


class Result(BaseModel):
    """A measurement of a study, with its date and machine.

    ``runs`` are the ids of its runs by their role; ``seconds`` of training and ``when`` (unix time); ``machine`` is a
    description without host names or folders.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    study: str
    figures: dict[str, float]
    lines: dict[str, MeasuredCurve] = {}
    texts: dict[str, str] = {}
    runs: dict[str, str] = {}
    seconds: float = 0.0
    when: float = 0.0
    machine: str = ""
    versions: dict[str, str] = {}

    @property
    def day(self) -> str:
        """Date of the measurement: 22 November 2026."""
        date = datetime.fromtimestamp(self.when, UTC)
        return f"{date.day} {date:%B %Y}"


@dataclass(frozen=True)
class StoredResult:
    """A result, and whether it was measured here or came with seqlab."""

    result: Result
    origin: Literal["own", "shipped"]


def result_of(study: str, measured: Measured, runs: Mapping[str, str] | None = None, seconds: float = 0.0) -> Result:
    """Add date and machine to a measurement; figures that are not finite are left out."""
    finite = {key: float(value) for key, value in measured.figures.items() if isfinite(value)}
    return Result(study=study, figures=finite, lines=dict(measured.lines), texts=dict(measured.texts),
                  runs=dict(runs or {}), seconds=seconds, when=time.time(), machine=machine(), versions=versions())


def machine() -> str:
    """This machine in words: its processor, how many cores, its system."""
    return f"{processor()}, {cpu_count()} cores, {platform.system()}"


def versions() -> dict[str, str]:
    """Versions of seqlab and the packages that it measures with."""
    version_of = {"seqlab": seqlab.__version__, "python": platform.python_version()}
    for package in ("torch", "numpy"):
        try:
            version_of[package] = version(package)
        except PackageNotFoundError:
            continue
    return version_of


def keep(runs: Path, result: Result) -> Result:
    """Write a result beside the runs in ``runs``, in place of an earlier one; raises Fault."""
    try:
        (runs / RESULTS).mkdir(parents=True, exist_ok=True)
        write_aside(_file(runs, result.study), result.model_dump_json().encode())
    except OSError as error:
        raise Fault(f"The result cannot be written: {refusal(error)}.") from None
    return result


def of(study: Study, report: Report, root: Path) -> Mapping[str, float]:
    """Run a study with its runs in ``root``, store what it measured, and return it; raises Fault."""
    began = time.perf_counter()
    figures = study.run(report, root)
    if not study.keeps:
        keep(root, result_of(study.name, Measured(figures), seconds=time.perf_counter() - began))
    return figures


COLUMNS = ("source says", "its program here", "ours", "ours, tuned")


def compared(figures: Sequence[Figure], own: Mapping[str, float],
             shipped: Path) -> list[tuple[Figure, tuple[float | None, ...]]]:
    """Each figure with its numbers in the order of ``COLUMNS``; None where there is none. Raises Fault."""
    return [(figure, (figure.published, program(figure.source, shipped), own.get(figure.key), own.get(figure.tuned)))
            for figure in figures]


def program(source: str, shipped: Path) -> float | None:
    """The ``source/figure`` that the source's own program gave when it was measured with seqlab; None without one.

    These are the results ``program-SOURCE`` among the shipped ones, made by ``python -m tests.programs``. Raises Fault.
    """
    name, _, figure = source.partition("/")
    stored = find(f"program-{name}", shipped, shipped) if name else None
    return stored.result.figures.get(figure) if stored else None


def program_seeds(source: str, shipped: Path) -> list[float]:
    """What each seed of the program gave, where ``program`` is their median; empty where it ran once. Raises Fault."""
    name, _, figure = source.partition("/")
    stored = find(f"program-{name}", shipped, shipped) if name else None
    figures = stored.result.figures if stored else {}
    return [value for key, value in figures.items() if key.startswith(f"{figure}, seed ")]


def find(study: str, runs: Path, shipped: Path) -> StoredResult | None:
    """Find the result of a study: the one measured here, else the shipped one; None without either. Raises Fault."""
    origins: tuple[tuple[Literal["own", "shipped"], Path], ...] = (("own", runs), ("shipped", shipped))
    for origin, root in origins:
        file = _file(root, study)
        try:
            return StoredResult(_read(file, file.stat().st_mtime_ns), origin)
        except FileNotFoundError:
            continue
        except OSError:
            raise Fault(f"The result of {study} cannot be read.") from None
    return None


def _file(root: Path, study: str) -> Path:
    return root / RESULTS / f"{checked_id(study)}.json"


@lru_cache(maxsize=64)
def _read(file: Path, stamp: int) -> Result:
    try:
        return Result.model_validate_json(file.read_bytes())
    except ValidationError:
        raise Fault(f"The result {file.stem} is damaged; measure it again.") from None
