"""Bands: between which curves the runs of a recipe lie that differ in their seed alone; small files.

They are measured by ``band_runs``, and read without torch.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Bool, Float

from seqlab.errors import Fault
from seqlab.files import parse_json, refusal, write_aside
from seqlab.training.config import RunConfig

SHARES = (10, 50, 90)  # per cent of the runs that lie below each line of a band
COLUMNS = ("loss", "accuracy", "grad_norm", "evaluation")
OWN = {"name", "seed", "device"}  # settings of a run that its band does not depend on
LARGEST_FILE = 200_000  # bytes

Lines = tuple[tuple[float, ...], ...]  # one for each of SHARES, a number for each step


@dataclass(frozen=True)
class Band:
    """One column of the curves: at each of ``steps`` what a tenth, half and nine tenths of the runs lie below.

    A number is the mean over the updates since the step before; an ``evaluation`` is that of its step alone.
    """

    steps: tuple[int, ...]
    lines: Lines

    def at(self, steps: Float[np.ndarray, " step"]) -> Float[np.ndarray, "share step"]:
        """The band at any steps, on straight lines between its own; beyond its last step, that step's."""
        return np.stack([np.interp(steps, self.steps, line) for line in self.lines])

    def holds(self, steps: Float[np.ndarray, " step"],
              values: Float[np.ndarray, " step"]) -> Bool[np.ndarray, " step"]:
        """Whether each value of a curve lies on the band, edges included; one that is no number does not."""
        low, _, high = self.at(steps)
        return np.asarray((low <= values) & (values <= high))


@dataclass(frozen=True)
class Bands:
    """The bands of a config by column, over some seeds; ``config`` is the digest of all that they depend on."""

    config: str
    seeds: tuple[int, ...]
    columns: Mapping[str, Band]

    def fit(self, config: RunConfig) -> bool:
        """Whether these are the bands of such a run, whatever its seed."""
        return self.config == digest(config)

    def write(self, path: Path) -> None:
        """Write them to a file; raises Fault where that cannot be."""
        content = json.dumps({"config": self.config, "seeds": self.seeds, "columns": {
            name: asdict(band) for name, band in self.columns.items()}}, separators=(",", ":"))
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_aside(path, content.encode())
        except OSError as error:
            raise Fault(f"The bands cannot be written: {refusal(error)}.") from None


def digest(config: RunConfig) -> str:
    """Write in 16 letters all that the curves of a run depend on but chance."""
    content = json.dumps(config.model_dump(exclude=OWN), sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def of_curves(config: RunConfig, seeds: Sequence[int],
              curves: Mapping[str, tuple[Sequence[int], Float[np.ndarray, "seed step"]]]) -> Bands:
    """Make bands of the curves of several seeds, by column: the steps, and a row of numbers for each seed.

    Raises Fault for fewer than two seeds, and where one of them diverged.
    """
    if len(set(seeds)) < 2:
        raise Fault("A band needs the curves of two seeds at least.")
    columns = {}
    for name, (steps, values) in curves.items():
        broken = np.flatnonzero(~np.isfinite(values).all(1))
        if len(broken):
            raise Fault(f"With seed {seeds[int(broken[0])]} the {name} is no finite number; a band needs runs that do "
                        "not diverge.")
        lines = np.percentile(values, SHARES, axis=0)
        columns[name] = Band(tuple(steps), tuple(tuple(float(f"{value:.5g}") for value in line) for line in lines))
    return Bands(digest(config), tuple(seeds), columns)


def read(path: Path) -> Bands:
    """Read bands from a file; raises Fault where there are none."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise ValueError
        content = parse_json(path.read_bytes())
        columns = {str(name): _band(part) for name, part in content["columns"].items()}
        return Bands(str(content["config"]), tuple(map(int, content["seeds"])), columns)
    except OSError as error:
        raise Fault(f"The bands {path.name} cannot be read: {refusal(error)}.") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Fault(f"The file {path.name} holds no bands.") from None


def _band(part: Mapping[str, Sequence[object]]) -> Band:
    steps = np.asarray(part["steps"], np.int64)
    lines = np.asarray(part["lines"], np.float64)
    if lines.shape != (len(SHARES), len(steps)) or not len(steps) or (np.diff(steps) <= 0).any() or (
            not np.isfinite(lines).all() or (np.diff(lines, axis=0) < 0).any()):
        raise ValueError
    return Band(tuple(steps.tolist()), tuple(tuple(line) for line in lines.tolist()))
