"""A cluster of worker processes that sees to it that every one of its workers is there, whatever ends them."""

import asyncio
import logging
import time
import weakref
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from distributed import Nanny, SpecCluster
from distributed.core import Status
from distributed.deploy.cluster import Cluster
from tornado.ioloop import PeriodicCallback

from seqlab.training import fork_server

log = logging.getLogger("seqlab")

LOOK = 0.5  # seconds between two looks
# Seconds that a nanny has to bring its worker back: where it does nothing about it, and where it starts one, for which
# torch may have to be loaded first. A nanny that has ended itself gets none. All grow with each try in vain, so that a
# worker that cannot start does not cost the machine its rest.
GONE, STARTING = 2.0, 30.0
LONGEST = 30.0
TO_START, TO_CLOSE = 60.0, 5.0


class SupervisedCluster(SpecCluster):  # type: ignore[misc]
    """Workers by name, each with its nanny; a worker that stays away gets a new nanny, as the first one did.

    Dask alone gives a worker up that is away for fifteen seconds, and a nanny ends for good where its worker dies at
    the wrong moment: while it starts, or twice in a row. ``spare`` says what a worker of another name would be.
    """

    def __init__(self, workers: dict[str, dict[str, Any]], spare: Callable[[str], dict[str, Any]],
                 **options: object) -> None:
        self._spare = spare
        self._since: dict[str, float] = {}
        self._tries: dict[str, int] = {}
        self._renewals: dict[str, asyncio.Task[None]] = {}
        self._looks = PeriodicCallback(self._supervise, 1000 * LOOK)
        super().__init__(workers={}, **options)
        self.worker_spec = dict(workers)
        try:
            self.sync(self._complete)
        except BaseException:
            self.close()
            raise
        self.loop.add_callback(self._looks.start)

    def hire(self, name: str) -> None:
        """See that there is a worker of this name; returns at once, from any thread."""
        if name not in self.worker_spec:
            self.worker_spec[name] = self._spare(name)
            self.loop.add_callback(self._supervise)

    def retire(self, name: str) -> None:
        """Let a worker go that does nothing; returns at once, from any thread."""
        if self.worker_spec.pop(name, None) is not None:
            self.loop.add_callback(self._retire, name)

    async def _retire(self, name: str) -> None:
        if name in self._renewals:
            await asyncio.wait([self._renewals[name]])
        nanny = self.workers.pop(name, None)
        if nanny is not None and name not in self.worker_spec:  # it is not wanted again meanwhile
            with suppress(Exception):
                await asyncio.wait_for(nanny.close(timeout=1), TO_CLOSE)
        elif nanny is not None:
            self.workers[name] = nanny

    def _update_worker_status(self, op: str, msg: object) -> None:
        Cluster._update_worker_status(self, op, msg)  # what comes between would take a worker that is late off the list

    async def _complete(self) -> None:
        """Start all workers, and wait until they are there; raises TimeoutError."""
        end = time.monotonic() + TO_START
        while not self._present().issuperset(self.worker_spec):
            if time.monotonic() > end:
                raise TimeoutError("a worker does not start")
            self._supervise()
            await asyncio.sleep(0.02)

    def _present(self) -> set[str]:
        return {worker.name for worker in self.scheduler.workers.values()}

    def _supervise(self) -> None:
        """Start what is not there and does not come by itself."""
        if self.status != Status.running:
            return
        fork_server.start()  # that process may be killed too
        now, present = time.monotonic(), self._present()
        for name in list(self.worker_spec):
            if name in present:
                self._since[name], self._tries[name] = now, 0
            elif name not in self._renewals and now - self._since.setdefault(name, now) >= self._patience(name):
                self._renewals[name] = asyncio.ensure_future(self._renew(name))

    def _patience(self, name: str) -> float:
        """Seconds that a missing worker may stay away before it gets a new nanny."""
        nanny, tries = self.workers.get(name), self._tries.get(name, 0)
        if nanny is None or nanny.status in (Status.closing, Status.closed, Status.failed):
            return min(LONGEST, LOOK * (2.0 ** tries - 1))
        starts = nanny.is_alive() or (nanny.process is not None and nanny.process.status == Status.starting)
        return min(LONGEST, (STARTING if starts else GONE) * 2.0 ** tries)

    async def _renew(self, name: str) -> None:
        """End what is left of a worker and its nanny, and start both again."""
        old = self.workers.pop(name, None)
        if old is not None:
            log.warning("worker %s does not come back; it is started anew", name)
        self._tries[name] = self._tries.get(name, 0) + (old is not None)
        try:
            if old is not None:
                with suppress(Exception):
                    await asyncio.wait_for(old.close(timeout=1), TO_CLOSE)
            await asyncio.wait_for(self._nanny(name), TO_START)
        except Exception:
            log.warning("worker %s could not be started", name, exc_info=True)
        finally:
            self._since[name] = time.monotonic()
            self._renewals.pop(name, None)

    def _nanny(self, name: str) -> Nanny:
        spec = self.worker_spec[name]
        nanny: Nanny = spec["cls"](self.scheduler.address, **{"name": name} | spec["options"])
        nanny._cluster = weakref.ref(self)
        self._created.add(nanny)
        self.workers[name] = nanny
        return nanny

    async def _close(self) -> None:
        """End all workers; one that is just being started gets a moment, for a half started one leaves its process."""
        self._looks.stop()
        if self._renewals:
            await asyncio.wait(self._renewals.values(), timeout=TO_CLOSE)
        await super()._close()
