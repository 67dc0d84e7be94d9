"""A cluster of worker processes that sees to it that every one of its workers is there, whatever ends them."""

import asyncio
import logging
import time
from contextlib import suppress

from distributed import SpecCluster
from distributed.core import Status
from distributed.deploy.cluster import Cluster
from tornado.ioloop import PeriodicCallback

from seqlab.training import fork_server

log = logging.getLogger("seqlab")

LOOK = 1.0  # seconds between two looks
# Seconds that a worker's own nanny has to bring it back, forked or spawned; twice as long after each try in vain.
FORKED, SPAWNED = 5.0, 20.0
LONGEST = 120.0


class SupervisedCluster(SpecCluster):  # type: ignore[misc]
    """Workers by name, each with its nanny. Dask gives up one that stays away; here it gets a new nanny instead.

    A nanny ends for good where its worker dies at the wrong moment: while it starts, or twice in a row.
    """

    def __init__(self, **options: object) -> None:
        self._seen: dict[str, float] = {}
        self._tries: dict[str, int] = {}
        super().__init__(**options)
        self._looks = PeriodicCallback(self._supervise, 1000 * LOOK)
        self.loop.add_callback(self._looks.start)

    def _update_worker_status(self, op: str, msg: object) -> None:
        Cluster._update_worker_status(self, op, msg)  # what comes between would take a worker that is late off the list

    async def _supervise(self) -> None:
        if self.status != Status.running:
            self._looks.stop()
            return
        fork_server.start()  # that process may be killed too
        for name in self._lost(time.monotonic()):
            log.warning("worker %s does not come back; it is started anew", name)
            with suppress(Exception):
                await self._renew(name)

    def _lost(self, now: float) -> list[str]:
        """Names of the workers that stayed away for too long."""
        present = {worker.name for worker in self.scheduler.workers.values()}
        for name in self.worker_spec:
            if name in present:
                self._seen[name], self._tries[name] = now, 0
        return [name for name in self.worker_spec
                if now - self._seen.setdefault(name, now) > self._patience(self._tries.setdefault(name, 0))]

    @staticmethod
    def _patience(tries: int) -> float:
        return float(min(LONGEST, (FORKED if fork_server.available() else SPAWNED) * 2 ** tries))

    async def _renew(self, name: str) -> None:
        """End what is left of a worker and its nanny, and start both again."""
        self._tries[name] += 1
        self._seen[name] = time.monotonic()
        nanny = self.workers.pop(name, None)
        if nanny is not None:
            with suppress(Exception):
                await asyncio.wait_for(nanny.close(timeout=1), FORKED)
        await self._correct_state()
        self._seen[name] = time.monotonic()
