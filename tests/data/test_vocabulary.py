from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqlab.data.vocabulary import BEGIN, END, PAD, UNKNOWN, Vocabulary, counts, letters_of

LETTERS = Vocabulary("·abc")


@given(st.text(alphabet="·abc"))
def test_what_is_written_can_be_read(text: str) -> None:
    ids = LETTERS.encode(text)
    assert ids.shape == (len(text),)
    assert ids.dtype == np.int64
    assert LETTERS.decode(ids) == text


def test_ids_are_places() -> None:
    np.testing.assert_array_equal(LETTERS.encode("ca·b"), [3, 1, 0, 2])
    assert len(LETTERS) == 4


def test_a_character_outside_the_alphabet_is_named() -> None:
    with pytest.raises(KeyError, match="z"):
        LETTERS.encode("abz")


def test_an_id_outside_the_alphabet_is_refused() -> None:
    with pytest.raises(IndexError):
        LETTERS.decode(np.array([4]))
    with pytest.raises(IndexError):
        LETTERS.decode(np.array([-1]))


TEXT, SENTENCES = Vocabulary.of_text(" ab"), Vocabulary.of_sentences(" ab")


def test_running_text_reads_what_it_does_not_know_as_one_mark() -> None:
    np.testing.assert_array_equal(TEXT.encode("ab é😀\U0010ffff"), [2, 3, 1, 0, 0, 0])
    assert TEXT.decode(np.array([2, 0])) == f"a{UNKNOWN}"
    assert TEXT.masked == {0}
    assert TEXT.unknown_symbols("éab é😀") == {"é": 2, "😀": 1}
    np.testing.assert_array_equal(TEXT.encode(UNKNOWN), [0])  # the mark in a text is itself a stranger


def test_marks_of_sentences_come_after_the_letters_and_are_never_read_from_a_text() -> None:
    assert (SENTENCES.begin, SENTENCES.end, SENTENCES.pad, len(SENTENCES)) == (3, 4, 5, 6)
    assert SENTENCES.masked == {3, 5}  # the end can be drawn
    assert SENTENCES.without_unknown(f"a{END}b{BEGIN}é") == "ab"
    with pytest.raises(KeyError):
        SENTENCES.encode(END)


@given(st.text(max_size=80))
def test_encoding_a_book_at_once_is_encoding_each_character(text: str) -> None:
    known = {" ": 1, "a": 2, "b": 3}
    np.testing.assert_array_equal(TEXT.encode(text), [known.get(character, 0) for character in text])
    assert counts(text) == Counter(text)
    assert TEXT.unknown_symbols(text) == Counter(character for character in text if character not in " ab")


def test_letters_are_the_most_frequent_ones_sorted() -> None:
    assert letters_of(["banana", "bee"], 2) == "ab"
    assert letters_of(["b", f"a{UNKNOWN}"], 9) == "ab"  # the mark is no letter
    assert letters_of([], 9) == ""


WORDS = Vocabulary.of_tokens(("a", "cat", "the", "walked"), "word")
GRAMMAR = Vocabulary.of_tokens("!abc", "character")


def test_marks_of_tokens_come_first_in_the_order_that_the_course_has() -> None:
    assert (WORDS.pad, WORDS.begin, WORDS.end, WORDS.unknown) == (0, 1, 2, 3)
    assert WORDS.symbols == (PAD, BEGIN, END, UNKNOWN, "a", "cat", "the", "walked")
    assert WORDS.masked == {0, 1, 3}  # the end can be drawn
    assert len(WORDS) == len(GRAMMAR) == 8


def test_a_word_is_one_symbol() -> None:
    np.testing.assert_array_equal(WORDS.encode("  the cat\n walked the dog "), [6, 5, 7, 6, 3])
    assert WORDS.encode("the").dtype == np.int64
    assert WORDS.encode("").shape == (0,)
    assert WORDS.decode(np.array([6, 5, 2])) == f"the cat {END}"
    assert WORDS.unknown_symbols("the dog saw the dog") == {"dog": 2, "saw": 1}
    assert WORDS.without_unknown("the dog saw the cat") == "the the cat"
    assert list(WORDS.cut("the dog ")) == ["the", "dog"]


def test_a_mark_that_is_typed_is_no_symbol() -> None:
    np.testing.assert_array_equal(WORDS.encode(f"{BEGIN} cat {END} {PAD}"), [3, 5, 3, 3])
    np.testing.assert_array_equal(GRAMMAR.encode(f"ab{END}!"), [5, 6, 3, 4])
    with pytest.raises(KeyError, match="dog"):
        Vocabulary(("cat", "the"), level="word").encode("the dog")


@given(st.lists(st.sampled_from(["a", "cat", "the", "walked"])))
def test_words_that_are_written_can_be_read(words: list[str]) -> None:
    text = " ".join(words)
    assert WORDS.decode(WORDS.encode(text)) == text
