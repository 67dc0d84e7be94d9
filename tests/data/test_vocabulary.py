import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqlab.data.vocabulary import Vocabulary

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
