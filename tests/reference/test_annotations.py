"""Annotations of a text, character by character, and what they are worth for symbols of several characters."""

import numpy as np
import pytest

from seqlab.reference.annotations import ANNOTATIONS, by_symbol, inside

_ = float("nan")
EXAMPLES = {
    "quotes": [('a "b" c', [0, 0, 1, 1, 0, 0, 0]), ("“a” b", [1, 1, 0, 0, 0]), ('"a\n\nb', [1, 1, 1, 0, 0])],
    "depth": [("(a[b])c", [1, 1, 2, 2, 1, 0, 0]), ("))(", [0, 0, 1])],
    "vowel": [("oat", [_, 1, 1]), ("x", [_])],
    "letters": [("ab, c", [1, 2, 0, 0, 1])],
    "ends": [("ab c", [0, 1, 0, _])],
    "line": [("ab\nc", [1, 2, 0, 1]), ("abc", [_, _, _])],
    "words": [("a bc. d", [1, 1, 2, 2, 0, 0, 1]), ("abc", [_, _, _])],
}


@pytest.mark.parametrize("name", ANNOTATIONS)
def test_it_says_of_each_character_what_it_should(name: str) -> None:
    assert ANNOTATIONS[name].label
    for text, values in EXAMPLES[name]:
        np.testing.assert_array_equal(ANNOTATIONS[name].read(text), np.array(values, float), text)
    assert len(ANNOTATIONS[name].read("")) == 0


def test_spans_and_symbols() -> None:
    values = inside(np.array([[0, 2], [2, 3], [5, 6]]), 6)
    np.testing.assert_array_equal(values, [1, 1, 1, 0, 0, 1])
    np.testing.assert_array_equal(by_symbol(values, np.array([2, 4, 6])), [1, 0, 1])
