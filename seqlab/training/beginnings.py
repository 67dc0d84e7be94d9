"""Runs that workers got a moment ago: until the curves of all of them move, what can wait leaves them the processor."""

import time
from collections.abc import Iterable

from seqlab.training.run import Run

MOMENT = 5.0  # seconds after which a run that was given to a worker is no new one, whatever became of it
MOVED = 2  # points of a curve that has moved


class Beginnings:
    """Which runs are new; of a class that presses Train at once none is looked into before all have begun."""

    def __init__(self) -> None:
        self._given: dict[str, tuple[Run, float]] = {}

    def note(self, runs: Iterable[Run]) -> None:
        """These were given to a worker now."""
        now = time.monotonic()
        self._given |= {run.id: (run, now) for run in runs}

    def forget(self, run: Run) -> None:
        """It is over."""
        self._given.pop(run.id, None)

    def gives_way(self, run: Run) -> bool:
        """Whether looking into a new run waits for others that stand still; once it does not, it never does again."""
        known = self._given.get(run.id)
        if known is None:
            return False
        since = time.monotonic() - MOMENT
        still = {id for id, (other, given) in list(self._given.items())
                 if given > since and len(other.metrics()["step"]) < MOVED}
        if known[1] > since and still - {run.id}:
            return True
        self.forget(run)
        return False
