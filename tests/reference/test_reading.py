"""Reading on: every character is predicted once, from what stood before it and nothing else."""

import numpy as np
import pytest

from seqlab.errors import Fault
from seqlab.reference.core import Core, cores
from seqlab.reference.network import network
from seqlab.reference.reading import (
    each_predicted,
    input_matrix,
    last_predicted,
    predicted,
    similarity,
    surprise,
    windows,
)
from seqlab.reference.weights import Shapes, Weights
from seqlab.training.config import NetworkConfig

VOCAB, RNG = 9, np.random.default_rng(5)


def weights_of(core: Core, one_hot: bool = False) -> Weights:
    """Random weights of a small network, in double precision."""
    sizes = NetworkConfig(model=core.name, hidden=8, layers=2, heads=2)
    width = VOCAB if one_hot else 5
    shapes: Shapes = {f"core.{name}": shape for name, shape in core.shapes(width, sizes).items()}
    shapes |= {"encoder.symbol.weight": (VOCAB, width), "decoder.weight": (VOCAB, 8), "decoder.bias": (VOCAB,)}
    rng = np.random.default_rng(3)
    found: dict[str, np.ndarray] = {name: rng.normal(0, 0.4, shape) for name, shape in shapes.items()}
    return found | ({"encoder.symbol.weight": np.eye(VOCAB)} if one_hot else {})


@pytest.mark.parametrize("time", [1, 2, 5, 8, 9, 12, 50])
@pytest.mark.parametrize("reach", [1, 2, 5, 8])
def test_every_time_is_judged_once_and_sees_at_least_half_a_window(time: int, reach: int) -> None:
    found = list(windows(time, reach))
    scored = [t for _, end, first in found for t in range(first, end)]
    assert scored == list(range(time))
    assert all(end - first <= reach for first, end, _ in found)
    assert all(scored - first >= reach // 2 for first, _, scored in found[1:])


@pytest.mark.parametrize("name", [name for name, core in cores().items() if core.state])
def test_a_recurrent_network_reads_on_whatever_the_stretches(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    core = cores()[name]
    weights, ids = weights_of(core), RNG.integers(0, VOCAB, (3, 40))
    whole = network(core, ids, weights)["logits"]
    np.testing.assert_allclose(predicted(core, ids, weights, 7), whole, atol=1e-12)
    monkeypatch.setattr("seqlab.reference.reading.MOST_NUMBERS", 200)  # a row and a few steps at a time
    np.testing.assert_allclose(predicted(core, ids, weights, 7), whole, atol=1e-12)
    np.testing.assert_allclose(last_predicted(core, ids, weights), whole[:, -1], atol=1e-12)


def test_a_transformer_sees_no_further_than_its_window(monkeypatch: pytest.MonkeyPatch) -> None:
    core = cores()["transformer"]
    weights, ids = weights_of(core), RNG.integers(0, VOCAB, (2, 21))
    found = predicted(core, ids, weights, 6)
    assert found.shape == (2, 21, VOCAB)
    np.testing.assert_allclose(found[:, :6], network(core, ids[:, :6], weights)["logits"], atol=1e-12)
    np.testing.assert_allclose(found[:, 6:9], network(core, ids[:, 3:9], weights)["logits"][:, 3:], atol=1e-12)
    np.testing.assert_allclose(found[:, 18:], network(core, ids[:, 15:], weights)["logits"][:, 3:], atol=1e-12)
    monkeypatch.setattr("seqlab.reference.reading.MOST_NUMBERS", 1)
    np.testing.assert_allclose(predicted(core, ids, weights, 6), found, atol=1e-12)
    np.testing.assert_allclose(last_predicted(core, ids, weights), network(core, ids, weights)["logits"][:, -1],
                               atol=1e-12)


def test_sequences_of_any_lengths_come_back_in_their_order() -> None:
    core = cores()["gru"]
    weights = weights_of(core)
    sequences = [RNG.integers(0, VOCAB, length) for length in (5, 3, 5, 2, 9)]
    for ids, logits in zip(sequences, each_predicted(core, sequences, weights, 9), strict=True):
        np.testing.assert_allclose(logits, network(core, ids[None, :-1], weights)["logits"][0], atol=1e-12)


def test_surprise_is_the_logarithm_of_the_probability() -> None:
    targets = RNG.integers(0, VOCAB, (4, 6))
    np.testing.assert_allclose(surprise(np.zeros((4, 6, VOCAB)), targets), np.log(VOCAB))
    sure = np.where(np.arange(VOCAB) == targets[..., None], 500.0, 0.0)
    assert surprise(sure, targets).max() == 0
    assert surprise(-sure, targets).min() > 500
    with pytest.raises(IndexError):
        surprise(sure, targets + VOCAB)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("name", ["gru", "transformer"])
def test_a_network_that_diverged_is_told(name: str) -> None:
    core = cores()[name]
    weights = dict(weights_of(core)) | {"decoder.bias": np.full(VOCAB, np.nan)}
    for reads in (lambda: predicted(core, np.ones((1, 4), int), weights, 4),
                  lambda: last_predicted(core, np.ones((1, 4), int), weights)):
        with pytest.raises(Fault, match="diverged"):
            reads()


@pytest.mark.parametrize("name", ["rnn_tanh", "transformer"])
@pytest.mark.parametrize("one_hot", [True, False])
def test_a_row_of_the_matrix_is_what_a_one_hot_code_times_the_weights_gives(name: str, one_hot: bool) -> None:
    weights = weights_of(cores()[name], one_hot)
    called, W = input_matrix(weights)
    assert called.startswith("core" if one_hot else "encoder")
    assert len(W) == VOCAB
    np.testing.assert_array_equal(np.eye(VOCAB) @ W, W)
    if one_hot:
        np.testing.assert_array_equal(weights[called] @ np.eye(VOCAB)[4], W[4])


def test_similarity_is_a_cosine() -> None:
    rows = np.array([[1.0, 0.0], [2.0, 0.0], [0.0, 3.0], [-1.0, 0.0], [0.0, 0.0]])
    np.testing.assert_allclose(similarity(rows)[0], [1, 1, 0, -1, 0])
