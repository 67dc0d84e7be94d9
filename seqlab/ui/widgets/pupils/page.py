"""A class alone: some who train one network or several, one who has just come, one who is away."""

import numpy as np

from seqlab.figures.pupils import Pupil, RunCourse, SmallMultiples, small_multiples
from seqlab.ui.widgets.pupils import pupils

PLANNED, ROWS = 3000, 90
NAMES = ("Ana", "Bo <b>", "Cleo with a long name that has no room", "Dan", "É", "🦊 Fox", "Gül", "Hans")


def picture() -> SmallMultiples:
    """Sample data: the later in the list, the slower."""
    people = [Pupil(f"p{place}", name, "Echo lab" if place != 3 else "away for 5 min", place != 3, _runs(place))
              for place, name in enumerate(NAMES)]
    return small_multiples(people, "p1")


def _runs(place: int) -> tuple[RunCourse, ...]:
    return tuple(_course(place + run, run) for run in range(0 if place == 4 else 1 + place % 4))


def _course(slow: int, run: int) -> RunCourse:
    steps = np.linspace(0, PLANNED / (1 + run), ROWS)
    state = "running" if run else "paused"
    return RunCourse(f"GRU {run}", state, True, int(steps[-1]), PLANNED, steps,
                     1 - 0.9 * np.exp(-steps / (200 + 150 * slow)))


if __name__ == "__main__":
    pupils(picture(), key="sample", on_pick=print)
