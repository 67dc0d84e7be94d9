"""Is an automaton what a network learned? Its states are parted into regions, and both are walked side by side.

Source: Weiss, Goldberg and Yahav 2018, "Extracting automata from recurrent neural networks using queries and
counterexamples". Regions that hold states of two kinds are parted by the plane midway between two of them, where the
authors fit a support vector machine.
"""

from collections import deque
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Float

from seqlab.reference.automata import Automaton, Word
from seqlab.reference.lstar import Learner

FIRST_UNITS = 10  # that the first split cuts in two at once
MOST_REGIONS = 2_000

Region = tuple[int, ...]
States = Callable[[Sequence[Word]], Float[np.ndarray, "word unit"]]


@dataclass
class Partition:
    """Regions of the space of states: one at first, then as many as there was need to part."""

    units: list[int] = field(default_factory=list)
    middle: list[float] = field(default_factory=list)
    planes: dict[Region, tuple[Float[np.ndarray, " unit"], float]] = field(default_factory=dict)

    @property
    def parted(self) -> int:
        """How often a region was parted."""
        return len(self.planes) + bool(self.units)

    def region(self, state: Float[np.ndarray, " unit"]) -> Region:
        """Name the region in which a state lies."""
        name: Region = tuple((state[self.units] > self.middle).astype(int).tolist())
        while name in self.planes:
            across, offset = self.planes[name]
            name = (*name, int(state @ across > offset))
        return name

    def part(self, one: Float[np.ndarray, " unit"], other: Float[np.ndarray, " unit"]) -> None:
        """Put two states of one region into two: the first time by the units in which they differ most."""
        if not self.units:
            gap = np.abs(one - other)
            self.units = np.argsort(-gap, kind="stable")[:FIRST_UNITS].tolist()
            self.middle = ((one + other) / 2)[self.units].tolist()
        else:
            across = one - other
            self.planes[self.region(one)] = across, float(across @ (one + other) / 2)


@dataclass
class Walk:
    """A walk through the regions beside an automaton; ``longest`` bounds its words."""

    learner: Learner
    states: States
    longest: int
    partition: Partition = field(default_factory=Partition)
    regions: int = 0
    cut: bool = False

    def search(self, automaton: Automaton) -> Generator[None, None, Word | None]:
        """Look for a word at which the automaton is wrong, parting regions on the way; yields after each region."""
        parted = -1
        while parted != self.parted:  # until nothing is parted on a whole walk
            parted = self.parted
            word = yield from self._walk(automaton)
            if word is not None:
                return word
        return None

    @property
    def parted(self) -> int:
        """How often a region was parted."""
        return self.partition.parted

    def _walk(self, automaton: Automaton) -> Generator[None, None, Word | None]:
        """Go through the regions breadth first, to the first counterexample."""
        begin = _Arrival((), 0, self.states([()])[0])
        seen, queue, self.cut = {self.partition.region(begin.vector): begin}, deque([begin]), False
        while queue:
            at = queue.popleft()
            self.regions = len(seen)
            yield
            if self.learner.differs(automaton, at.word):
                return at.word
            symbols = np.flatnonzero(automaton.next[at.state] >= 0).tolist()
            if symbols and (len(at.word) >= self.longest or len(seen) >= MOST_REGIONS):
                self.cut = True
                continue
            words = [(*at.word, symbol) for symbol in symbols]
            for word, vector in zip(words, self.states(words) if words else (), strict=True):
                new = _Arrival(word, int(automaton.next[at.state, word[-1]]), vector)
                region = self.partition.region(vector)
                if (wrong := self._conflict(automaton, seen.get(region), new)) is not None:
                    return wrong
                region = self.partition.region(vector)  # it may have been parted
                if region not in seen:
                    seen[region] = new
                    queue.append(new)
        return None

    def _conflict(self, automaton: Automaton, first: "_Arrival | None", new: "_Arrival") -> Word | None:
        """Of two states in one region that are two for the automaton, one refutes it, or the region is parted."""
        if first is None or first.state == new.state or (first.vector == new.vector).all():
            return None
        ending = self.learner.parting(first.state, new.state)
        for word in (first.word + ending, new.word + ending):
            if self.learner.differs(automaton, word):
                return word
        self.partition.part(first.vector, new.vector)
        return None


@dataclass(frozen=True)
class _Arrival:
    """A word, the automaton's state after it, and the network's."""

    word: Word
    state: int
    vector: Float[np.ndarray, " unit"]
