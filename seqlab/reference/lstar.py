"""L*: an automaton learned from someone who answers what is possible after a word, and whether a guess is right.

Source: Angluin 1987, "Learning regular sets from queries and counterexamples"; how a counterexample is used: Rivest and
Schapire 1993, "Inference of finite automata using homing sequences".
"""

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from typing import Protocol, runtime_checkable

import numpy as np
from jaxtyping import Bool

from seqlab.reference.automata import NOWHERE, UNKNOWN, Automaton, Word

AT_ONCE = 16  # states whose transitions are asked about together

Search = Callable[[Automaton], Generator[None, None, Word | None]]


@runtime_checkable
class Teacher(Protocol):
    """Someone who knows a language."""

    @property
    def symbols(self) -> int:
        """How many symbols there are."""
        ...

    def rows(self, words: Sequence[Word]) -> Bool[np.ndarray, "word next"]:
        """Say what is possible after words, the end last; nothing after a word that is impossible itself."""
        ...


class Learner:
    """The table of L*: words that lead to states, and endings that tell states apart.

    Two words lead to the same state as long as the same is possible after them and after each ending. ``most`` bounds
    the states: a transition that would lead to one more stays unknown. ``guess`` is the automaton of the table when all
    its states had their transitions last.
    """

    def __init__(self, teacher: Teacher, most: int) -> None:
        self.teacher, self.most = teacher, most
        self.endings: list[Word] = [()]
        self.access: list[Word] = [()]
        self._rows: dict[Word, bytes] = {}
        self.guess = self.automaton()

    @property
    def asked(self) -> int:
        """How many words the teacher was asked about."""
        return len(self._rows)

    @property
    def full(self) -> bool:
        """Whether there are as many states as there may be."""
        return len(self.access) >= self.most

    def row(self, word: Word) -> Bool[np.ndarray, " next"]:
        """Say what is possible after a word."""
        self._ask([word])
        return np.frombuffer(self._rows[word], bool)

    def close(self) -> Iterator[None]:
        """Give every state its transitions, making new states until each leads to one; yields after every few."""
        self._ask([word + ending for word in self.access for ending in self.endings])
        known, done = {self._signature(word) for word in self.access}, 0
        while done < len(self.access):  # which grows meanwhile
            onward = [longer for word in self.access[done:done + AT_ONCE] for longer in self._onward(word)]
            done = min(done + AT_ONCE, len(self.access))
            self._ask([longer + ending for longer in onward for ending in self.endings])
            for longer in onward:
                if not self.full and self._signature(longer) not in known:
                    known.add(self._signature(longer))
                    self.access.append(longer)
            yield
        self.guess = self.automaton()

    def automaton(self) -> Automaton:
        """Read the automaton off the table as it is; what was not asked yet is unknown."""
        self._ask(self.access)
        states = {self._signature(word): state for state, word in enumerate(self.access)}
        following = np.full((len(self.access), self.teacher.symbols), NOWHERE)
        for state, word in enumerate(self.access):
            for longer in self._onward(word):
                following[state, longer[-1]] = states.get(self._signature(longer), UNKNOWN)
        return Automaton(following, np.array([bool(self.row(word)[-1]) for word in self.access]))

    def differs(self, automaton: Automaton, word: Word) -> bool:
        """Whether an automaton says otherwise than the teacher; not where the automaton knows nothing."""
        says = guessed(automaton, word)
        return says is not None and bool((says != self.row(word)).any())

    def parting(self, one: int, other: int) -> Word:
        """Give an ending that tells two states of the table's automaton apart."""
        return next(ending for ending in self.endings
                    if self._rows[self.access[one] + ending] != self._rows[self.access[other] + ending])

    def refine(self, automaton: Automaton, word: Word) -> None:
        """Learn from a word at which the automaton is wrong: one ending more, which parts a state in two.

        γ(i) is what is possible after the state that the first i symbols lead to, followed by the others. It is right
        for i = 0 and wrong at the end, so somewhere it changes; a binary search finds such a place. Raises ValueError
        for a word at which the table's automaton is right.
        """
        right, low, high = self.row(word), 0, len(word)
        while high - low > 1:
            middle = (low + high) // 2
            state = automaton.follow(word[:middle])
            beside = np.zeros_like(right) if state is None else self.row(self.access[state] + word[middle:])
            low, high = (middle, high) if (beside == right).all() else (low, middle)
        if word[high:] in self.endings:
            raise ValueError("at this word the table's automaton is right")
        self.endings.append(word[high:])

    def _onward(self, word: Word) -> list[Word]:
        return [(*word, symbol) for symbol in np.flatnonzero(self.row(word)[:-1]).tolist()]

    def _signature(self, word: Word) -> bytes:
        return b"|".join(self._rows.get(word + ending, b"?") for ending in self.endings)

    def _ask(self, words: Iterable[Word]) -> None:
        fresh = list(dict.fromkeys(word for word in words if word not in self._rows))
        if fresh:
            self._rows |= zip(fresh, (row.tobytes() for row in self.teacher.rows(fresh)), strict=True)


def guessed(automaton: Automaton, word: Word) -> Bool[np.ndarray, " next"] | None:
    """What an automaton says is possible after a word; None where it does not know where the word leads."""
    state = 0
    for symbol in word:
        state = int(automaton.next[state, symbol])
        if state == NOWHERE:
            return np.zeros(automaton.next.shape[1] + 1, bool)
        if state == UNKNOWN:
            return None
    return automaton.possible(state)


def learning(learner: Learner, search: Search) -> Iterator[None]:
    """Guess, search for a counterexample and learn from it, until there is none; yields often, and may be left there.

    ``search`` looks for a word at which an automaton is wrong, and yields often too.
    """
    while True:
        yield from learner.close()
        word = yield from search(learner.guess)
        if word is None:
            return
        while learner.differs(learner.guess, word):
            learner.refine(learner.guess, word)
            yield from learner.close()


def learned(teacher: Teacher, search: Search, most: int) -> Automaton:
    """Learn to the end, with at most so many states."""
    learner = Learner(teacher, most)
    for _ in learning(learner, search):
        pass
    return learner.guess
