"""Byte pairs: what is learned, that a text is whole again, and that the pieces alone say how to cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqlab.data import pieces
from seqlab.data.vocabulary import Vocabulary

TEXT = "low low low low low lower lower newest newest newest newest newest newest widest widest widest " * 3
CHARACTERS = "".join(sorted(set(TEXT)))
LEARNED = pieces.learn(TEXT, 30, CHARACTERS, 20)


def test_the_most_frequent_pairs_are_merged_first() -> None:
    """The paper's own example: of low, lower, newest and widest it merges e s, then es t."""
    assert LEARNED[:len(CHARACTERS)] == tuple(CHARACTERS)
    merged = LEARNED[len(CHARACTERS):]
    assert merged.index("es") < merged.index("est")
    assert len(LEARNED) == len(set(LEARNED)) <= 30
    assert max(map(len, pieces.learn(TEXT, 60, CHARACTERS, 3))) == 3


def test_a_known_word_is_few_pieces_and_an_unknown_one_is_spelt() -> None:
    assert pieces.cut("lowest", LEARNED) == ["low", "est"]
    assert pieces.cut("zoë", LEARNED) == ["z", "o", "ë"]


@given(st.text())
def test_cut_and_joined_a_text_is_the_same(text: str) -> None:
    assert "".join(pieces.cut(text, LEARNED)) == text


def test_half_a_surrogate_pair_is_a_question_mark() -> None:
    assert "".join(pieces.cut("a\ud800b", LEARNED)) == "a?b"


def test_the_order_of_the_pieces_says_which_two_make_each() -> None:
    made = pieces.merges(LEARNED)
    assert [first + second for first, second in made] == [piece for piece in LEARNED if len(piece) > 1]
    with pytest.raises(ValueError, match="no two pieces before 'abc' make it"):
        pieces.merges(("a", "b", "c", "abc"))


def test_a_vocabulary_of_pieces_reads_and_writes() -> None:
    vocabulary = Vocabulary.of_running(LEARNED, "piece")
    text = "the newest wider low"
    ids = vocabulary.encode(text)
    assert len(ids) < len(text)
    assert vocabulary.decode(ids) == text.replace("h", "\ufffd")
    assert vocabulary.unknown_symbols(text) == {"h": 1}
    assert vocabulary.without_unknown("hzlow") == "low"
    assert vocabulary.spelt[1:] == LEARNED


def test_words_and_marks_stand_alone_in_a_running_text() -> None:
    vocabulary = Vocabulary.of_running(("said", ",", "he"), "word")
    assert vocabulary.cut("said, he; she") == ["said", ",", "he", ";", "she"]
    assert vocabulary.encode("said, he; she").tolist() == [1, 2, 3, 0, 0]
    assert vocabulary.unknown_symbols("said, he; she") == {";": 1, "she": 1}
    assert vocabulary.decode(vocabulary.encode("he said,")) == "he said ,"
