"""The Dask cluster behind the engine: one of our own on this machine, or a running one by its address."""

import logging
import os
from contextlib import suppress
from typing import Any

import dask
from distributed import Client, Nanny, Scheduler, SpecCluster
from distributed.security import Security

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


class QuietScheduler(Scheduler):
    """A scheduler of a few local workers: it hardly ever asks whether they, or any tasks, are there still."""

    def __init__(self, **options: object) -> None:
        super().__init__(**options)
        for name in ("idle-timeout", "no-workers-timeout"):
            self.periodic_callbacks[name].callback_time = HEARTBEAT * 1000

    def heartbeat_worker(self, **report: object) -> dict[str, object]:
        """Note how a worker is doing, and tell it when to say so again."""
        return {**super().heartbeat_worker(**report), "heartbeat-interval": HEARTBEAT}


def embedded(trainers: int) -> SpecCluster:
    """Start a scheduler here and worker processes of one thread each: one that answers, others that train.

    Each training worker offers a resource of its own, ``train-0`` …: the run of a worker that died waits for the
    worker that is started in its place, instead of behind another run. They speak over TLS, by a certificate that is
    made here and stands in their memory alone: Dask runs whatever code it is sent, so no other process may send any.
    """
    secured = {"security": Security.temporary(), "protocol": "tls", "host": "127.0.0.1", **WEB}

    def worker(**resources: int) -> dict[str, object]:
        options = {"nthreads": 1, "resources": resources, "memory_limit": 0,
                   "silence_logs": logging.ERROR, **secured}
        return {"cls": Nanny, "options": options}

    dask.config.set(SETTINGS)
    fork_server.start()
    workers = {EVALUATE: worker(**{EVALUATE: 1})}
    workers |= {name: worker(**{TRAIN: 1, name: 1}) for name in (f"{TRAIN}-{place}" for place in range(trainers))}
    # Even without its dashboard the scheduler opens a port for it; 0 is any free one.
    scheduler = {"cls": QuietScheduler, "options": {"port": 0, **secured}}
    return SupervisedCluster(workers=workers, scheduler=scheduler, silence_logs=logging.ERROR, name="seqlab",
                             security=secured["security"])


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


def slots(offers: dict[str, float]) -> list[str | None]:
    """The places for runs, each by the resource that a run there takes (None: the cluster names none)."""
    own = sorted(name for name in offers if name.startswith(f"{TRAIN}-"))
    if own:
        return list(own)
    return [TRAIN] * int(offers[TRAIN]) if TRAIN in offers else [None] * int(offers["threads"])


def offered(client: Client, cluster: SpecCluster | None) -> dict[str, float]:
    """How much of each resource the workers offer together, and their ``threads``.

    A cluster of our own offers what its workers will when all are there, a running one what they do now.
    """
    known = _asked(client)["workers"].values() if cluster is None else [
        spec["options"] for spec in cluster.worker_spec.values()]
    totals: dict[str, float] = {"threads": 0.0}
    for worker in known:
        totals["threads"] += worker["nthreads"]
        for name, amount in worker.get("resources", {}).items():
            totals[name] = totals.get(name, 0.0) + float(amount)
    return totals


def default_trainers() -> int:
    """One training worker for each core."""
    return max(1, os.cpu_count() or 1)
