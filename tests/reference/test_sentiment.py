"""What each word did, against reading every shortened text by itself."""

import numpy as np
import pytest

from seqlab.reference.core import cores
from seqlab.reference.network import network
from seqlab.reference.sentiment import without_each, won
from seqlab.training.config import NetworkConfig

WORDS = np.array([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5])


def weights(name: str, layers: int = 2, classes: int = 2) -> dict[str, np.ndarray]:
    rng, sizes = np.random.default_rng(5), NetworkConfig(model=name, hidden=12, layers=layers, heads=3)
    found = {f"core.{key}": rng.normal(0, 0.4, shape) for key, shape in cores()[name].shapes(5, sizes).items()}
    return found | {"encoder.symbol.weight": rng.normal(size=(10, 5)),
                    "decoder.weight": rng.normal(size=(classes, 12)), "decoder.bias": rng.normal(size=classes)}


@pytest.mark.parametrize("pooling", ["max", "mean", "none"])
@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("name", cores())
def test_leaving_a_word_out_is_reading_the_rest(name: str, layers: int, pooling: str) -> None:
    """Were the short cut wrong, the page would blame the wrong word."""
    core, given = cores()[name], weights(name, layers)
    found = without_each(core, WORDS, given, pooling)
    for place in range(len(WORDS)):
        alone = network(core, np.delete(WORDS, place)[None], given, pooling=pooling)["p"][0, -1]
        np.testing.assert_allclose(found[place], alone, atol=1e-12)


@pytest.mark.parametrize("name", cores())
def test_two_words_and_one(name: str) -> None:
    core, given = cores()[name], weights(name)
    found = without_each(core, WORDS[:2], given)
    for place in (0, 1):
        alone = network(core, WORDS[:2][[1 - place]][None], given, pooling="max")["p"][0, -1]
        np.testing.assert_allclose(found[place], alone, atol=1e-12)
    alone = without_each(core, WORDS[:1], given)
    assert alone.shape == (1, 2)
    assert np.isnan(alone).all(), "nothing is left of one word without it"


@pytest.mark.parametrize("name", cores())
def test_the_pulls_of_all_words_make_up_the_logits(name: str) -> None:
    core, given = cores()[name], weights(name)
    trace = network(core, WORDS[None], given, pooling="max")
    found = won(trace, given)
    np.testing.assert_allclose(found.pulls.sum(0) + given["decoder.bias"], trace["logits"][0, -1], atol=1e-12)
    assert found.counts.sum() == 12
    h = trace[list(trace)[-4]][0]
    assert found.word.tolist() == [int(np.flatnonzero(h[:, unit] == h[:, unit].max())[0]) for unit in range(12)]
    assert found.counts.tolist() == [(found.word == place).sum() for place in range(len(WORDS))]


def test_of_equal_words_the_first_wins() -> None:
    given = weights("dense", 1)
    found = won(network(cores()["dense"], np.array([[7, 7, 7]]), given, pooling="max"), given)
    assert found.counts.tolist() == [12, 0, 0]
    p = without_each(cores()["dense"], np.array([7, 7, 7]), given)
    assert np.abs(p - p[0]).max() == 0, "another of the same stands in for it"
