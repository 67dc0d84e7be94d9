"""Alphabets from whatever a person has."""

import json
from pathlib import Path

import numpy as np
import pytest

from seqlab.adopt.vocabulary import in_facts, read_file, symbols_from
from seqlab.errors import Fault
from seqlab.tasks.opened import OpenedConfig

D2L = ["<unk>", " ", "e", "t"]


@pytest.mark.parametrize(("given", "symbols"), [
    ("ehlo", "ehlo"), ("ba c", "ba c"),  # pasted, in the order of the ids
    ("hello\nhello", "\nehlo"), ("a rat, a rat", " ,art"),  # a text: sorted
    ("hello hello", ("<unk>", " ", "e", "h", "l", "o")),  # one is lacking: the unknown, first
    (json.dumps(D2L), D2L), (json.dumps({"itos": list("xyz")}), "xyz"),
    (json.dumps({"stoi": {"b": 1, "a": 0}}), "ab"), (json.dumps({"0": "q", "1": "p"}), "qp"),
    (json.dumps({"meta": {"vocab_size": 2, "itos": {"1": "b", "0": "a"}}}), "ab"), (json.dumps("cab"), '"abc'),
    ("[a]", "[a]"), ("numbers", ()), (b"\xef\xbb\xbfab", "ab"),
])
def test_it_is_read_in_every_form(given: str | bytes, symbols: str) -> None:
    assert symbols_from(given, len(symbols)) == tuple(symbols)


@pytest.mark.parametrize(("given", "count", "sentence"), [
    ("abc", 5, "reads 5 different symbols, and the text has 3"), (json.dumps(D2L), 3, "the list has 4"),
    (json.dumps({"a": 0, "b": 2}), 2, "without a gap"), (b"\xff\xfe\x00", 2, "not UTF-8"),
    (json.dumps(["a", "a"]), 2, "stands twice"),
])
def test_one_of_the_wrong_length_is_refused(given: str | bytes, count: int, sentence: str) -> None:
    with pytest.raises(Fault, match=sentence):
        symbols_from(given, count)


def test_a_file_of_one_is_bounded(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("hello")
    assert symbols_from(read_file(tmp_path / "a.txt"), 4) == tuple("ehlo")
    with open(tmp_path / "a.txt", "wb") as file:
        file.truncate(2**30)
    with pytest.raises(Fault, match="take the alphabet from a smaller one"):
        read_file(tmp_path / "a.txt")
    with pytest.raises(Fault, match="cannot be read"):
        read_file(tmp_path / "none.txt")


def test_those_beside_the_tensors_count_where_they_are_of_the_right_length() -> None:
    facts = {"epoch": 3, "meta": {"stoi": {"b": 1, "a": 0}}, "chars": "abc"}
    assert in_facts(facts, 2) == (("a", "b"), "the file has meta.stoi")
    assert in_facts(facts, 3) == (("a", "b", "c"), "the file has chars")
    assert in_facts(facts, 4) == ((), "")


def test_marks_are_none_of_a_texts_characters() -> None:
    """The unknown of d2l stands first, is no character of a text, and is never drawn."""
    alphabet = OpenedConfig(symbols=D2L, count=4, outputs=4, answers="next").alphabet
    np.testing.assert_array_equal(alphabet.encode("te?"), [3, 2, 0])
    assert alphabet.level == "character"
    assert alphabet.masked == {0}
    words = OpenedConfig(symbols=("the", "end"), count=2, outputs=2).alphabet
    np.testing.assert_array_equal(words.encode("end the"), [1, 0])
    np.testing.assert_array_equal(OpenedConfig(count=12, outputs=2).alphabet.encode("11 3"), [11, 3])
