"""Feeds the points of sweeps to the engine, a few at a time, so that other runs need not wait behind them all."""

import logging
import threading
import time
from collections import deque
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Protocol, runtime_checkable

from seqlab.errors import Fault
from seqlab.training import control, groups, status
from seqlab.training.config import RunConfig
from seqlab.training.library import Library
from seqlab.training.run import Run
from seqlab.training.sweep import Point, Sweep
from seqlab.training.sweeps import Sweeps

log = logging.getLogger("seqlab")

DONE = ("finished", "diverged", "stopped")  # a point that a person stopped by itself is not begun again
YOUNG = 3.0  # seconds in which a folder may be half written by another process
MOST_FAULTS = 100  # sweeps of which is known why they stand still
FAILURES = 3  # points that fail one after another: then the sweep is at fault, not a point


@runtime_checkable
class RunQueue(Protocol):
    """Where points are trained: what a feeder needs of the engine, which has the feeder."""

    root: Path

    @property
    def failure(self) -> str:
        """Why nothing will be trained; an empty text where nothing is wrong."""

    @property
    def trainers(self) -> int:
        """How many runs compute at once."""

    def queued(self) -> list[str]:
        """Ids of the runs that wait."""

    def running(self) -> list[str]:
        """Ids of the runs in training."""

    def together(self) -> AbstractContextManager[None]:
        """Have what is started or resumed meanwhile trained in one program."""

    def start(self, config: RunConfig, *, id: str, owner: str) -> Run:
        """Make a new run of an owner and put it in the queue. Raises Fault."""

    def resume(self, run: Run) -> Run:
        """Let a run go on. Raises Fault."""


