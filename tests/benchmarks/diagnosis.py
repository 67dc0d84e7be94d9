"""How often a planted fault is named rightly, and how often a sound run is taken for a faulty one.

    python -m tests.benchmarks.diagnosis [RECIPE...]

Every fault that is looked for in some recipes, else in four quick ones, and forty sound runs of these together, all
with seeds of which no band was made. A sound run counts as a false alarm where anything is said at any time of it, a
fault as it is named at the end.
"""

import sys
from collections.abc import Iterator, Sequence

import numpy as np

from seqlab import paths
from seqlab.training import bands
from seqlab.training.band_recipes import EFFORTS
from seqlab.training.band_runs import curves, points
from seqlab.training.bands import Bands, config_of
from seqlab.training.diagnosis import Curves, diagnose
from seqlab.training.planting import PLANTS, SOUND, Plant
from seqlab.training.terminal import one_thread
from tests.benchmarks.table import Row, show

RECIPES = ("hello/embedding", "hello/lstm", "hello/gru", "echo/fixed")
FIRST, SOUND_RUNS, AIM = 2000, 40, 2


def runs(recipe: str, seeds: Sequence[int], plant: Plant = SOUND) -> list[Curves]:
    """Train a recipe with some seeds, and a fault; its curves as a page has them."""
    steps = EFFORTS[recipe].steps
    measured = curves(config_of(recipe), seeds, steps, plant)
    return [{"step": np.array(points(steps), np.float64)} | {name: rows[place] for name, rows in measured.items()}
            for place in range(len(seeds))]


def known(recipe: str) -> Bands:
    """The shipped bands of a recipe."""
    return bands.read(bands.file_of(paths.checkpoints(), recipe))


def named(recipe: str, run: Curves) -> str:
    """The cause that a whole run is said to have; an empty text for none."""
    found = diagnose(run, known(recipe))
    return found.cause if found else ""


def alarmed(recipe: str, run: Curves) -> bool:
    """Whether anything is said of a run at any time."""
    return any(named(recipe, {name: values[:count] for name, values in run.items()})
               for count in range(1, len(run["step"]) + 1))


def rows(recipes: Sequence[str] = RECIPES) -> Iterator[Row]:
    """Plant, train and diagnose everything."""
    one_thread()
    said = {(recipe, cause): named(recipe, *runs(recipe, [FIRST + place], PLANTS[cause]))
            for recipe in recipes for place, (cause, tried) in enumerate(known(recipe).causes.items()) if tried.columns}
    wrong = [f"{recipe}: {cause} named {name}" for (recipe, cause), name in said.items() if name not in ("", cause)]
    silent = [f"{recipe}: {cause}" for (recipe, cause), name in said.items() if not name]
    right = sum(cause == name for (_, cause), name in said.items())
    yield Row(f"diagnosis, of {len(said)} planted faults named rightly", right, 0.75 * len(said), "at least",
              note=f"nothing is said of {', '.join(silent) or 'none'}")
    yield Row("diagnosis, named wrongly", len(wrong), 2, note="; ".join(wrong))
    each = -(-SOUND_RUNS // len(recipes))
    alarms = {recipe: sum(alarmed(recipe, run) for run in runs(recipe, range(FIRST, FIRST + each)))
              for recipe in recipes}
    yield Row(f"diagnosis, false alarms in {each * len(recipes)} sound runs", sum(alarms.values()), AIM,
              note=", ".join(f"{recipe} {count}" for recipe, count in alarms.items()))


if __name__ == "__main__":
    raise SystemExit(not show(list(rows(sys.argv[1:] or RECIPES))))
