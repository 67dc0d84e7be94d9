"""The quantities along a string, against what a person would count."""

import numpy as np
import pytest

from seqlab.data.grammar import BUILT_IN, read
from seqlab.data.grammar.quantities import DEPTH, PARENTHESES, quantities


def of(name: str, text: str, word: bool = False) -> dict[str, list[float]]:
    grammar = read(BUILT_IN.get(name, name), "word" if word else "character")
    series = quantities(grammar, grammar.cut(text))
    assert all(len(values) == len(grammar.cut(text)) for values in series.values())
    return {key: values.tolist() for key, values in series.items()}


def test_brackets_that_are_open_are_counted() -> None:
    series = of("brackets", "((()))")
    assert series[DEPTH] == [1, 2, 3, 2, 1, 0]
    assert series["deepest so far"] == [1, 2, 3, 3, 3, 3]
    assert of("dyck", "()(())")[DEPTH] == [1, 0, 1, 2, 1, 0]


def test_ndfa_knows_its_word_the_place_in_it_and_the_repeats() -> None:
    series = of("ndfa", "suvw!uvw!s")
    assert series["the word is uvw!"] == [0] + [1] * 9
    assert series["the word is abc!"] == [0] * 10
    assert series["place in the word"][:-1] == [0, 1, 2, 3, 4, 1, 2, 3, 4]
    assert series["repeats so far"][:-1] == [0, 0, 0, 0, 1, 1, 1, 1, 2]
    assert np.isnan(series["place in the word"][-1])
    assert of("ndfa", "s abc! abc! s", word=True)["repeats so far"][:-1] == [0, 1, 2]


def test_toy_english_counts_clauses_letters_and_parentheses() -> None:
    text = "a cat ran ( but the dog went )"
    series = of("toy-english", text)
    clauses = [1 if place < text.index("the") - 1 else 2 for place in range(len(text))]
    assert series["clauses begun"] == clauses
    assert series[PARENTHESES] == [float("(" in text[:place + 1]) - (")" in text[:place + 1])
                                   for place in range(len(text))]
    assert series["letters into the word"][:6] == [1, 0, 1, 2, 3, 0]
    assert series["words so far"][-1] == len(text.split())
    after = text.index("cat") - 1  # after the article both a noun and an adjective may come
    assert series["a noun comes next"][after] == pytest.approx(0.5)
    assert series["a noun comes next"][after + 1] == pytest.approx(1)
    assert series["the word ends here"][text.index("cat") + 2] == pytest.approx(1)
    assert of("toy-english", text, word=True)["clauses begun"] == [1, 1, 1, 1, 2, 2, 2, 2, 2]


def test_the_end_and_what_reads_the_next_come_from_the_grammar() -> None:
    series = of('S -> "a" S [0.5] | B\nB -> "b" "c"', "aab")
    assert series["S reads the next"] == pytest.approx([0.5, 0.5, 0])
    assert series["B reads the next"] == pytest.approx([0.5, 0.5, 1])
    assert series["the end comes next"] == [0, 0, 0]
    assert series["tokens so far"] == [1, 2, 3]


def test_nothing_is_said_once_a_string_has_left_its_language() -> None:
    for name, text, left in (("brackets", "()()", 2), ("toy-english", "a cat xan", 6), ("ndfa", "sabx", 3)):
        for values in of(name, text).values():
            assert np.isnan(values[left:]).all()
            assert np.isfinite(values[:left]).all()
    assert all(values == [] for values in of("toy-english", "").values())
