"""Bands: between which curves the runs of a recipe lie that differ in their seed alone, and those with known causes.

They are measured by ``band_runs`` and kept one small file a recipe, which is read without torch.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float

from seqlab.errors import Fault
from seqlab.files import parse_json, refusal, write_aside
from seqlab.tasks import DERIVED, tasks
from seqlab.training.config import RunConfig
from seqlab.training.library import RESULTS

FOLDER = "bands"  # among the results
SHARES = (10, 50, 90)  # per cent of the runs that lie below each line of a band
COLUMNS = ("loss", "accuracy", "grad_norm")
LARGEST_FILE = 400_000  # bytes
# Settings of a run that its band does not depend on, and those that are tried: a run that differs from a recipe in
# these alone is laid on the recipe's band.
OWN = {"name", "seed", "device", "stop_at", "evaluate_every"}
TRIED: Mapping[str, set[str]] = {"optimiser": {"lr", "clip"}, "network": {"hidden", "initialisation", "spread"}}

Lines = tuple[tuple[float, ...], ...]  # one for each of SHARES, a number for each step


@dataclass(frozen=True)
class Band:
    """One column of the curves: at each of ``steps`` what a tenth, half and nine tenths of the runs lie below.

    A number is the mean over the updates since the step before.
    """

    steps: tuple[int, ...]
    lines: Lines

    def over(self, edges: Float[np.ndarray, " edge"]) -> Float[np.ndarray, "share stretch"]:
        """The band's means over the stretches between such steps."""
        own = np.array([0, *self.steps], np.float64)
        sums = np.cumsum(np.pad(np.array(self.lines) * np.diff(own), ((0, 0), (1, 0))), axis=1)
        at = np.stack([np.interp(edges, own, line) for line in sums])
        return np.asarray(np.diff(at, axis=1) / np.diff(edges))


Columns = Mapping[str, Band]


@dataclass(frozen=True)
class Tried:
    """A cause that was planted: the bands of its runs, or in one sentence ``why`` it is not looked for."""

    columns: Columns = field(default_factory=dict)
    why: str = ""


@dataclass(frozen=True)
class Bands:
    """The bands of a recipe by column, over some seeds, and those of each cause by its name.

    ``config`` is the digest of the recipe, ``kin`` that of all runs that are laid on these bands. ``far`` is the most
    by which a cause explains one of the sound runs better than the others do: see ``diagnosis.advantages``.
    """

    recipe: str
    config: str
    kin: str
    seeds: tuple[int, ...]
    columns: Columns
    far: float
    causes: Mapping[str, Tried]

    def write(self, path: Path) -> None:
        """Write them to a file; raises Fault where that cannot be."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_aside(path, json.dumps(asdict(self), separators=(",", ":")).encode())
        except OSError as error:
            raise Fault(f"The bands cannot be written: {refusal(error)}.") from None


def config_of(recipe: str) -> RunConfig:
    """The config of a recipe, ``echo/fast``."""
    task, _, name = recipe.partition("/")
    return RunConfig(**tasks()[task].recipes[name].config)


def digest(config: RunConfig) -> str:
    """Write in 16 letters all that the curves of a run depend on, but chance and what is made of its text."""
    return _hashed(_settings(config))


def kin(config: RunConfig) -> str:
    """Write in 16 letters what the runs have in common that are laid on the same bands."""
    settings = _settings(config)
    return _hashed(settings | {part: {name: value for name, value in settings[part].items() if name not in names}
                               for part, names in TRIED.items()})


def _settings(config: RunConfig) -> dict[str, Any]:
    """Those of a run that count: without what is made of its text, for another Python's text has other letters."""
    settings = config.model_dump(mode="json", exclude=OWN)
    return settings | {"task": {name: value for name, value in settings["task"].items() if name not in DERIVED}}


def _hashed(settings: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()[:16]


def of_curves(steps: Sequence[int], curves: Mapping[str, Float[np.ndarray, "seed step"]]) -> dict[str, Band]:
    """Make the bands of some runs by column, up to where the first of them diverged; raises Fault for fewer than two.

    So there are none where one diverged at once.
    """
    if min(map(len, curves.values())) < 2:
        raise Fault("A band needs the curves of two seeds at least.")
    finite = np.logical_and.reduce([np.isfinite(values).all(0) for values in curves.values()])
    count = len(finite) if finite.all() else int(finite.argmin())
    return {name: Band(tuple(steps[:count]), tuple(
        tuple(float(f"{value:.4g}") for value in line) for line in np.percentile(values[:, :count], SHARES, axis=0)))
        for name, values in curves.items() if count}


def file_of(shipped: Path, recipe: str) -> Path:
    """Where the bands of a recipe (``echo/fast``) lie among the shipped runs."""
    return shipped / RESULTS / FOLDER / f"{recipe.replace('/', '-')}.json"


def of_run(config: RunConfig, shipped: Path) -> Bands | None:
    """Find the bands on which a run is laid; None where there are none, and where a file is damaged or out of date."""
    own = kin(config)
    return next((bands for bands in known(shipped) if bands.kin == own), None)


def known(shipped: Path) -> tuple[Bands, ...]:
    """All bands that lie among the shipped runs, without what is no such file."""
    found = []
    for file in sorted((shipped / RESULTS / FOLDER).glob("*.json")):
        try:
            found.append(_read(file, file.stat().st_mtime_ns))
        except (Fault, OSError):
            continue
    return tuple(found)


@lru_cache(maxsize=64)
def _read(path: Path, stamp: int) -> Bands:
    return read(path)


def read(path: Path) -> Bands:
    """Read bands from a file; raises Fault where there are none."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise ValueError
        content = parse_json(path.read_bytes())
        causes = {str(name): Tried(_columns(part["columns"]), str(part["why"]))
                  for name, part in content["causes"].items()}
        return Bands(str(content["recipe"]), str(content["config"]), str(content["kin"]),
                     tuple(map(int, content["seeds"])), _columns(content["columns"]), float(content["far"]), causes)
    except OSError as error:
        raise Fault(f"The bands {path.name} cannot be read: {refusal(error)}.") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Fault(f"The file {path.name} holds no bands.") from None


def _columns(parts: Mapping[str, Mapping[str, Sequence[object]]]) -> dict[str, Band]:
    return {str(name): _band(part) for name, part in parts.items()}


def _band(part: Mapping[str, Sequence[object]]) -> Band:
    steps = np.asarray(part["steps"], np.int64)
    lines = np.asarray(part["lines"], np.float64)
    if lines.shape != (len(SHARES), len(steps)) or not len(steps) or steps[0] < 1 or (np.diff(steps) <= 0).any() or (
            not np.isfinite(lines).all() or (np.diff(lines, axis=0) < 0).any()):
        raise ValueError
    return Band(tuple(steps.tolist()), tuple(tuple(line) for line in lines.tolist()))
