"""Sentences out of tables, whatever the table is, and out of running text."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqlab.data.sentences import PREPARATIONS, columns, read_csv, spaced, split, tidy
from seqlab.errors import Fault


def table(*rows: str) -> bytes:
    return "\n".join(rows).encode()


def test_quotes_commas_and_line_breaks_inside_a_cell() -> None:
    data = b'sentence,label\r\n"He said ""no"", and\r\nleft.",1\r\nShort one.,0\r\n'
    assert read_csv(data) == ['He said "no", and left.', "Short one."]


@pytest.mark.parametrize(("header", "column"), [
    ("text,humor", "text"), ("sentence,label", "sentence"), ("label,Review", "Review"), ("a,b", "a"),
])
def test_the_column_of_texts_is_found(header: str, column: str) -> None:
    at = header.split(",").index(column)
    rows = [",".join(("yes", "a longer line of words")[::-1 if at == 0 else 1]) for _ in range(3)]
    assert read_csv(table(header, *rows)) == ["a longer line of words"] * 3
    assert read_csv(table(header, *rows), column.upper()) == ["a longer line of words"] * 3


def test_a_semicolon_or_a_tab_divides_too() -> None:
    assert read_csv(table("text;label", "one, two;1", "three;0")) == ["one, two", "three"]
    assert columns(b"text\tlabel\none\t1\ntwo\t0") == ("text", "label")


def test_a_table_without_a_header_loses_no_sentence() -> None:
    rows = ("why did the chicken cross?,True", "to get away,False", "it did not,True")
    assert columns(table(*rows)) == ("column 1", "column 2")
    assert read_csv(table(*rows)) == ["why did the chicken cross?", "to get away", "it did not"]
    assert read_csv(table("I am a whole sentence.", "And so am I.")) == ["I am a whole sentence.", "And so am I."]


def test_latin1_and_empty_rows() -> None:
    data = "text,label\n\ncafé au lait,1\n  ,0\nplain words,0\n".encode("latin-1")
    assert read_csv(data) == ["café au lait", "plain words"]


def test_a_cell_stays_as_it_is_on_one_line() -> None:
    assert read_csv(b'text,label\n" two  spaces,\na line \xc3\xa9 ",1\n\xc3\xa9,0\nlast,1\n') == [
        " two  spaces, a line é ", "é", "last"]


@pytest.mark.parametrize(("data", "column", "message"), [
    (b"", None, "empty"),
    (b"text,label\n", None, "a header and no rows"),
    (b"text,label\nonly one row,1\n", None, "'text' has one sentence; at least two"),
    (b"text,label\n,1\n,0\n", None, "'text' has no sentences"),
    (b"text,label\na b,1\nc d,0\n", "humor", "no column 'humor'; the table has text, label"),
    (b'text,label\n"never closed,1\nc d,0\n', None, "quotation mark that is not closed"),
    (b"\x89PNG" + bytes(range(32)) * 50, None, "no plain text"),
    (b"a,b\n" + b"x" * 20_000_001, None, "at most 20 MB"),
])
def test_a_bad_table_is_refused_in_one_sentence(data: bytes, column: str | None, message: str) -> None:
    with pytest.raises(Fault, match=message):
        read_csv(data, column)


def test_running_text_is_cut_at_its_stops() -> None:
    text = "Mr Wells wrote it.  He did! Did he\nreally do it?\n\nA new paragraph begins"
    assert split(text) == ["Mr Wells wrote it.", "Did he\nreally do it?", "A new paragraph begins"]
    assert split("x" * 500 + ". Short enough here.") == ["Short enough here."]


@given(st.text(max_size=100))
def test_tidied_sentences_are_ascii_without_double_spaces(text: str) -> None:
    tidied = tidy(text)
    assert all(" " <= character <= "~" for character in tidied)
    assert "  " not in tidied
    assert tidied == tidied.strip() == tidy(tidied)


@given(st.text(max_size=100))
def test_the_published_preparation_keeps_every_place(text: str) -> None:
    prepared = PREPARATIONS["published"](text)
    assert prepared == spaced(text) + "\n"
    assert len(prepared) == len(text) + 1
    assert "\n" not in spaced(text)
    assert all(new == (old if old.isascii() and old != "\n" else " ") for old, new in zip(text, prepared, strict=False))


@given(st.binary(max_size=300))
def test_any_bytes_are_a_table_or_told(data: bytes) -> None:
    with suppress(Fault):
        assert len(columns(data)) >= 1
        assert len(read_csv(data)) >= 2
