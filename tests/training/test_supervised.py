"""Workers of our own cluster that die in every way there is: each is back within seconds."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from multiprocessing import forkserver

import pytest
from distributed import Client, SpecCluster

from seqlab.training import cluster, fork_server
from seqlab.training.beside import beside
from tests.support.waiting import wait_for

VICTIM = "train-0"


@pytest.fixture(scope="module")
def workers() -> Iterator[SpecCluster]:
    started = cluster.embedded(1)
    yield started
    started.close()


def kill(pid: int | None) -> None:
    if pid:
        os.kill(pid, signal.SIGKILL)


def the_worker(workers: SpecCluster) -> None:
    kill(workers.workers[VICTIM].pid)


def its_nanny(workers: SpecCluster) -> None:
    workers.loop.add_callback(workers.workers[VICTIM].close)


def while_it_starts(workers: SpecCluster) -> None:
    """Kill it, and whatever is started in its place before it has reported, again and again."""
    killed, end = set[int](), time.monotonic() + 2.0
    while time.monotonic() < end:
        kill_unseen(workers, killed)
        time.sleep(0.002)
    assert len(killed) > 2


def kill_unseen(workers: SpecCluster, killed: set[int]) -> None:
    """Kill the victim's process, also one that has not reported yet, unless it was killed before."""
    nanny = workers.workers.get(VICTIM)
    process = nanny and nanny.process and nanny.process.process
    pid = process and process._state.pid
    if pid and pid not in killed:
        killed.add(pid)
        kill(pid)


def what_they_are_forked_from(workers: SpecCluster) -> None:
    kill(vars(forkserver._forkserver)["_forkserver_pid"])


def everything(workers: SpecCluster) -> None:
    for nanny in workers.workers.values():
        kill(nanny.pid)
    what_they_are_forked_from(workers)


@pytest.mark.parametrize("end", [the_worker, its_nanny, while_it_starts, what_they_are_forked_from, everything])
def test_a_worker_is_back_whatever_ended_it(workers: SpecCluster, end: Callable[[SpecCluster], None]) -> None:
    if end in (what_they_are_forked_from, everything) and not fork_server.available():
        pytest.skip("workers are spawned here")

    def address() -> str | None:
        return next((one.address for one in workers.scheduler.workers.values() if one.name == VICTIM), None)

    before = address()
    end(workers)
    wait_for(lambda: address() not in (None, before), 30)
    wait_for(lambda: {one.name for one in workers.scheduler.workers.values()} == set(workers.worker_spec), 30)
    with Client(workers, set_as_default=False) as client:
        assert client.submit(os.getpid, pure=False, resources={VICTIM: 1}).result(timeout=30) != os.getpid()


def test_a_worker_that_dies_while_the_cluster_starts_does_not_end_it() -> None:
    killed, others = set[int](), set(SpecCluster._instances)

    def kill_two(over: threading.Event) -> None:
        while len(killed) < 2 and not over.wait(0.002):
            for started in set(SpecCluster._instances) - others:
                kill_unseen(started, killed)

    with beside(kill_two, "killer"):
        workers = cluster.embedded(1)
    try:
        assert len(killed) == 2
        assert {one.name for one in workers.scheduler.workers.values()} == set(workers.worker_spec)
    finally:
        workers.close()
