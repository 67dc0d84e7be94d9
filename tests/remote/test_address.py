"""Pages and workers that share nothing but an address in a bucket: each is a process with folders of its own."""

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from seqlab import paths, remote
from seqlab.__main__ import main
from seqlab.lenses import opened
from seqlab.remote import store as addresses
from seqlab.training import control
from seqlab.training.engine import Engine
from seqlab.training.run import Run, create
from seqlab.training.session import train
from tests.support.clusters import foreign_cluster, free_port
from tests.support.runs import small_config
from tests.support.stores import bucket
from tests.support.waiting import wait_for


def _seconds_until(condition: Callable[[], object]) -> float:
    """How long it takes until a condition holds."""
    began = time.monotonic()
    wait_for(condition, pause=0.005)
    return round(time.monotonic() - began, 2)


def _seen_after(run: Run, elsewhere: Run) -> float:
    """Seconds from a point that the worker publishes until the pages have it."""
    count = len(elsewhere.metrics()["step"]) + 1
    wait_for(lambda: len(elsewhere.metrics()["step"]) >= count, pause=0.005)
    return _seconds_until(lambda: len(run.metrics()["step"]) >= count)


def _obeyed_after(run: Run, elsewhere: Run, command: str, state: str) -> tuple[float, float]:
    """Seconds until a worker obeys a command, and from then on until the pages see that."""
    control.send(run, command)
    return (_seconds_until(lambda: elsewhere.status.state == state), _seconds_until(lambda: run.status.state == state))


@pytest.mark.slow
def test_a_run_is_trained_watched_and_steered_through_a_bucket(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The bucket is taken away in the middle and given back; the weights are those that come of it without one."""
    with bucket(tmp_path) as store:
        for name, value in (store.environment | {"SEQLAB_CACHE": str(tmp_path / "pages")}).items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("SEQLAB_RUNS", store.address)
        monkeypatch.setattr(addresses, "PATIENCE", 2.0)
        there = tmp_path / "worker"
        own = store.environment | {"SEQLAB_CACHE": str(there), "SEQLAB_RUNS": ""}
        with foreign_cluster(port := free_port(), "train=1", **own):
            engine = Engine(paths.runs(), f"tcp://127.0.0.1:{port}")
            run = engine.start(small_config(steps=1_000_000, evaluate_every=1_000_000))
            wait_for(lambda: run.status.step > 30)
            elsewhere = Run(next(there.glob(f"addresses/*/0/runs/{run.id}")))
            delays = [_seen_after(run, elsewhere) for _ in range(3)]
            steered = [_obeyed_after(run, elsewhere, *asked) for asked in (("pause", "paused"), ("resume", "running"))]
            told = f"points are seen after {delays} s; commands are obeyed and that is seen after {steered} s; "
            paused_at = elsewhere.status.step
            wait_for(lambda: run.newest > paused_at)
            middle = run.newest
            weights = run.weights(middle)
            store.take_away()
            wait_for(lambda: "cannot be reached" in remote.trouble(run.path))
            step = elsewhere.status.step
            wait_for(lambda: elsewhere.status.step > step + 50)
            assert run.status.step < elsewhere.status.step
            assert (run.status.state, engine.running()) == ("running", [run.id])
            store.give_back()
            caught_up = _seconds_until(lambda: run.status.step > step + 50)
            control.stop(run)
            ended = _seconds_until(lambda: not engine.running())
            told += f"once the bucket is back, the page knows all after {caught_up} s, and a stop takes {ended} s"
            assert run.status.state == "stopped"
            engine.close()
        assert all(np.array_equal(array, elsewhere.weights()[name]) for name, array in run.weights().items())
        assert opened.network(str(run.path), run.newest)
        alone = create(tmp_path / "alone", run.config.model_copy(update={"steps": middle}))
        train(alone.path)
        assert all(np.array_equal(array, alone.weights()[name]) for name, array in weights.items())
        remote.let_go(engine.root)
        monkeypatch.setenv("SEQLAB_CACHE", str(tmp_path / "third"))
        monkeypatch.setenv("SEQLAB_RUNS", store.address)
        capsys.readouterr()
        main(["show", run.id])
        assert "stopped" in capsys.readouterr().out
        remote.let_go(paths.runs())
    with capsys.disabled():
        print(f"\n[through a bucket: {told}]")
