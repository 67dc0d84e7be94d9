"""Runs that nobody holds any more: found by what their folders say, and trained on by the next engine."""

import errno
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

import pytest

from seqlab.errors import Fault
from seqlab.training import control, ending, session, status
from seqlab.training.abandoned import Abandoned
from seqlab.training.engine import Engine
from seqlab.training.fork import go_on
from seqlab.training.recorder import held, is_held
from seqlab.training.run import Run, create
from seqlab.training.sweep import define
from seqlab.training.sweeps import Sweeps
from tests.support.runs import small_config, stop_run, tiny_config
from tests.support.waiting import wait_for

LONG = {"steps": 3000, "evaluate_every": 3000}

NOBODY = "tcp://127.0.0.1:9"


def quiet_since(run: Run, seconds: float) -> None:
    then = time.time() - seconds
    os.utime(run.path / status.FILE, (then, then))


@pytest.mark.parametrize("state", ["queued", "running", "paused"])
@pytest.mark.parametrize("seconds", [10.0, -3600.0])
def test_an_active_run_that_nobody_holds_is_abandoned(make_run: Callable[..., Run], state: status.State,
                                                      seconds: float) -> None:
    run = make_run()
    status.write(run.path, status.read(run.path), state=state)
    looking = Abandoned(run.path.parent)
    assert looking.look(()) == []  # it was touched a moment ago
    quiet_since(run, seconds)
    with held(run.path):
        assert looking.look(()) == []
    assert looking.look([run.id]) == []
    assert [left.id for left in looking.look(())] == [run.id]
    status.write(run.path, status.read(run.path), state="finished")
    quiet_since(run, seconds)
    assert looking.look(()) == []
    status.write(run.path, status.read(run.path), state=state)
    quiet_since(run, seconds)
    assert [left.id for left in looking.look(())] == [run.id]


@pytest.mark.parametrize("state", ["running", "paused"])
def test_a_run_that_was_recorded_belongs_to_its_own_loop(make_run: Callable[..., Run], state: status.State) -> None:
    run = make_run()
    status.write(run.path, status.read(run.path), state=state, recorded=True, step=7)
    control.stop(run)
    assert run.status.state == state  # its loop obeys, nobody else
    quiet_since(run, 60)
    assert Abandoned(run.path.parent).look(()) == []
    assert not ending.put_back(run)
    assert run.status.state == "interrupted"
    assert "fell silent at step 7" in run.status.message
    with pytest.raises(Fault, match="no snapshot"):  # itself never goes on here; a new run would, from a snapshot
        go_on(run, run.path.parent)


def test_abandoned_runs_come_in_the_order_in_which_they_were_started(tmp_path: Path) -> None:
    runs = [create(tmp_path, tiny_config(), id=name) for name in ("c", "a", "b")]
    for place, run in enumerate(runs):
        status.write(run.path, status.read(run.path), started=1000.0 + place)
        quiet_since(run, 10)
    (tmp_path / "broken").mkdir()
    (tmp_path / "results").mkdir()
    assert [run.id for run in Abandoned(tmp_path).look(())] == ["c", "a", "b"]


def test_what_never_began_is_promised_no_snapshot(make_run: Callable[..., Run]) -> None:
    run = make_run()
    quiet_since(run, 60)
    assert run.status.state == "interrupted"
    assert "snapshot" not in run.status.message
    assert session.train(run.path).state == "finished"


def test_a_queue_survives_its_server(tmp_path: Path) -> None:
    """What a server leaves that was killed: a run in training, one that is paused, one that was stopped, a queue."""
    states: list[status.State] = ["running", "paused", "queued", "stopped", "queued", "interrupted"]
    runs = [create(tmp_path, tiny_config(), id=name) for name in ("f", "a", "e", "b", "d", "c")]
    for place, (run, state) in enumerate(zip(runs, states, strict=True)):
        status.write(run.path, status.read(run.path), state=state, started=1000.0 + place, step=5)
        quiet_since(run, 10)
    other = Engine(tmp_path, NOBODY)  # as a sweep in a terminal has one: it leaves them
    server = Engine(tmp_path, NOBODY, adopts=True)
    try:
        wait_for(lambda: server.queued() == ["f", "a", "e", "d"])
        assert [run.status.state for run in runs] == ["queued", "paused", "queued", "stopped", "queued", "interrupted"]
        assert other.queued() == []
        control.stop(runs[1])
        assert runs[1].status.state == "stopped"
        assert server.queued() == ["f", "e", "d"]
    finally:
        server.close()
        other.close()


def test_a_server_that_is_closed_in_order_goes_on_too(tmp_path: Path) -> None:
    engine = Engine(tmp_path, workers=1, adopts=True)
    first, second = engine.start(small_config(**LONG)), engine.start(small_config(**LONG))
    wait_for(lambda: first.status.step > 20)
    control.pause(first)
    wait_for(lambda: first.status.state == "paused")
    engine.close()
    at, done = first.snapshots()[-1], second.status.step
    assert (first.status.state, second.status.state) == ("paused", "queued")

    engine = Engine(tmp_path, workers=1, adopts=True)
    wait_for(lambda: first.status.resumed == 1 and second.status.step > done)
    assert (first.status.state, first.status.step) == ("paused", at)
    stop_run(first)
    stop_run(second)
    engine.close()


def test_a_sweep_survives_its_server(tmp_path: Path) -> None:
    sweep = define("", tiny_config(), {"network.hidden": [4, 8]})
    engine = Engine(tmp_path, workers=1, adopts=True)
    engine.sweeps.go_on(sweep)
    engine.close()
    assert not Sweeps(tmp_path).going(sweep.id)
    engine = Engine(tmp_path, workers=1, adopts=True)
    wait_for(lambda: [run.status.state for run in Sweeps(tmp_path).runs(sweep)] == ["finished"] * 2)
    wait_for(lambda: not Sweeps(tmp_path).left())
    engine.close()


def test_over_nfs_it_is_known_who_holds_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There a file that is open for reading cannot be locked by one alone: the kernel answers with a bad descriptor."""
    fcntl = pytest.importorskip("fcntl")
    lock = fcntl.flock

    def over_nfs(file: IO[bytes], how: int) -> None:
        if how & fcntl.LOCK_EX and not file.writable():
            raise OSError(errno.EBADF, "Bad file descriptor")
        lock(file, how)

    monkeypatch.setattr(fcntl, "flock", over_nfs)
    with held(tmp_path):
        assert is_held(tmp_path)
    assert not is_held(tmp_path)
    with held(tmp_path):
        assert is_held(tmp_path)
