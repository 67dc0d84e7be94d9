"""A group of runs in one program: each is an ordinary folder, steered by itself, and learns what it learns alone."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from seqlab.training import batched, control, group_session
from seqlab.training.config import RunConfig
from seqlab.training.group_session import train_together
from seqlab.training.pace import Pace
from seqlab.training.run import Run, create
from seqlab.training.session import train
from seqlab.training.status import Status
from seqlab.training.sweep import define
from tests.support.runs import tiny_config

STEPS, STOPPED = 12, 5


def begun(folder: Path, configs: Sequence[RunConfig]) -> list[Run]:
    return [create(folder, config, f"p{place}") for place, config in enumerate(configs)]


def points() -> list[RunConfig]:
    """Eight points of a grid; one reaches its goal at once."""
    base = tiny_config(steps=STEPS, evaluate_every=6)
    sweep = define("grid", base, {"seed": "1,2", "optimiser.lr": "0.001,0.002,0.004,0.008"})
    configs = [point.config for point in sweep.points]
    configs[4] = RunConfig.model_validate(configs[4].model_dump() | {"stop_at": 1e-6})
    return configs


def test_a_sweep_has_the_curves_that_its_points_have_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Pace, "publishes", lambda pace, passes_on: True)  # every update
    monkeypatch.setattr(Pace, "keeps", lambda pace, step, last, steps: False)  # snapshots at the ends alone
    alone = begun(tmp_path / "alone", points())
    for run in alone:
        train(run.path)
    together = begun(tmp_path / "together", points())
    stopped, paused = together[2], together[3]
    sent: list[str] = []

    def steer(now: Status) -> None:
        if stopped.status.step == STOPPED and "stop" not in sent:
            control.stop(stopped)
            sent.append("stop")
        if together[0].status.state == "finished" and "resume" not in sent:
            assert (paused.status.state, paused.status.step) == ("paused", 0)
            control.resume(paused)
            sent.append("resume")

    control.pause(paused)
    train_together([run.path for run in together], steer)
    assert sent == ["stop", "resume"]
    assert [run.status.state for run in together] == ["finished"] * 2 + ["stopped"] + ["finished"] * 5
    assert [run.status.step for run in together] == [run.status.step if run is not alone[2] else STOPPED
                                                     for run in alone]
    for one, other in zip(alone, together, strict=True):
        ours, theirs, count = one.metrics(), other.metrics(), other.status.step
        np.testing.assert_array_equal(ours["step"][:count], theirs["step"])
        for column in ("loss", "grad_norm", "lr"):
            np.testing.assert_allclose(ours[column][:count], theirs[column], rtol=0, atol=1e-5)
        np.testing.assert_allclose(ours["evaluation"][:count], theirs["evaluation"], rtol=0, atol=0.002)
    assert stopped.snapshots()[-1] == STOPPED


def test_a_run_that_was_stopped_in_a_group_goes_on_alone(tmp_path: Path) -> None:
    alone, together = (begun(tmp_path / name, points()[:2]) for name in ("alone", "together"))
    train(alone[0].path)
    control.send(together[0], "interrupt")
    train_together([run.path for run in together])
    assert [run.status.state for run in together] == ["interrupted", "finished"]
    assert train(together[0].path).state == "finished"
    ours, theirs = alone[0].weights(STEPS), together[0].weights(STEPS)
    assert all(np.array_equal(ours[name], theirs[name]) for name in ours)  # it left before the first update


def test_what_cannot_train_together_trains_all_the_same(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    odd = tiny_config(network={"hidden": 8, "embedding": 4, "dropout": 0.5}, steps=3)
    other = tiny_config(network={"hidden": 6, "embedding": 4}, steps=3)
    runs = begun(tmp_path, [tiny_config(steps=3), tiny_config(steps=3, seed=1), odd, other])
    with caplog.at_level("INFO", "seqlab"):
        train_together([*(run.path for run in runs), tmp_path / "nothing"])
    assert [run.status.state for run in runs] == ["finished"] * 4
    assert "Dropout draws its mask for one network" in caplog.text
    assert "nothing trains alone" in caplog.text


def test_an_update_that_fails_ends_its_runs_with_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def burst(group: batched.Group) -> None:
        raise MemoryError

    runs = begun(tmp_path, points()[:2])
    monkeypatch.setattr(group_session.Group, "update", burst)
    train_together([run.path for run in runs])
    for run in runs:
        assert run.status.state == "failed"
        assert "not enough memory" in run.status.message
