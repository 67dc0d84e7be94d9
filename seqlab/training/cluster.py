"""The Dask cluster behind the engine: one of our own on this machine, or a running one by its address."""

import logging
import os
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import dask
from distributed import Client, Nanny, Scheduler, SpecCluster
from distributed.security import Security

from seqlab.errors import Fault
from seqlab.training import fork_server
from seqlab.training.supervised import SupervisedCluster
from seqlab.training.worker import EVALUATE, TRAIN, Preload, Rest

SETTINGS = {
    # A worker may die this often under one run before the run is given up.
    "distributed.scheduler.allowed-failures": 10,
    "distributed.worker.daemon": True,
    "distributed.comm.timeouts.connect": "10s",
    # Dask has workers give memory back at once. A batch's tensors are then mapped anew at every update, which costs
    # a text network more time than its arithmetic: keep up to 1 GB.
    "distributed.nanny.pre-spawn-environ.MALLOC_TRIM_THRESHOLD_": 2**30,
    "distributed.nanny.pre-spawn-environ.MALLOC_MMAP_THRESHOLD_": 2**30,
    # Nobody looks at what Dask measures of itself, and it would measure all day.
    "distributed.worker.profile.enabled": False,
    "distributed.admin.system-monitor.interval": "10s",
    "distributed.admin.system-monitor.gil.enabled": False,
    "distributed.admin.tick.interval": "1s",
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
}

# No dashboard, and its small web server where nobody else is, with nothing on it.
WEB = {"dashboard": False, "dashboard_address": "127.0.0.1:0"}
# Dask's workers speak up twice a second; that one is gone is known from its connection, at once.
HEARTBEAT = 5.0
TO_ANSWER = 2.0  # seconds that a scheduler has to say that it is there
# Training workers that stay when there is nothing to do: a second run, or a race, begins without a fork.
KEPT = 2
PLACES, MOST = 16, 4096


class QuietScheduler(Scheduler):
    """A scheduler of a few local workers: it hardly ever asks whether they, or any tasks, are there still."""

    def __init__(self, **options: object) -> None:
        super().__init__(**options)
        for name in ("idle-timeout", "no-workers-timeout"):
            self.periodic_callbacks[name].callback_time = HEARTBEAT * 1000

    def heartbeat_worker(self, **report: object) -> dict[str, object]:
        """Note how a worker is doing, and tell it when to say so again."""
        return {**super().heartbeat_worker(**report), "heartbeat-interval": HEARTBEAT}


def embedded(trainers: int) -> SupervisedCluster:
    """Start a scheduler here and worker processes of one thread each: one that answers, others that train.

    Of those that train few start now, the others when they are wanted. Each offers a resource of its own, ``train-0``
    …: the runs of a worker that died wait for the worker that is started in its place. They speak over TLS, by a
    certificate that is made here and stands in their memory alone: Dask runs whatever code it is sent, so no other
    process may send any.
    """
    secured = {"security": Security.temporary(), "protocol": "tls", "host": "127.0.0.1", **WEB}

    def worker(name: str) -> dict[str, object]:
        resources = {EVALUATE: 1} if name == EVALUATE else {TRAIN: 1, name: 1}
        return {"cls": Nanny, "options": {"nthreads": 1, "resources": resources, "memory_limit": 0,
                                          "silence_logs": logging.ERROR, **secured}}

    dask.config.set(SETTINGS)
    fork_server.start()
    # Even without its dashboard the scheduler opens a port for it; 0 is any free one.
    scheduler = {"cls": QuietScheduler, "options": {"port": 0, **secured}}
    names = [EVALUATE, *own_slots(min(trainers, KEPT))]
    return SupervisedCluster({name: worker(name) for name in names}, worker, scheduler=scheduler,
                             silence_logs=logging.ERROR, name="seqlab", security=secured["security"])


def own_slots(trainers: int) -> list[str]:
    """Names of the training workers of a cluster of our own, which are also the resources that they offer."""
    return [f"{TRAIN}-{number}" for number in range(trainers)]


def connect(cluster: SpecCluster | str, seconds: float | None = None) -> Client:
    """Connect to a cluster or an address; raises OSError or TimeoutError where none answers within ``seconds``."""
    return Client(cluster, set_as_default=False, **({} if seconds is None else {"timeout": seconds}))


def identity(client: Client) -> str:
    """Name of the scheduler, another one after each start; raises OSError or TimeoutError where none answers."""
    return str(_asked(client)["id"])


def _asked(client: Client) -> dict[str, Any]:
    answer: dict[str, Any] = client.sync(client.scheduler.identity, n_workers=-1, callback_timeout=TO_ANSWER)
    return answer


def preload(client: Client) -> None:
    """See to it that every worker, also a later one, loads torch ahead of its first task; waits for those there are."""
    for plugin in (Preload(), Rest()):
        with suppress(OSError):  # a worker died meanwhile; the one in its place begins with the plugin
            client.register_plugin(plugin)


def offered(client: Client) -> dict[str, set[str]]:
    """What the workers of a running cluster offer, each by its address."""
    return {address: set(known.get("resources", ())) for address, known in _asked(client)["workers"].items()}


def training_workers(offers: Mapping[str, set[str]]) -> list[str]:
    """Those that runs are given to: who offers to train or, where nobody does, who does not only answer, or all."""
    named = [address for address, names in offers.items() if TRAIN in names]
    others = [address for address, names in offers.items() if EVALUATE not in names]
    return sorted(named or others or offers)


def default_trainers() -> int:
    """One training worker for each core that this process may use, or ``SEQLAB_TRAINERS``; raises Fault."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return _setting("SEQLAB_TRAINERS", cores)


def places_each() -> int:
    """How many runs take turns in one worker at most, ``SEQLAB_PLACES`` or 16; raises Fault."""
    return _setting("SEQLAB_PLACES", PLACES)


def _setting(name: str, usual: int) -> int:
    text = os.environ.get(name, "").strip()
    if text and not (text.isascii() and text.isdecimal() and 1 <= int(text[:9]) <= MOST):
        raise Fault(f"{name} must be a whole number from 1 to {MOST}, not {text[:40]!r}.")
    return int(text) if text else max(1, usual)
