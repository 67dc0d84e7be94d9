"""A person's regular expression: its matches, and what happens to one that is wrong or takes for ever."""

import pytest

from seqlab.data import pattern
from seqlab.errors import Fault


def test_matches_are_found_from_left_to_right_and_empty_ones_are_left_out() -> None:
    assert pattern.matches("t.|x*|^a", "the at\na").tolist() == [[0, 2], [7, 8]]


@pytest.mark.parametrize(("expression", "sentence"), [
    ("(a+)+$", "takes more than"), ("(", "no regular expression: missing"), ("", "at most 300"),
    ("x" * 301, "at most 300"), ("[[a]++{9999999999999}", "no regular expression")])
def test_what_cannot_be_looked_for_is_one_sentence(expression: str, sentence: str,
                                                  monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pattern, "SECONDS", 0.5)
    with pytest.raises(Fault, match=sentence):
        pattern.matches(expression, "a" * 60 + "b")
