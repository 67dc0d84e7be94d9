"""When runs end and waiting ones begin, by what those in training did lately on the clock of the wall."""

import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress

from seqlab.errors import Fault
from seqlab.training import status
from seqlab.training.run import Run
from seqlab.training.status import Status

LOOKS, LEAST = 12, 2.0  # looks, a second apart, that tell how fast a run is; seconds between the first and the last


class Forecast:
    """How many updates a second each run makes, waiting for its turns included."""

    def __init__(self) -> None:
        self._seen: dict[str, deque[tuple[float, int]]] = {}
        self._steps: dict[str, int] = {}

    def look(self, runs: Iterable[Run]) -> None:
        """Look at all runs in training, once a second; the others are forgotten."""
        runs = list(runs)
        for run_id in {*self._steps, *self._seen}.difference(run.id for run in runs):
            self._seen.pop(run_id, None)
            self._steps.pop(run_id, None)
        for run in runs:
            with suppress(Fault):
                self._note(run.id, status.read(run.path))

    def _note(self, run_id: str, now: Status) -> None:
        if now.state != "running" or not now.step:
            self._seen.pop(run_id, None)
            return
        self._seen.setdefault(run_id, deque(maxlen=LOOKS)).append((time.monotonic(), now.step))
        self._steps[run_id] = now.steps

    def remaining(self, run_id: str) -> float | None:
        """Seconds that a run still takes; None where nobody knows."""
        rate, seen = self._rate(run_id), list(self._seen.get(run_id, ()))
        return None if rate is None or not seen else max(0, self._steps.get(run_id, 0) - seen[-1][1]) / rate

    def expected(self, run_id: str, order: Sequence[tuple[str, str]], training: Mapping[str, str],
                 at_once: Callable[[str], int | None]) -> float | None:
        """Seconds until a waiting run begins; None where nobody knows.

        ``order`` has what waits and its owner, ``training`` the owner of what trains, of each at most ``at_once``.
        """
        owner = dict(order).get(run_id)
        if owner is None:
            return None
        own = [one for one, whose in training.items() if whose == owner]
        most = at_once(owner)
        full = most is not None and len(own) >= most  # then only the end of a run of that owner counts
        ahead = [one for one, whose in order if whose == owner or not full]
        return self._begins(1 + ahead.index(run_id), own if full else list(training))

    def _begins(self, place: int, training: Sequence[str]) -> float | None:
        """Seconds until so many of those in training have ended; where more wait, each is taken to last on average."""
        rates = {run_id: rate for run_id in training if (rate := self._rate(run_id))}
        if not rates:
            return None
        ends = sorted(self.remaining(run_id) or 0.0 for run_id in rates)
        whole = sum(self._steps[run_id] / rate for run_id, rate in rates.items()) / len(rates)
        rounds, at = divmod(place - 1, len(ends))
        return ends[at] + rounds * whole

    def _rate(self, run_id: str) -> float | None:
        seen = list(self._seen.get(run_id, ()))
        if len(seen) < 2 or seen[-1][0] - seen[0][0] < LEAST or seen[-1][1] <= seen[0][1]:
            return None
        return (seen[-1][1] - seen[0][1]) / (seen[-1][0] - seen[0][0])
