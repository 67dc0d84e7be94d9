"""Grammars as people write them: what is parsed, and where an error is reported."""

from fractions import Fraction

import pytest

from seqlab.data.grammar import notation
from seqlab.data.grammar.grammar import read
from seqlab.errors import Fault


def test_a_rule_is_read_with_its_probabilities() -> None:
    rules = notation.read('S -> "a" S [1/4] | "b" [0.5] | T | ε  # a comment\n\nT -> \'c d\'\n  | “e”')
    first, second = rules.rules
    assert [float(part.probability) for part in first.alternatives] == [0.25, 0.5, 0.125, 0.125]
    assert [[part.text for part in alternative.parts] for alternative in first.alternatives] == [
        ["a", "S"], ["b"], ["T"], []]
    assert [alternative.parts[0].text for alternative in second.alternatives] == ["c d", "e"]
    assert second.alternatives[1].probability == Fraction(1, 2)
    assert not rules.spaced


def test_quotes_and_backslashes_stand_in_terminals() -> None:
    (rule,) = notation.read(r'''S -> "\"" | '\'' | "\\" | "|" | "# no comment"''').rules
    assert [alternative.parts[0].text for alternative in rule.alternatives] == ['"', "'", "\\", "|", "# no comment"]


def test_a_line_that_says_spaced_parts_words() -> None:
    text = 'spaced\nS -> "ab" "c"\n'
    assert notation.read(text).spaced
    assert read(text).valid(tuple("ab c"))
    assert read(text, "word").valid(("ab", "c"))


@pytest.mark.parametrize(("text", "line", "column", "word"), [
    ("", 1, 1, "no rule"),
    ("# nothing\n", 1, 1, "no rule"),
    ("S -> 'a\n", 1, 6, "never closed"),
    ("S -> a(b)", 1, 7, "not part"),
    ('S -> "a" [0.5', 1, 10, "never closed"),
    ('S -> "a" @', 1, 10, "cannot stand"),
    ('-> "a"', 1, 1, "begins with the name"),
    ('\nS\n', 2, 2, "arrow"),
    ('S "a"', 1, 3, "arrow"),
    ('S -> "a"\nS -> "b"', 2, 1, "a rule already, in line 1"),
    ('S -> "a" | | "b"', 1, 12, "nothing stands before"),
    ('S -> | "b"', 1, 6, "nothing stands before"),
    ('S -> "a" |', 1, 11, "alternative is missing"),
    ("S ->", 1, 5, "alternative is missing"),
    ('S -> "a" -> "b"', 1, 10, "second arrow"),
    ('S -> "a" [0.5] "b" | "c"', 1, 10, "at the end"),
    ('S -> "a" [x]', 1, 10, "no probability"),
    ('S -> "a" [1/0] | "b"', 1, 10, "divides by 0"),
    ('S -> "a" [0] | "b"', 1, 10, "above 0"),
    ('S -> "a" [3/2] | "b"', 1, 10, "at most 1"),
    ('S -> [0.5] | "b"', 1, 6, "nothing stands before this probability"),
    ('S -> "a" [0.5] | "b" [0.4]', 1, 1, "sum to 0.9"),
    ('S -> "a" [1/3] | "b" [1/3]', 1, 1, "sum to 2/3"),
    ('S -> "a" [0.5] | "b" [0.5] | "c"', 1, 1, "nothing for the other 1"),
    ('S -> "a⊢"', 1, 6, "seqlab needs itself"),
    ('S -> "a\u202eb"', 1, 6, "invisible sign"),
    (f'S -> "{"a" * 201}"', 1, 6, "at most 200"),
    (f'S -> {"S " * 101}', 1, 206, "at most 100"),
])
def test_what_is_wrong_is_named_with_its_place(text: str, line: int, column: int, word: str) -> None:
    with pytest.raises(Fault, match=word) as caught:
        notation.read(text)
    assert str(caught.value).startswith(f"Line {line}, column {column}: ")


@pytest.mark.parametrize(("text", "word"), [
    ("#" * 20_001, "20,000"),
    ("S -> " + " | ".join(f'"a{number}"' for number in range(1_001)), "1,000 alternatives"),
])
def test_a_grammar_that_is_too_large_is_refused(text: str, word: str) -> None:
    with pytest.raises(Fault, match=word):
        notation.read(text)


def test_rounded_probabilities_are_made_to_sum_to_one() -> None:
    (rule,) = notation.read('S -> "a" [0.3333333] | "b" [0.6666666]').rules
    assert sum(alternative.probability for alternative in rule.alternatives) == 1
