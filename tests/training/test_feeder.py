"""Sweeps through the real engine: a few points at a time, stopped, gone on with, never twice."""

import os
import shutil
import time
from pathlib import Path

import pytest

from seqlab.errors import Fault
from seqlab.training import control, feeder, status
from seqlab.training.engine import Engine
from seqlab.training.outcome import outcomes
from seqlab.training.run import Run, create
from seqlab.training.session import train
from seqlab.training.sweep import Sweep, define
from tests.support.runs import small_config, tiny_config
from tests.support.waiting import wait_for

LONG = {"steps": 100_000, "evaluate_every": 100_000}


def states(engine: Engine, sweep: Sweep) -> list[str]:
    return [one.state for one in outcomes(engine.root, sweep)]


def ended(engine: Engine, sweep: Sweep) -> None:
    wait_for(lambda: not engine.sweeps.feeds(sweep.id) and not engine.running(), 60)


def test_a_sweep_goes_on_by_itself_and_repeats_nothing(engine: Engine) -> None:
    sweep = define("all", small_config(steps=20, evaluate_every=10), {"seed": "1,2,3", "network.hidden": "4,8"})
    done, broken = sweep.points[2], sweep.points[4]
    train(create(engine.root, done.config, done.id).path)  # as an earlier sweep left it
    before = (engine.root / done.id / "metrics.jsonl").stat().st_mtime_ns
    diverged = create(engine.root, sweep.points[3].config, sweep.points[3].id)
    status.write(diverged.path, diverged.status, state="diverged", step=7)
    (engine.root / broken.id).mkdir()  # a server was killed right after it made this folder
    os.utime(engine.root / broken.id, (time.time() - 60,) * 2)
    engine.sweeps.go_on(sweep)
    assert engine.sweeps.sweeps.going(sweep.id)
    ended(engine, sweep)
    assert states(engine, sweep) == ["finished"] * 3 + ["diverged"] + ["finished"] * 2
    assert (engine.root / done.id / "metrics.jsonl").stat().st_mtime_ns == before
    assert not engine.sweeps.sweeps.going(sweep.id)
    assert engine.sweeps.faults.get(sweep.id) is None
    assert [Run(engine.root / one.id).config.seed for one in sweep.points] == [1, 1, 2, 2, 3, 3]


def test_no_more_points_are_begun_than_there_are_workers(engine: Engine) -> None:
    one_by_one = small_config(**LONG, network={"hidden": 16, "embedding": 8, "dropout": 0.1})
    sweep = define("long", one_by_one, {"seed": "1,2,3,4"})
    engine.sweeps.go_on(sweep)
    wait_for(lambda: states(engine, sweep).count("running") == 1)
    other = engine.start(small_config())  # another person's run takes turns with one point, not with all
    wait_for(lambda: other.status.state == "finished")
    assert states(engine, sweep).count("running") == 1
    assert len(engine.sweeps.sweeps.runs(sweep)) == 1
    engine.sweeps.go_on(sweep)  # pressed twice
    control.stop(engine.sweeps.sweeps.runs(sweep)[0])
    wait_for(lambda: len(engine.sweeps.sweeps.runs(sweep)) == 2 and states(engine, sweep).count("running") == 1)
    engine.sweeps.stop(sweep)
    ended(engine, sweep)
    assert sorted(states(engine, sweep)) == ["interrupted", "stopped", "waiting", "waiting"]
    stopped = next(one for one in outcomes(engine.root, sweep) if one.state == "interrupted")
    assert Run(engine.root / stopped.point.id).snapshots()[-1] == stopped.step > 0


def test_a_stopped_sweep_goes_on_from_where_it_was(engine: Engine) -> None:
    sweep = define("again", small_config(steps=300, evaluate_every=300), {"seed": "1,2"})
    engine.sweeps.go_on(sweep)
    wait_for(lambda: engine.sweeps.sweeps.runs(sweep))
    first = engine.sweeps.sweeps.runs(sweep)[0]
    wait_for(lambda: first.status.state == "running" and first.status.step > 2)
    control.pause(first)
    wait_for(lambda: first.status.state == "paused")
    at = first.status.step
    engine.sweeps.stop(sweep)
    engine.sweeps.go_on(sweep)  # at once: the worker may still be saving
    ended(engine, sweep)
    assert states(engine, sweep) == ["finished"] * 2
    assert 0 < at < 300
    assert (first.status.resumed, first.status.steps_repeated) == (1, 0)


def test_a_sweep_can_be_stopped_from_another_process(engine: Engine) -> None:
    sweep = define("far", small_config(**LONG), {"seed": "1,2"})
    engine.sweeps.go_on(sweep)
    wait_for(lambda: "running" in states(engine, sweep))
    (engine.root / ".sweeps" / f"{sweep.id}.going").unlink()
    ended(engine, sweep)
    assert "interrupted" in states(engine, sweep)


def test_a_sweep_that_always_fails_stands_still_and_says_why(engine: Engine) -> None:
    sweep = define("short", small_config(task={"name": "text", "corpus": "python-topics", "num_steps": 64},
                                         network={"hidden": 4}, batch=60_000, steps=1, evaluate_every=1),
                   {"seed": "1,2,3,4,5,6", "task.carry": "true"})  # no room for so many places in the text
    engine.sweeps.go_on(sweep)
    ended(engine, sweep)
    assert states(engine, sweep).count("failed") == feeder.FAILURES
    assert "take a smaller batch" in engine.sweeps.faults[sweep.id]


def test_a_mark_of_a_server_that_is_gone_is_old(tmp_path: Path) -> None:
    sweep = define("old", small_config(), {"seed": "1,2"})
    shelf = feeder.Sweeps(tmp_path)
    shelf.keep(sweep)
    shelf.mark(sweep.id)
    mark = tmp_path / ".sweeps" / f"{sweep.id}.going"
    os.utime(mark, (time.time() - 60,) * 2)
    assert not shelf.going(sweep.id)
    assert shelf.marked(sweep.id)


def test_a_sweep_that_cannot_be_written_is_a_fault(engine: Engine) -> None:
    folder = engine.root / ".sweeps"
    kept = engine.root / ".sweeps-kept"
    if folder.exists():
        shutil.move(folder, kept)
    folder.write_text("in the way")
    try:
        with pytest.raises(Fault, match="cannot be written"):
            engine.sweeps.go_on(define("", small_config(), {"seed": "1,2"}))
    finally:
        folder.unlink()
        if kept.exists():
            shutil.move(kept, folder)


def test_small_points_of_one_shape_train_in_one_program(engine: Engine) -> None:
    sweep = define("together", tiny_config(steps=30, evaluate_every=30),
                   {"network.hidden": "4,6", "optimiser.lr": "0.001,0.002,0.003"})
    engine.sweeps.go_on(sweep)
    ended(engine, sweep)
    assert states(engine, sweep) == ["finished"] * 6
    threes = [{point.id for point in sweep.points if point.config.network.hidden == units} for units in (4, 6)]
    began = {run.id: run.passport["together"] for run in engine.sweeps.sweeps.runs(sweep)}
    assert began == {point: 3 for three in threes for point in three}
