"""Engines on an outside cluster: workers that die under their runs, and a scheduler that dies and comes back."""

import time
from pathlib import Path

import numpy as np
import pytest

from seqlab.errors import Fault
from seqlab.training import control, status
from seqlab.training.ending import MOST_LOSSES, Losses
from seqlab.training.engine import Engine
from seqlab.training.run import create
from tests.support.clusters import foreign_cluster, free_port
from tests.support.runs import same_as_alone, small_config
from tests.support.waiting import wait_for

DROPOUT = {"hidden": 16, "embedding": 8, "dropout": 0.4}
LONG = {"steps": 100_000, "evaluate_every": 100_000}


def test_runs_of_a_worker_that_dies_go_on_elsewhere_and_pictures_never_wait(tmp_path: Path) -> None:
    """The worker that trains is killed under all its runs, then the one that answers; a plain one is left.

    Each run goes on once, and comes to what it comes to alone, to the bit.
    """
    with foreign_cluster(port := free_port(), "train=1", "evaluate=1", "") as (_, trains, answers, _):
        engine = Engine(tmp_path, f"tcp://127.0.0.1:{port}")
        wait_for(lambda: engine._workers.there == 3)
        runs = [engine.start(small_config(**LONG, network=DROPOUT, seed=seed)) for seed in range(3)]
        wait_for(lambda: all(run.status.step > 30 for run in runs))
        assert engine.devices().result()[-1] == "cpu"
        assert {run.status.pid for run in runs} == {trains.pid}
        trains.kill()
        wait_for(lambda: all(run.status.resumed and run.status.state == "running" for run in runs))
        answers.kill()
        wait_for(lambda: engine._workers.there == 1)
        assert engine.devices().result()[-1] == "cpu"
        assert all(run.status.state == "running" for run in runs)
        for run in runs:
            control.stop(run)
        wait_for(lambda: not engine.running())
        engine.close()
    for run in runs:
        last = run.status
        assert (last.state, last.resumed, last.pid == trains.pid) == ("stopped", 1, False)
        assert np.all(np.diff(run.metrics()["step"]) > 0)
        assert same_as_alone(run)


def test_a_run_under_which_one_worker_after_another_goes_away_is_given_up(tmp_path: Path) -> None:
    run, losses = create(tmp_path, small_config()), Losses()
    assert all(losses.goes_on(run) for _ in range(MOST_LOSSES))
    status.write(run.path, run.status, step=5)
    assert all(losses.goes_on(run) for _ in range(MOST_LOSSES))
    assert not losses.goes_on(run)
    assert run.status.state == "failed"
    assert "again and again" in run.status.message


def test_an_address_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    engine = Engine(tmp_path, "http://127.0.0.1:9")
    run = engine.start(small_config())
    wait_for(lambda: run.status.state == "failed")
    assert run.status.message == engine.failure
    assert engine.failure.startswith("SEQLAB_SCHEDULER is http://127.0.0.1:9, which cannot be used")
    engine.close()


def test_a_scheduler_that_dies_and_comes_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The first one is not there yet when the engine starts; the second dies with its worker in mid-run."""
    port = free_port()
    address = f"tcp://127.0.0.1:{port}"
    engine = Engine(tmp_path, address)
    run, second = engine.start(small_config(**LONG)), engine.start(small_config())
    wait_for(lambda: engine.awaited.startswith(f"The scheduler at {address} does not answer"))
    with pytest.raises(Fault, match="does not answer; everything goes on by itself"):
        engine.devices()
    assert [run.status.state, second.status.state] == ["queued"] * 2

    with foreign_cluster(port):
        wait_for(lambda: run.status.step > 20)
        assert not engine.awaited
        died = time.monotonic()
    wait_for(lambda: engine.awaited)
    noticed = time.monotonic() - died
    wait_for(lambda: engine.queued() == [run.id, second.id])

    with foreign_cluster(port):
        back = time.monotonic()
        wait_for(lambda: not engine.awaited)
        connected = time.monotonic() - back
        wait_for(lambda: run.status.state == "running" and run.status.resumed == 1)
        resumed = time.monotonic() - back
        control.stop(run)
        wait_for(lambda: second.status.state == "finished")
        engine.close()
    with capsys.disabled():
        print(f"\n[a scheduler that was killed: said after {noticed:.1f} s; started again with a new worker, it is "
              f"connected after {connected:.1f} s, and the run trains after {resumed:.1f} s]")
    assert noticed < 20
