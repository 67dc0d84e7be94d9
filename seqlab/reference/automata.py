"""Finite automata of what may come next: walked, made minimal, and compared with one another.

A word is a sequence of symbols, named by numbers from 0 on. After a word some symbols are possible, and perhaps the
end; two machines are the same language where that agrees after every possible word.
"""

from collections import deque
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, TypeVar, runtime_checkable

import numpy as np
from jaxtyping import Bool, Int

NOWHERE, UNKNOWN = -1, -2  # of a transition: the symbol is impossible; it is possible and nobody followed it
CHANGE = 0.15  # probability that a wandering word prefers other symbols from here on
MOST_PAIRS = 20_000  # pairs of states that a comparison goes through

Word = tuple[int, ...]
S = TypeVar("S", bound=Hashable)
R = TypeVar("R", bound=Hashable)


@runtime_checkable
class Machine(Protocol[S]):
    """Anything with states that says what may come next: an automaton, or a grammar that is read as far as needed."""

    @property
    def start(self) -> S:
        """The state before any symbol."""
        ...

    def possible(self, state: S) -> Bool[np.ndarray, " next"]:
        """Which symbols may come next in a state; the last entry is the end."""
        ...

    def after(self, state: S, symbol: int) -> S | None:
        """Follow a possible symbol; None where nobody knows where it leads."""
        ...


@dataclass(frozen=True)
class Automaton:
    """A deterministic automaton; state 0 is the start, and a symbol without a transition is impossible.

    ``next`` holds the state after each symbol, ``NOWHERE`` or ``UNKNOWN``; ``ends`` says where the end is possible.
    """

    next: Int[np.ndarray, "state symbol"]
    ends: Bool[np.ndarray, " state"]

    @property
    def start(self) -> int:
        """The state before any symbol."""
        return 0

    def __len__(self) -> int:
        return len(self.ends)

    @cached_property
    def table(self) -> Bool[np.ndarray, "state next"]:
        """Which symbols may come next in each state; the last column is the end."""
        return np.column_stack([self.next != NOWHERE, self.ends])

    def possible(self, state: int) -> Bool[np.ndarray, " next"]:
        """Which symbols may come next in a state; the last entry is the end."""
        return np.asarray(self.table[state])

    def after(self, state: int, symbol: int) -> int | None:
        """Follow a possible symbol; None where nobody knows where it leads."""
        target = int(self.next[state, symbol])
        return None if target < 0 else target

    def follow(self, word: Word) -> int | None:
        """Give the state after a word; None where a symbol is impossible or leads nobody knows where."""
        state = 0
        for symbol in word:
            state = int(self.next[state, symbol])
            if state < 0:
                return None
        return state

    def access(self) -> list[Word]:
        """Give a shortest word that leads to each state, all states being reachable."""
        words: dict[int, Word] = {0: ()}
        for state, symbol, target in _breadth_first(self):
            words.setdefault(target, (*words[state], symbol))
        return [words[state] for state in range(len(self))]

    @property
    def complete(self) -> bool:
        """Whether every transition is known."""
        return not (self.next == UNKNOWN).any()

    def same(self, other: "Automaton") -> bool:
        """Whether two minimal automata are the same but for the names of their states; both are numbered alike."""
        return (self.next.shape == other.next.shape and bool((self.next == other.next).all())
                and bool((self.ends == other.ends).all()))


@dataclass(frozen=True)
class Comparison:
    """What a search for a difference came to.

    ``word`` is a shortest one after which the two differ, with what each has possible then (``first``, ``second``);
    None where there is none, up to the pairs of states that were looked at: all there are if ``complete``.
    """

    word: Word | None
    first: Bool[np.ndarray, " next"] | None
    second: Bool[np.ndarray, " next"] | None
    complete: bool
    pairs: int


def minimal(automaton: Automaton) -> Automaton:
    """Merge the states after which the same words are possible, drop those nobody reaches, and number breadth first.

    Moore 1956, "Gedanken-experiments on sequential machines": states that differ in what is possible differ, and so do
    those that a symbol leads to states that differ, until nothing new differs.
    """
    blocks = np.column_stack([automaton.next >= 0, automaton.next == UNKNOWN, automaton.ends]).astype(np.int64)
    block = _numbered(blocks)
    while True:
        targets = np.where(automaton.next >= 0, block[np.maximum(automaton.next, 0)], automaton.next)
        finer = _numbered(np.column_stack([block, targets]))
        if finer.max() == block.max():
            return _renumbered(automaton, finer)
        block = finer


def reached(automaton: Automaton) -> Automaton:
    """Drop the states that no word leads to, and number the others breadth first."""
    return _renumbered(automaton, np.arange(len(automaton)))


