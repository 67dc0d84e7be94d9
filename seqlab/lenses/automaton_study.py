"""What L* has learned so far of one network and of its grammar: the network is asked in NumPy, bit by bit."""

import time
from collections.abc import Callable, Generator, Iterator, Sequence

import numpy as np

from seqlab.data.grammar.machine import GrammarMachine, begin_truth, exact
from seqlab.reference.abstraction import Walk
from seqlab.reference.automata import Automaton, Word, deepest, difference, minimal, right_to_depth, wandering
from seqlab.reference.lstar import Learner, learning
from seqlab.reference.membership import NetworkTeacher, first_wrong
from seqlab.training.answers import LearnedAutomaton
from seqlab.training.run import Run

MOST_STATES, MOST_TRUE, MOST_LENGTH, MOST_ASKED = 200, 60, 200, 200_000
DRAWN, WANDERING = 600, 200  # strings of the language, and words of the automaton, to find counterexamples among
FRESH, PORTION = 10_000, 250  # strings on which the agreement is measured
OPEN, CLOSE = "([{<", ")]}>"


class Study:
    """One network, its grammar, and what L* has learned of both so far."""

    def __init__(self, run: Run, step: int, threshold: float, seconds: float) -> None:
        self.run, self.config = run, run.config.task_config
        self.seconds, self.spent = seconds, 0.0
        self.teacher = teacher(run, step, threshold)
        self.machine = GrammarMachine(self.config.language)
        self.learner = Learner(self.teacher, MOST_STATES)
        self.truth, self.truth_steps = begin_truth(self.machine, MOST_TRUE)
        reach = run.config.network.reach
        longest = MOST_LENGTH if reach is None else min(MOST_LENGTH, reach - 1)
        self.walk = Walk(self.learner, self.teacher.states, longest) if run.core.state else None
        self.longest = longest
        self.sure = self.over = self.exact = False
        self.agreed = self.fresh = self.counterexamples = 0
        self.depth: int | None = None
        self._rng = np.random.default_rng((self.config.seed, 8))
        self._work = self._all()

    def work(self, moment: float) -> None:
        """Go on for a moment."""
        begun = time.monotonic()
        while not self.over and time.monotonic() - begun < moment:
            self.over = next(self._work, True) is True
        self.spent += time.monotonic() - begun

    def _all(self) -> Iterator[None]:
        """Learn the grammar's automaton, then the network's, then see how well it does on fresh strings."""
        yield from _within(self.truth_steps, lambda: self.spent > self.seconds / 4)
        self.exact = exact(self.machine, self.truth.guess)
        self._drawn = self._words(self._rng, DRAWN)
        self._rows = self.teacher.along(self._drawn)
        yield
        self.sure = yield from _within(learning(self.learner, self._search), lambda: (
            self.spent > self.seconds or self.learner.asked > MOST_ASKED))
        yield from _within(self._measured(), lambda: self.spent > 1.5 * self.seconds)
        self.depth = self._depth()

    def _measured(self) -> Iterator[None]:
        """Count the fresh strings on which the automaton says what the network says, at every place."""
        automaton, rng = self.learner.guess, np.random.default_rng((self.config.seed, 9))
        right = dict[Word, bool]()  # the same short strings are drawn again and again
        while self.fresh < FRESH:
            words = self._words(rng, PORTION)
            new = list({word for word in words if word not in right})
            right |= {word: first_wrong(row, automaton, word) is None
                      for word, row in zip(new, self.teacher.along(new) if new else (), strict=True)}
            self.agreed += sum(right[word] for word in words)
            self.fresh += PORTION
            yield

    def _search(self, automaton: Automaton) -> Generator[None, None, Word | None]:
        """Look for a word at which the automaton is not what the network says, first where it costs least."""
        yield
        word = self._among(automaton, self._drawn, self._rows)
        if word is None:
            word = yield from self._against_truth(automaton)
        if word is None:
            wandered = wandering(automaton, self._rng, WANDERING, self.longest)
            word = self._among(automaton, wandered, self.teacher.along(wandered))
        if word is None and self.walk is not None:
            word = yield from self.walk.search(automaton)
        self.counterexamples += word is not None
        return word

    def _among(self, automaton: Automaton, words: Sequence[Word], rows: Sequence[np.ndarray]) -> Word | None:
        """Give the shortest beginning of words at which the automaton is wrong."""
        wrong = [word[:place] for word, row in zip(words, rows, strict=True)
                 if (place := first_wrong(row, automaton, word)) is not None]
        return min((word for word in wrong if self.learner.differs(automaton, word)), key=len, default=None)

    def _against_truth(self, automaton: Automaton) -> Generator[None, None, Word | None]:
        """Where the two automata differ, ask both the network and the grammar, until they do differ there."""
        while (word := difference(automaton, self.truth.guess).word) is not None:
            if self.learner.differs(automaton, word):
                return word
            guess = self.truth.guess
            if not self.truth.differs(guess, word):
                return None
            self.truth.refine(guess, word)
            for _ in self.truth.close():
                yield
        return None

    def _words(self, rng: np.random.Generator, count: int) -> list[Word]:
        """Draw strings of the language, and change one token in every other one."""
        words = []
        for place, word in enumerate(drawn(self.run, rng, count, self.longest)):
            spoilt = list(word)
            if place % 2 and word:
                spoilt[rng.integers(len(word))] = int(rng.integers(self.machine.symbols))
            words.append(tuple(spoilt))
        return words

    def stands(self) -> LearnedAutomaton:
        """Say what is known by now."""
        automaton, truth, walk = minimal(self.learner.guess), minimal(self.truth.guess), self.walk
        compared = difference(automaton, truth)
        word = compared.word
        settled = word is None or not (self.learner.differs(self.learner.guess, word)
                                       or self.truth.differs(self.truth.guess, word))
        return LearnedAutomaton(
            automaton=automaton, truth=truth, exact=self.exact, over=self.over, sure=self.sure, share=self._share(),
            seconds=self.spent, asked=self.learner.asked, counterexamples=self.counterexamples,
            regions=None if walk is None else walk.regions, cut=walk is not None and walk.cut, full=self.learner.full,
            compared=compared, settled=settled, depth=self.depth, agreed=self.agreed,
            fresh=self.fresh, longest=self.longest)

    def _depth(self) -> int | None:
        """Up to how many open brackets the network's automaton is right; None in a language that is whole or has none.

        It is compared with the grammar's automaton as deep as that has states, and then with the grammar itself.
        """
        change = [(token in OPEN) - (token in CLOSE) for token in self.config.language.tokens]
        if self.exact or not any(change):
            return None
        known = max(deepest(word, change) for word in self.truth.access) - 1
        depth = right_to_depth(self.learner.guess, self.truth.guess, change, max(0, known))
        words = wandering(self.learner.guess, self._rng, WANDERING, self.longest)
        for word, rows in zip(words, self.machine.along(words), strict=True):
            wrong = first_wrong(rows, self.learner.guess, word)
            if wrong is not None:
                depth = min(depth, max(0, deepest(word[:wrong], change) - 1))
        return depth

    def _share(self) -> float:
        """How much of the work is done, 0 … 1: learning counts by its time, then the fresh strings."""
        learning_share = 1.0 if self.fresh or self.sure else min(1.0, self.spent / self.seconds)
        return 1.0 if self.over else 0.8 * learning_share + 0.2 * self.fresh / FRESH


def _within(steps: Iterator[None], late: Callable[[], bool]) -> Generator[None, None, bool]:
    """Go on step by step until there is none left (True) or it is late (False)."""
    for _ in steps:
        yield
        if late():
            return False
    return True


def drawn(run: Run, rng: np.random.Generator, count: int, longest: int) -> list[Word]:
    """Draw strings of a run's language, as words of its tokens' places; none longer than those of its training."""
    config = run.config.task_config
    places = {token: place for place, token in enumerate(config.language.tokens)}
    longest = min(longest, config.longest)
    return [tuple(places[token] for token in string) for string in config.language.draw(rng, count, longest)]


def teacher(run: Run, step: int, threshold: float, dtype: str = "float32") -> NetworkTeacher:
    """Make a snapshot of a run answer what is possible after words of its grammar's tokens."""
    alphabet, tokens = run.config.task_config.alphabet, run.config.task_config.language.tokens
    ids = np.array([*(alphabet.places[token] for token in tokens), alphabet.end])
    return NetworkTeacher(run.core, run.weights(step, dtype), alphabet.begin, ids, threshold,
                          run.config.network.pooling)


