"""When a run publishes and keeps snapshots: by its own seconds of training, and so that its curve moves meanwhile."""

import time
from collections.abc import Callable

from seqlab.training import snapshots
from seqlab.training.recorder import Stopwatch

PUBLISH_SECONDS = 0.25


class Pace:
    """The clock of a session, which stands still while the run pauses or others have their turn."""

    def __init__(self, before: float = 0.0) -> None:
        self.clock = Stopwatch(before)
        self.began = self.published = self.kept_at = self.clock.seconds
        self.apart = 0.0  # seconds since the last publication that were no training
        self.spent = 0.0  # on snapshots
        self._due = self._seen = 0.0

    @property
    def seconds(self) -> float:
        """The run's own seconds of training so far."""
        return self.clock.seconds

    def stand_still(self, meanwhile: Callable[[], object]) -> None:
        """Have something done that does not count."""
        self.clock.hold()
        meanwhile()
        self.clock.go()

    def publishes(self, passes_on: bool) -> bool:
        """Whether it is time to publish; a run that ``passes_on`` its turn is looked at for longer than it trains."""
        return self.clock.seconds >= self._due or (passes_on and time.monotonic() - self._seen >= PUBLISH_SECONDS)

    def note_publication(self) -> None:
        """Count anew from here."""
        self.apart, self.published, self._seen = 0.0, self.clock.seconds, time.monotonic()
        self._due = self.published + max(PUBLISH_SECONDS, self.published / 1000)

    def note_snapshot(self, began: float) -> None:
        """Count anew from here, and what it took since ``began``."""
        self.kept_at = self.clock.seconds
        self.spent += self.kept_at - began

    def keeps(self, step: int, last: int, steps: int) -> bool:
        """Whether a snapshot is due, the last one being of step ``last`` of ``steps``, and can be afforded."""
        now = self.clock.seconds
        return snapshots.due(step, last, now - self.kept_at) and self._affordable(now, steps)

    def _affordable(self, now: float, steps: int) -> bool:
        # A tenth of a second for the lively beginning, then half a hundredth of the time; a short run keeps all.
        return steps < snapshots.KEEP or self.spent <= 0.1 + (now - self.began) / 200
