"""Automata: made minimal, compared, learned from a teacher, refuted by regions of states, and read off clusters."""

from collections.abc import Generator, Sequence
from itertools import product

import numpy as np
import pytest

from seqlab.data.grammar import BUILT_IN, read
from seqlab.data.grammar.machine import GrammarMachine, begin_truth, exact
from seqlab.reference.abstraction import Walk
from seqlab.reference.automata import (
    NOWHERE,
    Automaton,
    Word,
    deepest,
    difference,
    explored,
    minimal,
    right_to_depth,
    wandering,
)
from seqlab.reference.clustering import Passage, clustered
from seqlab.reference.lstar import Learner, Search, guessed, learned, learning
from seqlab.reference.membership import first_wrong


def drawn_automaton(seed: int, states: int = 9, symbols: int = 3) -> Automaton:
    """A random automaton all of whose states are reached."""
    rng = np.random.default_rng(seed)
    following = rng.integers(0, states, (states, symbols))
    following[rng.random(following.shape) < 0.3] = NOWHERE
    following[np.arange(states - 1), rng.integers(0, symbols, states - 1)] = np.arange(1, states)
    return Automaton(following, rng.random(states) < 0.4)


class Told:
    """A teacher that knows an automaton, and whose state is that automaton's with some noise around it."""

    def __init__(self, automaton: Automaton) -> None:
        self.automaton, self.symbols = automaton, automaton.next.shape[1]

    def rows(self, words: Sequence[Word]) -> np.ndarray:
        return np.array([guessed(self.automaton, word) for word in words])

    def states(self, words: Sequence[Word]) -> np.ndarray:
        spots = np.random.default_rng(1).normal(size=(len(self.automaton), 12))
        noise = [np.random.default_rng((len(word), *word)).normal(size=12) for word in words]
        return np.array([spots[self.automaton.follow(word)] for word in words]) + 0.01 * np.array(noise)


def search_in(known: Automaton) -> Search:
    def search(automaton: Automaton) -> Generator[None, None, Word | None]:
        yield
        return difference(automaton, known).word
    return search


@pytest.mark.parametrize("seed", range(6))
def test_l_star_learns_exactly_what_the_teacher_knows(seed: int) -> None:
    known = drawn_automaton(seed)
    result = learned(Told(known), search_in(known), 50)
    assert minimal(result).same(minimal(known))
    few = learned(Told(known), search_in(known), 3)
    assert len(few) == 3
    assert not few.complete
    for word in wandering(few, np.random.default_rng(seed), 20, 12):
        assert (guessed(few, word) == guessed(known, word)).all()


def test_a_difference_is_a_shortest_word_and_none_where_there_is_none() -> None:
    one = minimal(drawn_automaton(3))
    other_copy = np.where(one.next < 0, one.next, one.next + len(one) * (np.arange(len(one)) % 2)[:, None])
    twice = Automaton(np.concatenate([other_copy, one.next]), np.concatenate([one.ends, one.ends]))
    assert minimal(twice).same(one)
    compared = difference(one, twice)
    assert (compared.word, compared.complete) == (None, True)
    other = Automaton(one.next, one.ends ^ (np.arange(len(one)) == len(one) - 1))
    compared = difference(one, other)
    assert compared.word is not None
    lengths = [len(word) for count in range(len(compared.word) + 1) for word in product(range(3), repeat=count)
               if (guessed(one, word) != guessed(other, word)).any()]
    assert min(lengths) == len(compared.word)
    assert compared.first[-1] != compared.second[-1]
    assert first_wrong(np.array([guessed(other, compared.word[:n]) for n in range(len(compared.word) + 1)]), one,
                       compared.word) == len(compared.word)


def test_grammars_are_learned_whole_or_as_deep_as_there_are_states() -> None:
    ndfa, brackets = (GrammarMachine(read(BUILT_IN[name])) for name in ("ndfa", "brackets"))
    learner, steps = begin_truth(ndfa, 60)
    assert list(steps)
    assert len(learner.guess) == 15
    assert exact(ndfa, learner.guess)
    assert minimal(explored(ndfa, ndfa.symbols, 60)).same(minimal(learner.guess))
    learner, steps = begin_truth(brackets, 9)
    assert list(steps)
    assert not exact(brackets, learner.guess)
    change = [1 if token == "(" else -1 for token in brackets.grammar.tokens]
    assert max(deepest(word, change) for word in learner.guess.access()) == 7
    assert right_to_depth(counter(4), learner.guess, change, 9) == 4


def counter(most: int) -> Automaton:
    """Brackets that are counted up to ``most``; more of them look like as many."""
    following = np.full((most + 2, 2), NOWHERE)
    following[:most + 1, 0] = [*range(1, most + 1), most]
    following[2:most + 1, 1] = range(1, most)
    following[1, 1] = most + 1
    return Automaton(following, np.arange(most + 2) == most + 1)


def test_regions_refute_a_wrong_automaton_and_let_a_right_one_stand() -> None:
    teacher = Told(counter(6))
    learner = Learner(teacher, 40)
    walk = Walk(learner, teacher.states, 60)
    assert [*learning(learner, walk.search)]  # no other help than the regions
    assert minimal(learner.guess).same(minimal(counter(6)))
    assert walk.partition.parted
    assert walk.regions >= len(learner.guess)
    assert not walk.cut


def test_clusters_make_the_automaton_of_the_states() -> None:
    known = minimal(drawn_automaton(5, states=6))
    teacher = Told(known)
    table = known.table / np.maximum(1, known.table.sum(1, keepdims=True))

    def passage(word: Word) -> Passage:
        parts = [word[:count] for count in range(len(word) + 1)]
        return Passage(word, teacher.states(parts), np.array([table[known.follow(part)] for part in parts]))

    words = wandering(known, np.random.default_rng(0), 300, 12)
    result = clustered([passage(word) for word in words[:200]], [passage(word) for word in words[200:]], 0.05)
    assert minimal(result.automaton).same(known)
    assert result.share == 1
    assert min(result.errors) < 1e-6 < max(result.errors)
