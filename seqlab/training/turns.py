"""Turns: several runs train in one process, each in a thread of its own, and exactly one of them computes at a time."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch
from torch import Tensor

SLICE, SHORTEST = 0.1, 0.02  # seconds; a run that has trained for less than a second has shorter slices
MOST_DEBT = 1.0  # seconds that a run, or an owner, can be behind the others for what one long update took
# What counts is the processor's time: on a busy machine a turn of twenty milliseconds may last a second by the clock,
# and whoever had that one would wait until all others had had a second, too.
_computed = time.process_time

RandomState = dict[str, list[Tensor]]  # by kind of device, one for each device of it


class Turns:
    """Who computes now and who is next: owners share the time evenly, and the runs of an owner share what it has.

    Of those that wait the one that has had least is next, by owner and then by run; but one that is new, or that a
    person has sent a command, goes before all others. torch's global random state belongs to whoever computes.
    """

    def __init__(self) -> None:
        self.waiting: list[Turn] = []
        self.hurry = False  # whether one of them should not wait for the end of a slice
        self._lock = threading.Lock()
        self._entered: list[Turn] = []
        self._holder: Turn | None = None
        self._had: dict[str, float] = {}  # seconds by owner, as they count between the owners that are here

    @contextmanager
    def enter(self, owner: str = "", wanted: Callable[[], bool] = bool) -> Iterator["Turn"]:
        """Wait for the first turn of a run and have it; what ``wanted`` says while it waits lets it go first."""
        turn = Turn(self, owner, wanted)
        with self._lock:
            self._entered.append(turn)
        try:
            turn.take()
            yield turn
        finally:
            turn.leave()

    def count(self) -> int:
        """How many runs there are, also those that rest."""
        return len(self._entered)

    def queue(self, turn: "Turn") -> None:
        """Let a run wait that comes or comes back; it has had as much as whoever has had least."""
        with self._lock:
            here = [one for one in (*self.waiting, self._holder) if one is not None]
            kin = [one.had for one in here if one.owner == turn.owner]
            others = [self._had[one.owner] for one in here if one.owner != turn.owner]
            turn.had = max(turn.had, min(kin, default=0.0))
            if not kin:
                self._had[turn.owner] = max(self._had.get(turn.owner, 0.0), min(others, default=0.0))
            self.waiting.append(turn)
            if self._holder is None:
                self._next()
            self.hurry = any(one.urgent for one in self.waiting)

    def pass_on(self, turn: "Turn", spent: float, *, stays: bool) -> None:
        """Let the next one compute; it is the same again where that has had least and ``stays``."""
        with self._lock:
            if stays:
                self.waiting.append(turn)
            self._count(turn, spent)
            self._holder = None
            self._next()

    def forget(self, turn: "Turn") -> bool:
        """Take a run out; returns whether it was its turn."""
        with self._lock:
            for place in (self.waiting, self._entered):
                if turn in place:
                    place.remove(turn)
            if all(one.owner != turn.owner for one in self._entered):
                self._had.pop(turn.owner, None)
            return self._holder is turn

    def _count(self, turn: "Turn", spent: float) -> None:
        kin = [one.had for one in self.waiting if one.owner == turn.owner and one is not turn]
        others = [self._had[one.owner] for one in self.waiting if one.owner != turn.owner]
        turn.had = min(turn.had + spent, min(kin, default=float("inf")) + MOST_DEBT)
        if turn.owner in self._had:
            self._had[turn.owner] = min(self._had[turn.owner] + spent, min(others, default=float("inf")) + MOST_DEBT)

    def _next(self) -> None:
        if self.waiting:
            self._holder = min(self.waiting, key=lambda one: (
                not (one.urgent or one.wanted()), self._had.get(one.owner, 0.0), one.had))
            self.waiting.remove(self._holder)
            self._holder.go.set()
        self.hurry = any(one.urgent for one in self.waiting)


class Turn:
    """A run's share of its process: it computes from ``take`` or ``pass_on`` to the next ``pass_on`` or ``rest``.

    ``had`` are its seconds as they count between the runs of its owner; ``urgent`` is one that must not wait.
    """

    def __init__(self, turns: Turns, owner: str, wanted: Callable[[], bool]) -> None:
        self.owner, self.wanted, self.go = owner, wanted, threading.Event()
        self.had, self.urgent = 0.0, True
        self._turns, self._used, self._computes = turns, 0.0, False
        self._since = self._until = 0.0  # when this turn began, by what was computed, and ends, by the clock
        self._random: RandomState = {}

    @property
    def over(self) -> bool:
        """Whether it should pass on now; costs a tenth of a microsecond while nobody waits."""
        turns = self._turns
        return bool(turns.waiting) and (turns.hurry or time.perf_counter() >= self._until)

    def take(self, *, urgent: bool = True) -> None:
        """Wait until it is its turn, unless that is so already; an urgent one waits for one update of another."""
        if not self._computes:
            self.urgent = urgent
            self._turns.queue(self)
            self._wait()

    def pass_on(self) -> None:
        """Let the others compute, and wait until it is its turn again."""
        self._random = _random_state()
        self._stop(stays=True)
        self._wait()

    def rest(self) -> None:
        """Let the others compute until ``take``."""
        if self._computes:
            self._random = _random_state()
            self._stop(stays=False)

    def leave(self) -> None:
        """Be here no longer, whatever it was doing."""
        if self._turns.forget(self):
            self._stop(stays=False)

    def _wait(self) -> None:
        self.go.wait()
        self.go.clear()
        _set_random_state(self._random)
        self._computes, self._since = True, _computed()
        # A new run passes on after its first update, so that many new ones all begin at once.
        self._until = time.perf_counter() + (0.0 if not self._used else min(SLICE, SHORTEST + self._used / 10))
        self.urgent = False

    def _stop(self, *, stays: bool) -> None:
        spent = _computed() - self._since if self._computes else 0.0
        self._computes, self._used = False, self._used + spent
        self._turns.pass_on(self, spent, stays=stays)


def _random_state() -> RandomState:
    """What torch would draw next, on every device that this process uses; takes some microseconds."""
    states = {"cpu": [torch.get_rng_state()]}
    if torch.cuda.is_initialized():
        states["cuda"] = torch.cuda.get_rng_state_all()
    if torch.backends.mps.is_available():
        states["mps"] = [torch.mps.get_rng_state()]
    return states


def _set_random_state(states: RandomState) -> None:
    for state in states.get("cpu", []):
        torch.set_rng_state(state)
    if "cuda" in states:
        torch.cuda.set_rng_state_all(states["cuda"])
    for state in states.get("mps", []):
        torch.mps.set_rng_state(state)


TURNS = Turns()
