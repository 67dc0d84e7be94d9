"""What preparations leave of a text."""

from hypothesis import given
from hypothesis import strategies as st

from seqlab.data.preparation import PREPARATIONS, letters, plain
from seqlab.data.reader import read_text
from tests.support.data import SHARED, needs


def test_letters_are_those_of_d2l() -> None:
    assert letters("The Time-Machine, by H. G. Wells [1898]\n\n\nI\n") == "the time machine by h g wells i "


@needs("timemachine.txt")
def test_the_time_machine_has_as_many_letters_as_d2l_counts() -> None:
    text = letters(read_text((SHARED / "timemachine.txt").read_bytes()).text)
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
