"""Torch's answers to the beginnings of a review, and the final test."""

from pathlib import Path

import numpy as np
import pytest

from seqlab.data import review_preparation
from seqlab.lenses import beginnings, final
from seqlab.reference.prefixes import at_each
from seqlab.training.config import RunConfig
from seqlab.training.run import Run, create
from seqlab.training.session import train


@pytest.fixture(scope="module", params=["elman", "dense", "encoder"])
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Run:
    made = create(tmp_path_factory.mktemp("runs"), RunConfig(
        batch=16, steps=20, device="cpu", task={"name": "sentiment", "words": 80},
        network={"model": request.param, "hidden": 12, "heads": 2, "embedding": 6, "pooling": "max"}))
    train(made.path)
    return made


def test_they_are_the_reference_s(run: Run) -> None:
    ids = np.random.default_rng(0).integers(0, 84, 15)
    counts, p = at_each(run.core, ids, run.weights(20, "float64"))
    found = beginnings.answers(str(run.path), 20, ids, counts.tolist())
    np.testing.assert_allclose(found["float64"], p, atol=1e-12)
    np.testing.assert_allclose(found["float32"], p, atol=2e-6)


def test_the_final_test_reads_all_of_the_test_set(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    known = review_preparation.to_test
    monkeypatch.setattr(review_preparation, "to_test", lambda name, reader: asked.append(name) or known(name, reader))
    found = final.measured(str(run.path), 20)
    assert asked == ["opinions"]
    assert found["count"] == 1000
    assert 0 <= found["low"] < found["accuracy"] < found["high"] <= 1
    assert found["loss"] > 0
    assert Path(run.path).exists()
