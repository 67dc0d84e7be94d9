"""Making the bands that are shipped: training, and what is made of the curves."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from jaxtyping import Float

from seqlab.errors import Fault
from seqlab.training import bands as stored
from seqlab.training.band_recipes import EFFORTS, Effort
from seqlab.training.band_runs import curves, points
from seqlab.training.bands import Bands, Tried, config_of, digest, file_of, kin, of_curves
from seqlab.training.config import RunConfig
from seqlab.training.diagnosis import CLEAR, advantages, stretches
from seqlab.training.planting import PLANTS

Measured = Mapping[str, Float[np.ndarray, "_ _"]]  # by column: a row for each seed, a number for each step


def measure(recipe: str, config: RunConfig, effort: Effort, report: Callable[[str], None]) -> Bands:
    """Train a recipe's config soundly and with each cause planted, and give its bands; raises Fault."""
    sound = curves(config, range(effort.seeds), effort.steps)
    tried: dict[str, Measured | str] = {}
    for cause, plant in PLANTS.items():
        try:
            tried[cause] = curves(config, range(effort.tried_seeds), effort.tried_steps, plant)
        except Fault as fault:
            tried[cause] = str(fault)
        report(f"{recipe}: {cause}")
    return assembled(recipe, config, effort, sound, tried)


def assembled(recipe: str, config: RunConfig, effort: Effort, sound: Measured,
              tried: Mapping[str, Measured | str]) -> Bands:
    """Make the bands of measured curves; a cause whose runs look like sound ones is not looked for."""
    steps, least = points(effort.steps), points(effort.tried_steps)
    causes = {cause: Tried(why=of) if isinstance(of, str) else _band(least, of) for cause, of in tried.items()}
    bands = Bands(recipe, digest(config), kin(config), tuple(range(effort.seeds)), of_curves(steps, sound), 0.0, causes)
    for cause, of in tried.items():
        if not isinstance(of, str) and causes[cause].columns and _unseen(bands, cause, least, of):
            causes[cause] = Tried(why="Runs with it cannot be told from sound ones.")
    return replace(bands, far=float(f"{_far(bands, steps, sound):.3g}"))


def _band(steps: Sequence[int], measured: Measured) -> Tried:
    columns = of_curves(steps, measured)
    return Tried(columns) if columns and columns["loss"].steps[-1] * 2 >= steps[-1] else Tried(
        why="Runs with it diverge at once.")


def _unseen(bands: Bands, cause: str, steps: Sequence[int], measured: Measured) -> bool:
    """Whether half of the runs with a cause are not clearly explained by it rather than by chance."""
    alone = replace(bands, causes={cause: bands.causes[cause]})
    won = [max(advantages(stretches(run, bands.columns["loss"]), alone).values(), default=0.0)
           for run in _runs(steps, measured)]
    return bool(np.median(won) <= CLEAR)


def _far(bands: Bands, steps: Sequence[int], sound: Measured) -> float:
    """The most by which a cause explains a sound run better than the other sound runs do, at any time."""
    most = 0.0
    for place, run in enumerate(_runs(steps, sound)):
        others = replace(bands, columns=of_curves(steps, {name: np.delete(values, place, 0)
                                                          for name, values in sound.items()}))
        cut = stretches(run, others.columns["loss"])
        for count in range(1, len(cut.edges)):
            most = max(most, *advantages(cut.first(count), others).values(), 0.0)
    return most


def _runs(steps: Sequence[int], measured: Measured) -> list[dict[str, np.ndarray]]:
    return [{"step": np.array(steps, np.float64)} | {name: values[place] for name, values in measured.items()}
            for place in range(len(measured["loss"]))]


def build(shipped: Path, report: Callable[[str], None], names: Sequence[str] = ()) -> None:
    """Measure bands into the folder of the shipped runs: of these recipes, or of all whose files are out of date.

    Raises Fault for a recipe that is not measured.
    """
    unknown = [name for name in names if name not in EFFORTS]
    if unknown:
        raise Fault(f"No bands are measured of {', '.join(unknown)}; there are {', '.join(EFFORTS)}.")
    for recipe in names or EFFORTS:
        if names or not _fresh(shipped, recipe):
            measure(recipe, config_of(recipe), EFFORTS[recipe], report).write(file_of(shipped, recipe))


def _fresh(shipped: Path, recipe: str) -> bool:
    """Whether the file of a recipe is of its config as it is now."""
    try:
        return stored.read(file_of(shipped, recipe)).config == digest(config_of(recipe))
    except Fault:
        return False
