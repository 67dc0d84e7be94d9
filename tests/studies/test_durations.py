"""How long a training takes is told by runs that do the same work here, else by a moment of it."""

from pathlib import Path

import pytest

from seqlab.studies import durations
from seqlab.training import status
from seqlab.training.config import RunConfig
from seqlab.training.run import Run, create
from tests.support.runs import small_config


def a_run(root: Path, config: RunConfig, step: int, seconds: float) -> Run:
    run = create(root, config)
    status.write(run.path, run.status, state="stopped", step=step, seconds=seconds)
    return run


def test_the_longest_run_of_the_same_work_gives_the_pace(tmp_path: Path) -> None:
    config = small_config(steps=1000)
    other = config.model_copy(update={"seed": 9, "steps": 20, "name": "Another",
                                      "optimiser": config.optimiser.model_copy(update={"lr": 0.5})})
    wider = config.model_copy(update={"batch": 2 * config.batch})
    assert durations.by_runs(config, []) is None
    assert durations.by_runs(config, [a_run(tmp_path, wider, 100, 50.0), a_run(tmp_path, other, 0, 0.0)]) is None
    runs = [a_run(tmp_path, other, 10, 9.0), a_run(tmp_path, other, 20, 4.0), a_run(tmp_path, wider, 100, 50.0)]
    assert durations.by_runs(config, runs) == pytest.approx(200.0)


def test_a_moment_of_a_training_tells_how_long_all_of_it_takes() -> None:
    config = small_config(steps=100)
    short, long = durations.measured(config), durations.measured(config.model_copy(update={"steps": 10_000}))
    assert short > 0
    assert 10 < long / short < 1000  # a hundred times the steps; a busy machine is uneven
    assert durations.measured(config.model_copy(update={"steps": 1})) > 0
