"""The real engine: a Dask cluster with worker processes."""

import os
import signal
import subprocess
import sys
import threading
import time
import warnings
from pathlib import Path
from typing import NoReturn

import numpy as np
import pytest

from seqlab.errors import Fault
from seqlab.training import cluster, control, status
from seqlab.training.engine import Engine
from tests.support.runs import same_as_alone, small_config
from tests.support.waiting import wait_for

LONG = {"steps": 100_000, "evaluate_every": 100_000}


def test_a_run_trains_to_its_end_and_its_first_point_comes_soon(engine: Engine) -> None:
    engine.devices()
    wait_for(lambda: engine.ready)
    began = time.perf_counter()
    run = engine.start(small_config(), name="first")
    wait_for(lambda: run.metrics()["step"].size)
    assert time.perf_counter() - began < 20
    wait_for(lambda: run.status.state == "finished")
    assert run.name == "first"
    assert run.status.worker == "train-0"
    assert run.passport["threads"] == 1
    assert np.isfinite(run.weights()["decoder.bias"]).all()
    wait_for(lambda: not engine.running())


def test_a_worker_that_is_killed_ends_none_of_its_runs(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    """Three take turns in it: each goes on once, in another process, and becomes what it is alone, to the bit."""
    wait_for(lambda: not engine.running())
    runs = [engine.start(small_config(**LONG, seed=seed)) for seed in range(3)]
    wait_for(lambda: all(run.status.step > 40 for run in runs))
    killed = [run.status for run in runs]
    pid, = {now.pid for now in killed}
    os.kill(pid, signal.SIGKILL)
    wait_for(lambda: all(run.status.resumed and run.status.state == "running" for run in runs), 120)
    for run in runs:
        control.stop(run)
    wait_for(lambda: not engine.running())
    for run in runs:
        last = run.status
        assert (last.state, last.resumed, last.pid == pid) == ("stopped", 1, False)
        assert np.all(np.diff(run.metrics()["step"]) > 0)
        assert same_as_alone(run)
    with capsys.disabled():
        print(f"\n[SIGKILL at about steps {[now.step for now in killed]}: "
              f"{[run.status.steps_repeated for run in runs]} steps repeated]")


def test_places_in_the_queue(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    wait_for(lambda: not engine.running())
    monkeypatch.setattr(engine._workers, "each", 1)
    first, second, third = (engine.start(small_config(**LONG)) for _ in range(3))
    wait_for(lambda: first.status.state == "running")
    assert [engine.position(run.id) for run in (first, second, third)] == [0, 1, 2]
    wait_for(lambda: engine.expected(third.id))
    assert 0 < (engine.expected(second.id) or 0) < (engine.expected(third.id) or 0)
    assert engine.remaining(first.id)
    assert engine.expected(first.id) is None
    control.stop(second)
    assert second.status.state == "stopped"
    assert [engine.position(run.id) for run in (first, second, third)] == [0, 0, 1]
    control.stop(first)
    wait_for(lambda: third.status.state == "running")
    control.stop(third)
    wait_for(lambda: not engine.running())
    assert second.snapshots() == []


def test_one_owner_of_many_runs_leaves_the_others_their_share(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """All at once on one worker: it is the owners who share it, counted in updates; over the limit the rest wait."""
    wait_for(lambda: not engine.running())
    monkeypatch.setattr(engine._waiting, "at_once", lambda owner: 5)
    many = [engine.start(small_config(**LONG), owner="many") for _ in range(8)]
    one = engine.start(small_config(**LONG), owner="one")
    wait_for(lambda: one.status.step > 200 and sum(run.status.step for run in many) > 200)
    assert [run.id for run in many[5:]] == engine.queued()
    assert sorted(engine.running()) == sorted([one.id, *(run.id for run in many[:5])])
    steps = {run.id: run.status.step for run in (*many, one)}
    assert all(steps[run.id] for run in many[:5])
    assert steps[one.id] > sum(steps.values()) / 4  # a sixth of the runs, and about half of the time
    for run in (*reversed(many), one):
        control.stop(run)
    wait_for(lambda: not engine.running())


def test_a_stopped_run_goes_on_and_a_finished_one_becomes_a_new_one(engine: Engine) -> None:
    run = engine.start(small_config(**LONG))
    wait_for(lambda: run.status.step > 20)
    with pytest.raises(Fault, match=r"training still|already"):
        engine.resume(run)
    control.stop(run)
    wait_for(lambda: run.status.state == "stopped" and not engine.running())
    at = run.status.step
    assert engine.resume(run).id == run.id
    wait_for(lambda: run.status.step > at)
    early = run.snapshots()[1]
    other = engine.resume(run, from_step=early)
    assert other.id != run.id
    assert other.status.step == early
    control.stop(run)
    wait_for(lambda: other.status.step > early)
    control.stop(other)
    wait_for(lambda: not engine.running())


def test_questions_do_not_wait_for_training(engine: Engine) -> None:
    run = engine.start(small_config(**LONG))
    wait_for(lambda: run.status.state == "running")
    engine.devices()
    waits = []
    for _ in range(10):
        began = time.perf_counter()
        assert "cpu" in engine.ask("seqlab.training.device:available").result()
        waits.append(time.perf_counter() - began)
    control.stop(run)
    assert sorted(waits)[5] < 2


def test_a_fault_on_a_worker_is_the_same_fault_here(engine: Engine) -> None:
    with pytest.raises(Fault, match="no abacus device"):
        engine.ask("seqlab.training.device:choose", "abacus").result()
    with pytest.raises(Fault, match="AttributeError"):
        engine.ask("seqlab.training.device:nothing").result()
    for target in ("os:system", "seqlab.training.device", ""):
        with pytest.raises(Fault, match="not a function of seqlab"):
            engine.ask(target, "true").result()


def test_a_waiting_run_keeps_its_heartbeat(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine._workers, "each", 1)
    first, second = engine.start(small_config(**LONG)), engine.start(small_config(**LONG))
    wait_for(lambda: first.status.state == "running")
    control.pause(first)
    wait_for(lambda: first.status.state == "paused")
    then = first.status.updated, second.status.updated
    wait_for(lambda: first.status.updated > then[0] and second.status.updated > then[1])
    control.stop(second)
    control.stop(first)
    wait_for(lambda: not engine.running())


def test_closing_is_quick_and_keeps_what_was_trained(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        engine = Engine(tmp_path, workers=1)
        run = engine.start(small_config(**LONG))
        wait_for(lambda: run.status.step > 10)
        waiting = engine.start(small_config(**LONG))
        began = time.perf_counter()
        engine.close()
        assert time.perf_counter() - began < 20
    assert run.status.state == "interrupted"
    assert run.snapshots()[-1] == run.status.step
    assert not [thread for thread in set(threading.enumerate()) - before if thread.name == "seqlab-engine"]
    assert status.read(waiting.path).state in ("queued", "interrupted")


def test_the_web_process_never_loads_torch() -> None:
    modules = ("run", "status", "control", "library", "engine", "device", "snapshots", "archive", "worker")
    code = ("import sys\n" + "".join(f"import seqlab.training.{name}\n" for name in modules)
            + "sys.exit('torch' in sys.modules)")
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=Path(__file__).parents[2]).returncode == 0


def test_a_run_that_waits_for_workers_to_wake_is_not_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers may take longer to start than a run may be silent."""
    awake = threading.Event()

    def slow(trainers: int) -> NoReturn:
        awake.wait(30)
        raise OSError("it never starts")

    monkeypatch.setattr(cluster, "embedded", slow)
    engine = Engine(tmp_path)
    run = engine.start(small_config())
    os.utime(run.path / "status.json", (0, 0))
    wait_for(lambda: (run.path / "status.json").stat().st_mtime > 0)
    assert run.status.state == "queued"
    awake.set()
    wait_for(lambda: run.status.state == "failed")
    engine.close()
