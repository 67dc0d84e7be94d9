"""Torch's side of the sentiment view against NumPy's short cuts, on trained runs of the stand-in."""

from pathlib import Path

import numpy as np
import pytest

from seqlab.data.texts import read
from seqlab.errors import Fault
from seqlab.lenses.sentiment import view
from seqlab.reference.network import network
from seqlab.reference.sentiment import without_each, won
from seqlab.training.config import RunConfig
from seqlab.training.run import Run, create
from seqlab.training.session import train

TEXT = "i saw this film last week . although the plot was dull the acting was never bad . i did not want it to end"
ALLOWED = {"float64": 1e-12, "float32": 1e-4}


@pytest.fixture(scope="module", params=["dense", "elman", "gru", "lstm", "encoder"])
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Run:
    network = {"model": request.param, "hidden": 12, "embedding": 6, "heads": 2, "pooling": "max"}
    made = create(tmp_path_factory.mktemp("runs"), RunConfig(
        task={"name": "sentiment", "words": 200}, batch=16, steps=20, evaluate_every=20, device="cpu", network=network))
    assert train(made.path).state == "finished"
    return made


def test_torch_reads_it_the_same(run: Run) -> None:
    ids = read(TEXT, run.vocabulary, 300).ids
    places = range(0, len(ids), 3)
    theirs = view(str(run.path), 20, ids, places)
    for dtype, allowed in ALLOWED.items():
        weights, there = run.weights(dtype=dtype), theirs[dtype]
        trace = network(run.core, ids[None], weights, pooling="max")
        np.testing.assert_allclose(trace["p"][0], there["p"], atol=allowed)
        np.testing.assert_allclose(trace["pooled"][0, -1], there["pooled"], atol=allowed)
        np.testing.assert_allclose(without_each(run.core, ids, weights)[list(places)], there["without"], atol=allowed)
        if dtype == "float64":
            np.testing.assert_array_equal(won(trace, weights).word, there["won"])


def test_a_change_of_one_weight_is_seen(run: Run) -> None:
    """The badge must not be green by itself."""
    ids = read(TEXT, run.vocabulary, 300).ids
    weights = dict(run.weights(dtype="float64"))
    weights["decoder.weight"] = weights["decoder.weight"] * 1.01
    there = view(str(run.path), 20, ids, [3])["float64"]
    assert np.abs(without_each(run.core, ids, weights)[3] - there["without"][0]).max() > 1e-8


def test_a_snapshot_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(Fault):
        view(str(tmp_path / "nothing"), 3, np.array([1, 2]), [0])
