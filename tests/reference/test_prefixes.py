"""The answer after each word, against reading every beginning by itself."""

import numpy as np
import pytest

from seqlab.reference.core import cores
from seqlab.reference.network import network
from seqlab.reference.prefixes import MOST, at_each
from tests.reference.test_sentiment import WORDS, weights


@pytest.mark.parametrize("first", [1, 4, len(WORDS)])
@pytest.mark.parametrize("pooling", ["max", "none"])
@pytest.mark.parametrize("name", cores())
def test_it_is_every_beginning_by_itself(name: str, pooling: str, first: int) -> None:
    """A network that sees what follows must not know it here: the curve would tell of words not read yet."""
    core, given = cores()[name], weights(name)
    counts, p = at_each(core, WORDS, given, pooling, first)
    np.testing.assert_array_equal(counts, np.arange(first, len(WORDS) + 1))
    for count, found in zip(counts, p, strict=True):
        alone = network(core, WORDS[None, :count], given, pooling=pooling)["p"][0, -1]
        np.testing.assert_allclose(found, alone, atol=1e-12)


def test_of_a_long_text_some_beginnings_and_the_whole() -> None:
    counts, p = at_each(cores()["encoder"], np.tile(WORDS, 12), weights("encoder"))
    assert len(counts) == len(p) == MOST
    assert (counts[0], counts[-1]) == (1, 12 * len(WORDS))
    assert np.diff(counts).min() >= 1
