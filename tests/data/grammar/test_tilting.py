"""Strings that are rare because they are long: drawn at will, and as probable as among those of their length."""

from collections import Counter

import numpy as np
import pytest

from seqlab.data.grammar import BUILT_IN, read
from seqlab.data.grammar.tilting import longer


@pytest.mark.parametrize("name", BUILT_IN)
def test_strings_of_any_length_are_found(name: str) -> None:
    grammar = read(BUILT_IN[name])
    strings = grammar.draw_between(np.random.default_rng(0), 30, 150, 220)
    assert len(strings) == 30
    assert all(150 <= len(text) <= 220 and grammar.valid(text) for text in strings)


def test_given_its_length_a_string_is_as_probable_as_before() -> None:
    grammar = read(BUILT_IN["brackets"])
    strings = grammar.draw_between(np.random.default_rng(1), 6000, 8, 8)
    counts = Counter(map("".join, strings))
    p = {text: float(np.exp(-grammar.walk(tuple(text)).surprise.sum())) for text in counts}
    assert len(p) == 5  # as there are ways to nest four pairs of which the first holds the others
    for text, count in counts.items():
        true = p[text] / sum(p.values())
        assert abs(count / len(strings) - true) < 5 * (true * (1 - true) / len(strings)) ** 0.5


def test_a_tilt_without_need_changes_little_and_nothing_is_invented() -> None:
    finite = read('S -> "a" | "b" "b" | "c" "c" "c"')
    assert finite.draw_between(np.random.default_rng(0), 5, 4, 9) == []
    assert set(finite.draw_between(np.random.default_rng(0), 50, 3, 3)) == {("c", "c", "c")}
    assert read(BUILT_IN["brackets"]).draw_between(np.random.default_rng(0), 5, 1, 1) == []


def test_the_mean_is_what_was_asked_for() -> None:
    grammar = read(BUILT_IN["ndfa"])
    for mean in (20.0, 100.0):
        rules = longer(grammar.rules, len, mean)
        again = rules.by_name["Abc"].alternatives[1].probability  # of going on: 4 tokens each, and 2 around them
        assert 2 + 4 / (1 - float(again)) >= mean
        assert all(abs(float(sum(part.probability for part in rule.alternatives)) - 1) < 1e-9 for rule in rules.rules)
