"""What the points of a sweep came to, as their folders say: read again and again, so what has ended is kept."""

import csv
import io
import math
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from seqlab.errors import Fault
from seqlab.training.run import Run
from seqlab.training.sweep import Point, Sweep, written

WAITING = "waiting"  # a point whose run was not made yet
ENDED = ("finished", "diverged", "stopped", "failed")
_KEPT = 2000


@dataclass(frozen=True)
class Outcome:
    """A point and how it stands.

    ``loss`` is its least validation loss in nats, reached after ``at`` steps, ``accuracy`` its best one on fresh
    data; each is NaN where nothing was measured. ``seconds`` is time spent training.
    """

    point: Point
    state: str = WAITING
    step: int = 0
    seconds: float = 0.0
    loss: float = math.nan
    accuracy: float = math.nan
    at: int = 0
    message: str = ""

    @property
    def ended(self) -> bool:
        """Whether the sweep is done with it, well or badly."""
        return self.state in ENDED

    @property
    def counts(self) -> bool:
        """Whether it can be the best: it did not diverge or fail."""
        return self.state not in ("diverged", "failed")


_seen: OrderedDict[Path, tuple[int, Outcome]] = OrderedDict()


def outcomes(root: Path, sweep: Sweep) -> list[Outcome]:
    """How every point stands, in the order of the points."""
    return [_outcome(root / point.id, point) for point in sweep.points]


def by_loss(sweep: Sweep, results: Iterable[Outcome]) -> bool:
    """Whether points are compared by validation loss, not by accuracy: where the task measures one."""
    return sweep.base.task_spec.next_symbol(sweep.base.task_config) or any(math.isfinite(one.loss) for one in results)


def score(one: Outcome, loss: bool) -> float:
    """What a point scores: least validation loss in nats or best accuracy; NaN where it has none."""
    return math.nan if not one.counts else one.loss if loss else one.accuracy


def best(results: Iterable[Outcome], loss: bool) -> Outcome | None:
    """The point with the least loss or the highest accuracy; None while there is none."""
    known = [one for one in results if math.isfinite(score(one, loss))]
    return min(known, key=lambda one: one.loss if loss else -one.accuracy, default=None)


def seconds_left(results: Iterable[Outcome], at_once: int) -> float:
    """Estimate the seconds to the end of a sweep from the points that have ended; NaN before the first one has."""
    points = list(results)
    spent = [one.seconds for one in points if one.ended and one.seconds > 0]
    if not spent:
        return math.nan
    mean = sum(spent) / len(spent)
    return sum(max(0.0, mean - one.seconds) for one in points if not one.ended) / max(1, at_once)


def ranked(results: Iterable[Outcome], loss: bool) -> list[Outcome]:
    """The best first; those without a score last."""
    def key(one: Outcome) -> tuple[bool, float]:
        value = score(one, loss)
        return (True, 0.0) if math.isnan(value) else (False, value if loss else -value)
    return sorted(results, key=key)


def to_csv(sweep: Sweep, results: Iterable[Outcome]) -> str:
    """Write every point as a line of CSV: run, values, scores and how it ended; what was not measured is empty."""
    file = io.StringIO()
    out = csv.writer(file, lineterminator="\n")
    out.writerow(["run", *sweep.axes, "validation", "perplexity", "at step", "accuracy", "state", "steps", "seconds"])
    for one in results:
        known = math.isfinite(one.loss)
        out.writerow([one.point.id, *(written(value) for value in one.point.values.values()),
                      one.loss if known else "", math.exp(min(one.loss, 700.0)) if known else "",
                      one.at if known else "", one.accuracy if math.isfinite(one.accuracy) else "", one.state, one.step,
                      round(one.seconds, 3)])
    return file.getvalue()


def _outcome(path: Path, point: Point) -> Outcome:
    try:
        stamp = (path / "status.json").stat().st_mtime_ns
    except OSError:
        return Outcome(point)
    known = _seen.get(path)
    if known and known[0] == stamp and known[1].point is point:
        return known[1]
    try:
        outcome = _read(Run(path), point)
    except Fault as fault:
        return Outcome(point, "failed", message=str(fault))
    if outcome.ended:
        _seen[path] = stamp, outcome
        while len(_seen) > _KEPT:
            _seen.popitem(last=False)
    return outcome


def _read(run: Run, point: Point) -> Outcome:
    now, columns = run.status, run.metrics()
    losses, shares = columns["validation"], columns["evaluation"]
    known = np.isfinite(losses)
    at = int(columns["step"][known][losses[known].argmin()]) if known.any() else 0
    return Outcome(point, now.state, now.step, now.seconds,
                   float(losses[known].min()) if known.any() else math.nan,
                   float(shares[np.isfinite(shares)].max()) if np.isfinite(shares).any() else math.nan,
                   at, now.message)
