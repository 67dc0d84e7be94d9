"""The networks that come with seqlab: all there, all good, all proved, and small."""

from pathlib import Path

import numpy as np
import pytest

from seqlab.agreement import compare
from seqlab.lenses import echo, proof
from seqlab.reference.network import network
from seqlab.studies import shipped
from seqlab.tasks.echo import inputs_for
from seqlab.training.config import RunConfig
from seqlab.training.run import Run

CHECKPOINTS = Path(__file__).parents[2] / "checkpoints"
NAMES = list(shipped.configs())


def opened(name: str) -> Run:
    return Run(CHECKPOINTS / name)


def test_what_is_shipped_is_what_the_command_makes() -> None:
    assert sorted(path.name for path in CHECKPOINTS.iterdir()) == sorted(NAMES)
    for name, config in shipped.configs().items():
        assert opened(name).config == RunConfig(**config)


def test_all_of_it_stays_small() -> None:
    assert sum(file.stat().st_size for file in CHECKPOINTS.rglob("*")) < 40e6


@pytest.mark.parametrize("name", NAMES)
def test_it_echoes_better_than_published(name: str) -> None:
    run = opened(name)
    found = echo.by_delay(str(run.path), run.snapshots()[-1], seed=7)
    assert list(found) == list(run.config.task_config.delays)
    assert min(found.values()) >= 0.993


@pytest.mark.parametrize("name", NAMES)
def test_it_finishes_the_echo_of_a_word(name: str) -> None:
    run = opened(name)
    for delay in run.config.task_config.delays:
        condition = np.array([delay]) if run.sizes.conditions else None
        trace = network(run.core, inputs_for("remember", delay), run.weights(), condition=condition)
        assert trace["p"][0].argmax(-1)[delay:].tolist() == inputs_for("remember", 0)[0].tolist()


@pytest.mark.parametrize("name", NAMES)
def test_it_tells_the_story_and_every_frame_is_proved(name: str) -> None:
    run, ids = opened(name), inputs_for("story", 4)
    steps, condition = run.snapshots(), np.array([4]) if run.sizes.conditions else None
    assert 15 <= len(steps) <= 25
    assert (steps[0], steps[-1]) == (0, run.config.steps)
    for dtype in ("float32", "float64"):
        theirs = proof.passes(str(run.path), steps, ids, condition, dtype)
        for step, trace in zip(steps, theirs, strict=True):
            assert compare(network(run.core, ids, run.weights(step, dtype), condition=condition), trace).holds


@pytest.mark.parametrize("name", NAMES)
def test_it_has_its_papers_and_nothing_else(name: str) -> None:
    run = opened(name)
    assert run.status.state == "finished"
    assert {"seed", "torch", "data_sha256", "device"} <= set(run.passport)
    assert len(run.metrics()["step"]) > 10
    kinds = {file.relative_to(run.path).parts[0] for file in run.path.rglob("*") if file.is_file()}
    assert kinds == {"config.json", "metrics.jsonl", "passport.json", "status.json", "weights"}
