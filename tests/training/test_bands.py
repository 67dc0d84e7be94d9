"""Bands over seeds: measured together, stored small, and holding the seeds they were made of."""

from pathlib import Path

import numpy as np
import pytest
import torch

from seqlab.errors import Fault
from seqlab.training import bands as stored
from seqlab.training.band_runs import bands
from seqlab.training.bands import Bands
from seqlab.training.config import RunConfig
from seqlab.training.loop import evaluate, learner, updates
from tests.support.runs import tiny_config

SEEDS = range(8)
CONFIG = tiny_config(task={"name": "hello"}, batch=2, steps=24, evaluate_every=12, optimiser={"lr": 0.02})


@pytest.fixture(scope="module")
def measured() -> Bands:
    return bands(CONFIG, SEEDS)


def curve(seed: int) -> tuple[list[float], list[float]]:
    """Losses of a run alone, and its accuracies at steps 12 and 24."""
    state = learner(RunConfig.model_validate(CONFIG.model_dump() | {"seed": seed}), torch.device("cpu"))
    losses, accuracies = [], []
    for step in updates(state):
        losses.append(state.collect().loss)
        accuracies += [evaluate(state)["accuracy"]] if step % 12 == 0 else []
    return losses, accuracies


def test_a_band_holds_its_own_seeds_and_no_other_run(measured: Bands) -> None:
    losses, accuracies = zip(*(curve(seed) for seed in SEEDS), strict=True)
    steps, band = np.arange(1.0, 25.0), measured.columns["loss"]
    assert band.steps == tuple(range(1, 25))
    assert measured.columns["evaluation"].steps == (12, 24)
    np.testing.assert_allclose(band.lines, np.percentile(losses, (10, 50, 90), axis=0), atol=2e-4)
    np.testing.assert_allclose(measured.columns["evaluation"].lines, np.percentile(accuracies, (10, 50, 90), axis=0),
                               atol=1e-4)
    inside = np.array([band.holds(steps, np.array(row)) for row in losses])
    assert (inside.sum(0) == 6).mean() > 0.8  # of eight the lowest and the highest lie outside
    assert not band.holds(steps, np.full(24, 9.0)).any()
    assert not band.holds(steps[:1], np.array([np.nan])).any()


def test_it_is_a_small_file_that_knows_its_config(measured: Bands, tmp_path: Path) -> None:
    file = tmp_path / "new" / "hello.json"
    measured.write(file)
    assert file.stat().st_size < 4000
    again = stored.read(file)
    assert again == measured
    assert again.fit(RunConfig.model_validate(CONFIG.model_dump() | {"seed": 77, "name": "mine"}))
    assert not again.fit(RunConfig.model_validate(CONFIG.model_dump() | {"batch": 3}))


@pytest.mark.parametrize("content", ["", "[]", '{"config": "a", "seeds": [1], "columns": {"loss": {"steps": [2, 1], '
                                     '"lines": [[1, 1], [1, 1], [1, 1]]}}}', '{"columns": 3}'])
def test_a_file_that_holds_none_is_a_fault(content: str, tmp_path: Path) -> None:
    (tmp_path / "band.json").write_text(content)
    with pytest.raises(Fault, match=r"band\.json holds no bands"):
        stored.read(tmp_path / "band.json")
    with pytest.raises(Fault, match="cannot be read"):
        stored.read(tmp_path / "none.json")


def test_a_seed_that_diverges_and_one_seed_alone_make_no_band() -> None:
    curves = {"loss": ([1, 2], np.array([[1.0, 2.0], [1.0, np.nan]]))}
    with pytest.raises(Fault, match="With seed 4 the loss is no finite number"):
        stored.of_curves(CONFIG, (3, 4), curves)
    with pytest.raises(Fault, match="two seeds"):
        stored.of_curves(CONFIG, (3,), {})


def test_what_cannot_train_together_has_bands_too() -> None:
    config = RunConfig.model_validate(CONFIG.model_dump() | {"network": {"hidden": 4, "dropout": 0.2}, "steps": 2})
    assert bands(config, (0, 1)).columns["loss"].steps == (1, 2)
