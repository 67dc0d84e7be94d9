"""A grammar as a machine: a state for each column of its parser, of which there may be infinitely many."""

from collections.abc import Generator, Iterator, Sequence

import numpy as np
from jaxtyping import Bool

from seqlab.data.grammar.earley import Column
from seqlab.data.grammar.grammar import Grammar
from seqlab.reference.automata import Automaton, Word, difference, wandering
from seqlab.reference.lstar import Learner, learning
from seqlab.reference.membership import first_wrong

PAIRS, WANDERING = 500, 100  # pairs of a state and a column, and words, that are searched for a difference

MOST_COLUMNS = 3_000  # of a language that is gone through whole


class GrammarMachine:
    """What a grammar says may come next after words of its tokens, named by their places in the alphabet."""

    def __init__(self, grammar: Grammar) -> None:
        self.grammar = grammar

    @property
    def symbols(self) -> int:
        """How many tokens there are."""
        return len(self.grammar.tokens)

    @property
    def start(self) -> Column:
        """The column before any token."""
        return self.grammar.chart.start

    def possible(self, state: Column) -> Bool[np.ndarray, " next"]:
        """Which tokens may come next; the last entry is the end."""
        return np.asarray(state.row > 0)

    def after(self, state: Column, symbol: int) -> Column | None:
        """Read a token that is possible. Raises Fault where the grammar is far too ambiguous."""
        return self.grammar.chart.step(state, self.grammar.tokens[symbol])

    def rows(self, words: Sequence[Word]) -> Bool[np.ndarray, "word next"]:
        """Say what is possible after words; nothing after one that is impossible itself. Raises Fault as ``after``."""
        return np.array([row[-1] for row in self.along(words)]).reshape(len(words), self.symbols + 1)

    def along(self, words: Sequence[Word]) -> list[Bool[np.ndarray, "time next"]]:
        """Say what is possible after each beginning of words, the empty one and the whole among them."""
        parts = []
        for word in words:
            rows, column = np.zeros((len(word) + 1, self.symbols + 1), bool), self.grammar.chart.start
            rows[0] = self.possible(column)
            for time, symbol in enumerate(word):
                after = self.after(column, symbol)
                if after is None:
                    break
                rows[time + 1], column = self.possible(after), after
            parts.append(rows)
        return parts


def exact(machine: GrammarMachine, automaton: Automaton) -> bool:
    """Whether an automaton is a grammar's whole language: all pairs of a state and a column were gone through."""
    compared = difference(automaton, machine, most=MOST_COLUMNS)
    return compared.word is None and compared.complete


def begin_truth(machine: GrammarMachine, most: int) -> tuple[Learner, Iterator[None]]:
    """Learn a grammar's automaton by L*, with at most so many states; the iterator does it bit by bit.

    Its columns are searched for a difference as far as ``PAIRS`` go, and long words are tried; so a language that is
    not regular is learned up to some depth, and what lies behind its states is unknown.
    """
    learner, rng = Learner(machine, most), np.random.default_rng(0)

    def search(automaton: Automaton) -> Generator[None, None, Word | None]:
        yield
        word = difference(automaton, machine, most=PAIRS).word
        if word is not None:
            return word
        words = wandering(automaton, rng, WANDERING, 4 * most)
        for tried, rows in zip(words, machine.along(words), strict=True):
            wrong = first_wrong(rows, automaton, tried)
            if wrong is not None and learner.differs(automaton, tried[:wrong]):
                return tried[:wrong]
        return None

    return learner, learning(learner, search)
