"""Grammars that cannot be used are refused with a place; odd ones are noted."""

import time
from contextlib import suppress

import pytest

from seqlab.data.grammar import BUILT_IN, read
from seqlab.data.grammar.ambiguity import ambiguous_text, notes
from seqlab.errors import Fault


@pytest.mark.parametrize(("text", "line", "column", "word"), [
    ('S -> "a" Noun\nNown -> "b"', 1, 10, "Is Nown meant"),
    ("S -> a", 1, 6, 'in quotes: "a"'),
    ('S -> "a" S', 1, 1, "never ends"),
    ('S -> "a" | T\nT -> U "b"\nU -> T', 2, 1, "never ends"),
    ('A -> "a" | A', 1, 12, "A → A"),
    ('S -> A\nA -> "a" | B\nB -> "b" | A', 2, 12, "A → B → A"),
    ('S -> S S | "a" [0.6] | "" [0.2]', 1, 6, "S → S"),
    ('S -> "a" S E | "b"\nE -> E F | "e"\nF -> "" | "f"', 2, 6, "E → E"),
    ('S -> "a" S S [0.6] | "b" [0.4]', 1, 1, "each S brings 1.2 more"),
    ('S -> S S [0.5] | "b" [0.5]', 1, 1, "infinitely long"),
    ('S -> T\nT -> "a" U | "a"\nU -> T T T', 2, 1, "infinitely long"),
    ('S -> ""', 1, 1, "no string but the empty one"),
    ('S -> E E\nE -> "" | ε', 1, 1, "no string but the empty one"),
    (f'S -> {"E " * 11} "a"\nE -> "" | "e"', 1, 6, "may be empty"),
])
def test_what_is_wrong_is_named_with_its_place(text: str, line: int, column: int, word: str) -> None:
    with pytest.raises(Fault, match=word) as caught:
        read(text)
    assert str(caught.value).startswith(f"Line {line}, column {column}: ")


def test_a_space_is_nothing_among_words() -> None:
    text = 'S -> " " S [0.4] | "a"'
    assert read(text).valid((" ", "a"))
    with pytest.raises(Fault, match="Line 1, column 10: a loop without terminals"):
        read(text, "word")


def test_strings_that_are_far_too_long_are_refused() -> None:
    with pytest.raises(Fault, match="2,000 tokens long"):
        read('S -> "a" S [1999/2000] | "b"')
    assert read('S -> "a" S [0.99] | "b"').draw


def test_an_alphabet_that_is_too_large_is_refused() -> None:
    with pytest.raises(Fault, match="300 different tokens"):
        read("S -> " + " | ".join(f'"{chr(0x4E00 + place)}"' for place in range(300)))


def test_a_rule_that_is_never_reached_is_noted() -> None:
    (note,) = read('S -> "a"\n  Spare -> "b" Spare').notes
    assert note.startswith("Line 2, column 3: Spare is never reached from S")
    assert read('S -> "a"\nSpare -> "b"').tokens == ("a",)


def test_an_ambiguous_grammar_is_noted_with_a_string() -> None:
    grammar = read('S -> S S [0.3] | "a" [0.7]')
    assert ambiguous_text(grammar) == "aaa"
    assert "“aaa” has more than one derivation" in notes(grammar)[0]
    assert ambiguous_text(read('S -> "a" | "a" | "b"')) == "a"
    assert ambiguous_text(read('S -> E E\nE -> "" | "a" | "b" "b"')) == "a"


def test_of_the_built_in_grammars_toy_english_alone_is_ambiguous() -> None:
    ambiguous = {name: ambiguous_text(read(text)) for name, text in BUILT_IN.items()}
    assert [name for name, text in ambiguous.items() if text] == ["toy-english"]
    assert ambiguous["toy-english"].rpartition(" ")[2] in ("briefly", "quickly", "impatiently")


@pytest.mark.parametrize("text", [
    'S -> S S [0.49] | "a" | "b"',
    'S -> S S S [0.33] | "a"',
    f'S -> {" ".join(["E"] * 10)} "x"\nE -> E "e" [0.4] | "" [0.6]',
    "\n".join([f'S{n} -> S{n + 1} S{n + 1} [0.45] | "a" [0.55]' for n in range(60)] + ['S60 -> "a"']),
])
def test_no_grammar_takes_long(text: str) -> None:
    """A page must answer: reading it, its notes, and a string of 300 tokens either come or are refused."""
    began = time.perf_counter()
    grammar = read(text)
    assert notes(grammar)
    for tokens in (("a",) * 300, ("e",) * 150 + ("x",)):
        with suppress(Fault):
            grammar.walk(tokens)
    assert time.perf_counter() - began < 60