class Feeder:
    """Gives a queue as many points of each sweep as compute at once, and the next one when one has ended."""

    def __init__(self, queue: RunQueue) -> None:
        self._queue = queue
        self.sweeps = Sweeps(queue.root)
        self.faults: dict[str, str] = {}
        self._left: dict[str, deque[Point]] = {}
        self._begun: dict[str, list[Run]] = {}
        self._lots: dict[str, list[list[str]]] = {}  # ids of the runs that were begun together and have not all ended
        self._lock = threading.RLock()
        self._look, self._over = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None

    def go_on(self, sweep: Sweep) -> Sweep:
        """Begin a sweep, or go on with it: every point that is not done is trained. Raises Fault."""
        sweep = self.sweeps.keep(sweep)
        self.sweeps.mark(sweep.id)
        with self._lock:
            self.faults.pop(sweep.id, None)
            if sweep.id not in self._left:
                self._left[sweep.id] = deque(sweep.in_turn())
                self._begun[sweep.id] = []
            if self._thread is None:
                self._thread = threading.Thread(target=self._feed_all, daemon=True, name="seqlab-sweeps")
                self._thread.start()
        self.look()
        return sweep

    def stop(self, sweep: Sweep) -> None:
        """End a sweep for now, whoever feeds it: points in training save what they have, and can go on from there."""
        self.sweeps.unmark(sweep.id)
        with self._lock:
            for kept in (self._left, self._begun, self._lots):
                kept.pop(sweep.id, None)
            for run in self.sweeps.runs(sweep):
                _interrupt(run)

    def adopt(self) -> None:
        """Go on with the sweeps that another process fed that is gone; one that cannot be read is left."""
        for sweep_id in self.sweeps.left():
            if not self.feeds(sweep_id):
                with suppress(Fault):
                    self.go_on(self.sweeps.get(sweep_id))

    def feeds(self, sweep_id: str) -> bool:
        """Whether this feeder has points of a sweep to give or in training."""
        with self._lock:
            return sweep_id in self._left

    def look(self) -> None:
        """Have it look now whether there is a place for another point."""
        self._look.set()

    def close(self) -> None:
        """Give no more points; what was stopped so can go on later, also by itself where a server adopts it."""
        self._over.set()
        self.look()
        with self._lock:
            for sweep_id in self._left:
                self.sweeps.let_go(sweep_id)
            self._left.clear()

    def _feed_all(self) -> None:
        while not self._over.is_set():
            self._look.wait(1.0)
            self._look.clear()
            with self._lock:
                for sweep_id in list(self._left):
                    try:
                        self._feed(sweep_id)
                    except Fault as fault:
                        self._give_up(sweep_id, str(fault))
                    except Exception:
                        log.exception("sweep %s", sweep_id)
                        self._give_up(sweep_id, "The sweep stands still after an unexpected error; the log says more.")

    def _feed(self, sweep_id: str) -> None:
        left, begun = self._left[sweep_id], self._begun[sweep_id]
        if not self.sweeps.marked(sweep_id):
            return self._give_up(sweep_id, "")
        self.sweeps.mark(sweep_id)
        if self._queue.failure:
            raise Fault(self._queue.failure)
        held = {*self._queue.queued(), *self._queue.running()}
        here = [run for run in begun if run.id in held]
        self._despair([run for run in begun if run.id not in held][-FAILURES:])
        lots = [lot for lot in self._lots.setdefault(sweep_id, []) if held.intersection(lot)]
        todo = len(left)
        while todo > 0 and len(lots) < self._queue.trainers:
            points = self._lot(left, begun)
            todo -= len(points)
            with self._queue.together():
                runs = [run for point in points for run in self._begin(sweep_id, point, held)]
            if runs:
                lots.append([run.id for run in runs])
                here += runs
        self._lots[sweep_id] = lots
        if not left and not here:
            self._give_up(sweep_id, "")
        return None

    def _lot(self, left: deque[Point], begun: list[Run]) -> list[Point]:
        """Take the next point, and those that had better train in one program with it."""
        device = next((run.status.device for run in begun[:1] if run.path.exists()), "") or left[0].config.device
        places = groups.lot([point.config for point in left], self._queue.trainers,
                            "cpu" if device == "auto" else device)
        points = [left[place] for place in places]
        for point in points:
            left.remove(point)
        return points

    def _begin(self, sweep_id: str, point: Point, held: set[str]) -> list[Run]:
        """Start a point or let it go on; one that is in training already is looked at again later."""
        run = Run(self._queue.root / point.id)
        try:
            now = run.status if run.path.exists() and run.config else None
        except Fault:
            if time.time() - run.path.stat().st_mtime < YOUNG:
                self._left[sweep_id].append(point)
                return []
            Library(self._queue.root).delete(run)  # a server was killed while it wrote this folder
            now = None
        trains = now is not None and (now.active or point.id in held)
        if trains:
            self._left[sweep_id].append(point)
        if trains or (now is not None and now.state in DONE):
            return []
        owner = self.sweeps.get(sweep_id).owner
        run = self._queue.start(point.config, id=point.id, owner=owner) if now is None else self._queue.resume(run)
        self._begun[sweep_id].append(run)
        return [run]

    def _despair(self, ended: list[Run]) -> None:
        """Raise Fault where one point after another failed."""
        try:
            last = [run.status for run in ended]
        except Fault:  # one was deleted
            return
        if len(last) == FAILURES and all(now.state == "failed" for now in last):
            raise Fault(f"{FAILURES} points failed one after another, so the sweep stands still. {last[-1].message}")

    def _give_up(self, sweep_id: str, why: str) -> None:
        self._left.pop(sweep_id, None)
        self._lots.pop(sweep_id, None)
        self.sweeps.unmark(sweep_id)
        for run in self._begun.pop(sweep_id, []):
            _interrupt(run)
        if why:
            self.faults[sweep_id] = why
            while len(self.faults) > MOST_FAULTS:
                del self.faults[next(iter(self.faults))]


def _interrupt(run: Run) -> None:
    """Have a run saved and let go of; one that waits still is only marked."""
    with suppress(Fault, OSError):
        now = run.status
        if now.active:
            control.send(run, "interrupt")
        if now.state == "queued":
            status.write(run.path, now, state="interrupted", message="Its sweep was stopped before it began.")
