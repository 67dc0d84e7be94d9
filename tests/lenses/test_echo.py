from pathlib import Path

import numpy as np
import pytest

from seqlab.lenses import echo
from seqlab.training.config import NetworkConfig, RunConfig
from seqlab.training.run import Run, create
from seqlab.training.session import train


def test_every_delay_has_its_accuracy(run: Run) -> None:
    found = echo.by_delay(str(run.path), run.snapshots()[-1], strings=200)
    assert list(found) == list(run.config.task_config.delays)
    assert all(0 <= share <= 1 for share in found.values())
    assert found == echo.by_delay(str(run.path), run.snapshots()[-1], strings=200)


def test_lengths_beyond_the_trained_one_are_measured_and_impossible_ones_are_not_numbers(run: Run) -> None:
    lengths = [1, 2, 3, 8, 40]
    found = echo.by_length(str(run.path), run.snapshots()[-1], lengths, strings=60)
    fixed = run.config.task_config.form == "fixed"
    assert np.isnan(found).tolist() == [fixed, fixed, False, False, False]
    assert ((found >= 0) & (found <= 1) | np.isnan(found)).all()


def test_lengths_beyond_learned_positions_are_not_numbers(tmp_path: Path) -> None:
    network = NetworkConfig(model="transformer", hidden=8, heads=2, embedding=4, positions="learned", context=26)
    run = create(tmp_path, RunConfig(task={"name": "echo", "delay": 1, "length": 6}, steps=2, batch=4, network=network,
                                     device="cpu"))
    assert train(run.path).state == "finished"
    found = echo.by_length(str(run.path), 2, [1, 20, 26, 27, 200], strings=20)
    assert np.isnan(found).tolist() == [False, False, False, True, True]


def test_a_network_before_training_is_near_chance(run: Run) -> None:
    assert np.mean(list(echo.by_delay(str(run.path), 0, strings=1000).values())) == pytest.approx(1 / 26, abs=0.04)
