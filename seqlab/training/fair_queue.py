"""Runs that wait for a worker: owners are served in turn, and each owner's runs in the order they came."""

from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from seqlab.training import owner as owners
from seqlab.training.run import Run

MANY = 1000  # more than ever train together


class FairQueue:
    """The next run is of the owner who has least in training; among equals, of who has waited longest for a turn.

    ``at_once`` says how many an owner may have in training (None: as many as there are places); the others wait.
    """

    def __init__(self, at_once: Callable[[str], int | None] = lambda owner: None) -> None:
        self.at_once = at_once
        self._waiting: dict[str, deque[Run]] = {}
        self._served: dict[str, int] = {}
        self._turn = 0
        self._groups: dict[str, frozenset[str]] = {}
        self._gathered: set[str] | None = None

    def __iter__(self) -> Iterator[Run]:
        return (run for runs in self._waiting.values() for run in runs)

    def put(self, run: Run, *, front: bool = False) -> None:
        """Let a run wait behind those of its owner, or in ``front`` of them."""
        runs = self._waiting.setdefault(owners.of(run.path).id, deque())
        if self._gathered is not None:
            self._gathered.add(run.id)
        if front:
            runs.appendleft(run)
        else:
            runs.append(run)

    def put_back(self, runs: Sequence[Run]) -> None:
        """Let runs wait in front of all others of their owners, in this order."""
        for run in reversed(runs):
            self.put(run, front=True)

    def take(self, training: Mapping[str, int]) -> tuple[Run, str] | None:
        """Take the next run and its owner, who may be in training so many times already; None where none may begin."""
        may = [owner for owner in self._waiting
               if (most := self.at_once(owner)) is None or training.get(owner, 0) < most]
        if not may:
            return None
        owner = self._first(may, training)
        run = self._waiting[owner].popleft()
        if not self._waiting[owner]:
            del self._waiting[owner]
        self._turn += 1
        self._served.pop(owner, None)
        self._served[owner] = self._turn
        while len(self._served) > MANY:  # who is left out was served before all others, and is first again
            del self._served[next(iter(self._served))]
        return run, owner

    def take_group(self, training: Mapping[str, int]) -> tuple[list[Run], str] | None:
        """Take the next run, and those of its group that wait still, as far as their owner may have so many."""
        if self._gathered is not None or (taken := self.take(training)) is None:
            return None
        run, owner = taken
        most = self.at_once(owner)
        places = MANY if most is None else most - training.get(owner, 0) - 1
        ids, waiting = self._groups.pop(run.id, frozenset()), self._waiting.get(owner, deque())
        others = [one for one in waiting if one.id in ids][:places]
        for one in others:
            self._groups.pop(one.id, None)
        self._waiting[owner] = deque(one for one in waiting if one not in others)
        if not self._waiting[owner]:
            del self._waiting[owner]
        return [run, *others], owner

    @contextmanager
    def gather(self) -> Iterator[None]:
        """Have the runs that are put here meanwhile, all of one owner, taken together; until then none is taken."""
        self._gathered = set()
        try:
            yield
        finally:
            self._groups |= dict.fromkeys(self._gathered, frozenset(self._gathered))
            self._gathered = None

    def order(self, training: Mapping[str, int]) -> list[tuple[Run, str]]:
        """All that wait and their owners, in the order in which they would begin."""
        left, counts, order = {owner: list(runs) for owner, runs in self._waiting.items()}, Counter(training), []
        while left:
            owner = self._first(list(left), counts)
            order.append((left[owner].pop(0), owner))
            counts[owner] += 1
            if not left[owner]:
                del left[owner]
        return order

    def clear(self) -> None:
        """Let nothing wait any more."""
        self._groups.clear()
        self._waiting.clear()

    def _first(self, owners: list[str], training: Mapping[str, int]) -> str:
        return min(owners, key=lambda owner: (training.get(owner, 0), self._served.get(owner, 0)))