def _numbered(rows: Int[np.ndarray, "state feature"]) -> Int[np.ndarray, " state"]:
    return np.asarray(np.unique(rows, axis=0, return_inverse=True)[1]).reshape(-1)


def _renumbered(automaton: Automaton, block: Int[np.ndarray, " state"]) -> Automaton:
    member = {int(one): state for state, one in reversed(list(enumerate(block.tolist())))}
    order, queue = {int(block[0]): 0}, deque([int(block[0])])
    while queue:
        for target in automaton.next[member[queue.popleft()]]:
            if target >= 0 and (name := int(block[target])) not in order:
                order[name] = len(order)
                queue.append(name)
    states = [member[name] for name in order]
    names = np.array([order.get(name, 0) for name in range(int(block.max()) + 1)])
    following = automaton.next[states]
    targets = names[block[np.maximum(following, 0)]]
    return Automaton(np.where(following >= 0, targets, following), automaton.ends[states])


def explored(machine: Machine[S], symbols: int, most: int) -> Automaton:
    """Write down the first ``most`` states of a machine, breadth first; what lies behind is ``UNKNOWN``."""
    places, states = {machine.start: 0}, [machine.start]
    rows: list[list[int]] = []
    ends: list[bool] = []
    for state in states:  # grows meanwhile
        possible = machine.possible(state)
        ends.append(bool(possible[-1]))
        row = [NOWHERE] * symbols
        for symbol in np.flatnonzero(possible[:-1]).tolist():
            target = machine.after(state, symbol)
            if target is not None and target not in places and len(states) < most:
                places[target] = len(states)
                states.append(target)
            row[symbol] = UNKNOWN if target is None else places.get(target, UNKNOWN)
        rows.append(row)
    return Automaton(np.array(rows), np.array(ends))


def difference(one: Machine[R], other: Machine[S], change: Sequence[int] = (), depth: int | None = None,
               most: int = MOST_PAIRS) -> Comparison:
    """Find a shortest word after which two machines differ in what is possible, by going through pairs of states.

    ``change`` says what each symbol adds to the depth, and only words that never go deeper than ``depth`` are
    followed. Hopcroft and Karp 1971 for the idea; breadth first, so that the word is a shortest one.
    """
    begin = (one.start, other.start, 0)
    seen, complete = {begin}, True
    queue: deque[tuple[tuple[R, S, int], Word]] = deque([(begin, ())])
    while queue:
        (left, right, level), word = queue.popleft()
        first, second = one.possible(left), other.possible(right)
        if (first != second).any():
            return Comparison(word, first, second, complete, len(seen))
        for symbol in np.flatnonzero(first[:-1]).tolist():
            deeper = level + change[symbol] if depth is not None else 0
            if depth is not None and deeper > depth:
                continue
            after, beside = one.after(left, symbol), other.after(right, symbol)
            if after is None or beside is None or len(seen) >= most:
                complete = False
            elif (pair := (after, beside, deeper)) not in seen:
                seen.add(pair)
                queue.append((pair, (*word, symbol)))
    return Comparison(None, None, None, complete, len(seen))


def right_to_depth(one: Machine[R], other: Machine[S], change: Sequence[int], most: int) -> int:
    """Give the depth up to which two machines agree after every word that never goes deeper; at most ``most``."""
    for depth in range(1, most + 1):
        if difference(one, other, change, depth).word is not None:
            return depth - 1
    return most


def deepest(word: Word, change: Sequence[int]) -> int:
    """Give the greatest depth along a word; ``change`` says what each symbol adds."""
    return int(max(np.cumsum([0, *(change[symbol] for symbol in word)])))


def wandering(automaton: Automaton, rng: np.random.Generator, count: int, longest: int) -> list[Word]:
    """Draw words that an automaton allows: each prefers some symbols to others, and changes its mind now and then.

    So they hold long runs of one symbol, which drawn strings of a language hardly have.
    """
    words = []
    for length in rng.integers(1, longest + 1, count).tolist():
        state, word, taste = 0, list[int](), rng.permutation(automaton.next.shape[1])
        for changes in (rng.random(length) < CHANGE).tolist():
            taste = rng.permutation(taste) if changes else taste
            allowed = taste[automaton.next[state, taste] >= 0]
            if not len(allowed):
                break
            word.append(int(allowed[0]))
            state = int(automaton.next[state, word[-1]])
        words.append(tuple(word))
    return words


def _breadth_first(automaton: Automaton) -> Iterator[tuple[int, int, int]]:
    """Go through the known transitions from the start on: state, symbol, target."""
    seen, queue = {0}, deque([0])
    while queue:
        state = queue.popleft()
        for symbol in np.flatnonzero(automaton.next[state] >= 0).tolist():
            target = int(automaton.next[state, symbol])
            yield state, symbol, target
            if target not in seen:
                seen.add(target)
                queue.append(target)
