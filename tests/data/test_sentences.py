"""Sentences out of running text, and what their preparations leave of them."""

from hypothesis import given
from hypothesis import strategies as st

from seqlab.data.sentences import PREPARATIONS, spaced, split, tidy


def test_running_text_is_cut_at_its_stops() -> None:
    text = "Mr Wells wrote it.  He did! Did he\nreally do it?\n\nA new paragraph begins"
    assert split(text) == ["Mr Wells wrote it.", "Did he\nreally do it?", "A new paragraph begins"]
    assert split("x" * 500 + ". Short enough here.") == ["Short enough here."]
    assert split("他在黄昏时走进了那间小屋。灯刚刚点上，没有人说话！") == [
        "他在黄昏时走进了那间小屋。", "灯刚刚点上，没有人说话！"]


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
