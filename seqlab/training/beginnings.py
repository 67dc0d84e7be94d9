"""Runs that workers got a moment ago: until the curves of all of them move, what can wait leaves them the processor."""

import time
from collections.abc import Mapping

from seqlab.training.ending import Assigned
from seqlab.training.run import Run

MOMENT = 5.0  # seconds after which a run that was given to a worker is no new one, whatever became of it
MOVED = 2  # points of a curve that has moved


class Beginnings:
    """Which runs ``training`` are new; of a class that presses Train at once none is looked into before all begin."""

    def __init__(self, training: Mapping[str, Assigned]) -> None:
        self._training = training
        self._looked_into: frozenset[str] = frozenset()

    def gives_way(self, run: Run) -> bool:
        """Whether looking into a new run waits for others that stand still; once it does not, it never does again."""
        mine = self._training.get(run.id)
        if mine is None or run.id in self._looked_into:
            return False
        since = time.monotonic() - MOMENT
        if mine.since > since and any(
                one is not mine and one.since > since and len(one.run.metrics()["step"]) < MOVED
                for one in list(self._training.values())):
            return True
        self._looked_into = self._looked_into & self._training.keys() | {run.id}
        return False
