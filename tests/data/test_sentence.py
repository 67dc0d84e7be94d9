"""A sentence becomes the tokens that a reader sees, whatever is pasted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqlab.data.sentence import LONGEST_TOKEN, MOST_TOKENS, characters, read


@pytest.mark.parametrize(("text", "tokens"), [
    ("The cat sat.", ["The", "cat", "sat", "."]),
    ("  two\n words ", ["two", "words"]),
    ("<b>x</b> &amp;", ["<b>x</b>", "&amp", ";"]),
    ("wait... what?!", ["wait", "...", "what", "?!"]),
    ("e\u0301te\u0301 a\u202eb", ["été", "ab"]),  # composed; the sign that turns the direction is gone
    ("", []), ("   ", []), ("\x00\x07", []),
])
def test_words(text: str, tokens: list[str]) -> None:
    assert read(text, "words") == (tokens, "")


@pytest.mark.parametrize(("text", "tokens"), [
    ("a b", ["a", "␣", "b"]),
    ("👩‍👩‍👧!", ["👩‍👩‍👧", "!"]),
    ("👍🏽🇬🇧🇫🇷", ["👍🏽", "🇬🇧", "🇫🇷"]),
    ("q\u0323y", ["q\u0323", "y"]),  # an accent stays with its letter where the two are no letter of their own
    ("नमस्ते", ["न", "म", "स्", "ते"]),
])
def test_characters_are_what_a_reader_sees(text: str, tokens: list[str]) -> None:
    assert read(text, "characters")[0] == tokens


def test_too_much_is_cut_and_said() -> None:
    tokens, note = read("a " * 5_000, "words")
    assert (len(tokens), note) == (MOST_TOKENS, "Only the first 40 of 5,000 words are shown.")
    tokens, note = read("x" * 10_000, "words")
    assert (len(tokens), len(tokens[0]), tokens[0][-1]) == (1, LONGEST_TOKEN, "…")
    assert note == "A token keeps its first 24 characters."
    tokens, note = read("z" + "\u0301" * 1_000 + " y", "words")  # a tower of accents
    assert max(map(len, tokens)) == LONGEST_TOKEN


@given(st.text(max_size=60))
def test_characters_lose_nothing(text: str) -> None:
    assert "".join(characters(text)) == text
