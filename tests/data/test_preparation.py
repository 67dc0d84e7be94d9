"""From a file's bytes to a text, whatever the file is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqlab.data.preparation import MOST_BYTES, PREPARATIONS, decode, letters, plain, without_licence
from seqlab.errors import Fault
from tests.support.data import SHARED, needs


@pytest.mark.parametrize(("data", "text"), [
    ("Où est l'été ?".encode(), "Où est l'été ?"),
    ("Où est l'été ?".encode("latin-1"), "Où est l'été ?"),
    ("\ufeffA mark before it".encode(), "A mark before it"),
    (b"one\r\ntwo\rthree\n", "one\ntwo\nthree\n"),
    (b"x", "x"),
    (b"a page\x0cand the next", "a page\x0cand the next"),
])
def test_utf8_and_latin1_are_read_with_line_feeds_alone(data: bytes, text: str) -> None:
    assert decode(data) == text


@pytest.mark.parametrize(("data", "message"), [
    (b"", "The text is empty"),
    (b" \r\n\t ", "The text is empty"),
    (b"\x89PNG\r\n\x1a\n" + bytes(range(32)) * 40, "no plain text"),
    (b"\x00", "no plain text"),
    ("Wide words".encode("utf-16"), "no plain text"),
    (b"PK\x03\x04" + bytes(range(256)) * 30, "no plain text"),
])
def test_what_is_no_text_is_refused_in_one_sentence(data: bytes, message: str) -> None:
    with pytest.raises(Fault, match=message):
        decode(data)


def test_a_hundred_megabytes_are_refused_before_they_are_read() -> None:
    class Huge(bytes):
        def __len__(self) -> int:
            return 100_000_000

        def decode(self, *args: str) -> str:  # type: ignore[override]
            raise AssertionError("it was read")

    with pytest.raises(Fault, match="has 100 MB; take one of at most 20 MB"):
        decode(Huge())
    assert decode(b"a" * MOST_BYTES)


def test_letters_are_those_of_d2l() -> None:
    assert letters("The Time-Machine, by H. G. Wells [1898]\n\n\nI\n") == "the time machine by h g wells i "


@needs("timemachine.txt")
def test_the_time_machine_has_as_many_letters_as_d2l_counts() -> None:
    text = letters(decode((SHARED / "timemachine.txt").read_bytes()))
    assert (len(text), len(set(text))) == (173_428, 27)


def test_plain_makes_typography_plain() -> None:
    assert plain("“It’s 3–4 …”\n\tnaïve\u00a0end") == "\"It's 3-4 ...\" na ve end"


@given(st.text(max_size=200))
def test_preparations_keep_what_they_promise(text: str) -> None:
    assert set(letters(text)) <= set(" abcdefghijklmnopqrstuvwxyz")
    assert "  " not in letters(text)
    assert all(" " <= character <= "~" for character in plain(text))
    assert PREPARATIONS["whole"](text) == text
    assert letters(letters(text)) == letters(text)


@pytest.mark.parametrize(("start", "end"), [
    ("*** START OF THE PROJECT GUTENBERG EBOOK X ***", "*** END OF THE PROJECT GUTENBERG EBOOK X ***"),
    ("***START OF THIS PROJECT GUTENBERG EBOOK X***", "End of the Project Gutenberg EBook of X"),
    ("*** start of this Project Gutenberg EBook X", "End of Project Gutenberg's X"),
])
def test_the_licence_is_cut_off(start: str, end: str) -> None:
    assert without_licence(f"Header\n{start}\nStory.\n{end}\nLicence").strip() == "Story."
    assert without_licence("Story.") == "Story."
    assert without_licence(f"Story.\n{end}\nLicence").strip() == "Story."


def test_an_end_that_comes_before_the_start_cuts_nothing() -> None:
    text = "End of Project Gutenberg\n*** START OF THE PROJECT GUTENBERG EBOOK X ***\nStory."
    assert without_licence(text).strip() == "Story."
