"""Engines on an outside cluster: one that declares nothing, and one that dies and comes back."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from seqlab.errors import Fault
from seqlab.training import control
from seqlab.training.engine import Engine
from tests.support.data import ROOT
from tests.support.runs import small_config
from tests.support.waiting import wait_for

LONG = {"steps": 100_000, "evaluate_every": 100_000}


def test_on_a_plain_worker_of_one_thread_questions_are_answered_while_runs_train(tmp_path: Path) -> None:
    """An outside cluster that declares nothing: a question does not wait for the two runs that share its worker."""
    with foreign_cluster(port := free_port()):
        engine = Engine(tmp_path, f"tcp://127.0.0.1:{port}")
        runs = [engine.start(small_config(**LONG)) for _ in range(2)]
        wait_for(lambda: all(run.status.step > 20 for run in runs))
        assert engine.trainers == 1
        assert engine.devices()[-1] == "cpu"
        assert all(run.status.state == "running" for run in runs)
        for run in runs:
            control.stop(run)
        wait_for(lambda: not engine.running())
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


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def foreign_cluster(port: int) -> Iterator[None]:
    """A scheduler and a worker in processes of their own, killed at the end."""
    address = f"tcp://127.0.0.1:{port}"
    parts = (["scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"],
             ["worker", address, "--host", "127.0.0.1", "--nthreads", "1", "--no-nanny", "--no-dashboard"])
    running = [subprocess.Popen([sys.executable, "-m", "dask", *part], cwd=ROOT, stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL, env=os.environ | {"PYTHONPATH": str(ROOT)})
               for part in parts]
    try:
        yield
    finally:
        for process in running:
            process.kill()
            process.wait()
