"""The workers of an engine: a cluster of our own, or a running one that may go away and come back."""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import CancelledError
from contextlib import suppress
from typing import Any

from distributed import Client, Future

from seqlab.errors import Fault
from seqlab.remote.places import outgoing
from seqlab.training import cluster, worker
from seqlab.training.supervised import SupervisedCluster

log = logging.getLogger("seqlab")

TO_START = 60.0
LOOK = 1.0  # seconds between two looks whether a running cluster is there still
TO_CONNECT = 2.0
PATIENCE = 3.0  # seconds that a question waits for a running cluster to have workers
IDLE = 60.0  # seconds until a training worker goes that has nothing to do
# How much of a worker's resource a run takes: the resource says where it goes, and the engine how many at once.
MARK = 2.0**-16
Offer = dict[str, float] | None  # resources that a worker must have; None: any worker will do
NO_ADDRESS = ("SEQLAB_SCHEDULER is {address}, which cannot be used; name a scheduler such as tcp://192.168.1.7:8786, "
              "and one at tls:// together with its certificates (docs/deployment.md says how).")


class Workers:
    """They start in the background; ``changed`` is called when they are there, or other ones than before, or gone."""

    def __init__(self, trainers: int, address: str | None, changed: Callable[[], object]) -> None:
        self.failure, self.slots = "", list[str]()  # by name in our own cluster, by address in another
        self.each = cluster.places_each()
        self._trainers, self._address, self._changed = trainers, address, changed
        self._used: dict[str, float] = {}
        self.away = ""  # why a running cluster is not there, in a sentence
        self._reachable, self._there, self._over = threading.Event(), threading.Event(), threading.Event()
        self._cluster: SupervisedCluster | None = None
        self._client: Client | None = None
        self.answering: Offer = None  # what those offer that answer
        self._empty = 0.0  # since when a running cluster has no workers
        self._present: frozenset[str] | None = None  # workers of a running cluster, whatever they are for
        self._starter = threading.Thread(target=self._start, daemon=True, name="seqlab-engine")

    def start(self) -> None:
        """Begin to start them, or to connect to them; returns at once."""
        self._starter.start()

    @property
    def ready(self) -> bool:
        """Whether they are there."""
        return self._there.is_set() and not self.failure

    @property
    def awaited(self) -> str:
        """Why nothing is trained at this moment, in a sentence; an empty text where they are there."""
        if self.ready:
            return ""
        return self.failure or self.away or "The workers are still waking up; what waits starts by itself in a moment."

    @property
    def own(self) -> bool:
        """Whether they were started here, and end with this process."""
        return self._cluster is not None

    @property
    def trainers(self) -> int:
        """How many runs compute at once."""
        return len(self.slots) or self._trainers

    @property
    def there(self) -> int:
        """How many workers a running cluster has, whatever they are for."""
        return len(self._present or ())

    def has(self, slot: str) -> bool:
        """Whether a worker is there still, or will be: one of our own is replaced under its name."""
        return self.ready and (self._present is None or slot in self._present)

    def let_go(self, futures: Iterable[Future]) -> None:
        """Have the scheduler forget what it would give to a worker that is gone, should that come back."""
        if self.ready and self._client is not None and (lost := list(futures)):
            with suppress(TimeoutError, OSError, CancelledError):
                self._client.cancel(lost, force=True)

    def slot(self, taken: Mapping[str, int]) -> str | None:
        """Name of the worker with the fewest runs of those ``taken``; None where all have as many as may be."""
        free = [name for name in self.slots if taken.get(name, 0) < self.each]
        return min(free, key=lambda name: taken.get(name, 0), default=None)

    def tend(self, taken: Mapping[str, int]) -> None:
        """Let go of our own workers that have had nothing to do for a while, but for the first few."""
        now = time.monotonic()
        self._used |= {name: now for name in self.slots if taken.get(name)}
        if self._cluster is not None:
            for name in self.slots[cluster.KEPT:]:
                if now - self._used.get(name, now) >= IDLE:
                    self._cluster.retire(name)

    @property
    def deserted(self) -> str:
        """Why a running cluster has answered nothing for a while, in a sentence; an empty text where it may answer."""
        if not self._empty or time.monotonic() - self._empty < PATIENCE:
            return ""
        return f"The cluster at {self._address} has no workers; ask again when there is one."

    def answer(self, target: str, args: tuple[object, ...], kwargs: dict[str, object]) -> tuple[Future, Offer]:
        """Have a question answered that never waits for training; also says by whom. Raises Fault where nobody is."""
        client, offer = self._connected(), self.answering
        return client.submit(worker.answer, target, self._sent(args), self._sent(kwargs), resources=offer, priority=10,
                             pure=False), offer

    def train(self, paths: list[str], slot: str, key: str) -> Future:
        """Have a run, or several together, trained by a worker, which is started if need be.

        Raises Fault where nobody is there.
        """
        where: dict[str, object] = {"workers": [slot]}  # and no other: the engine counts who has how many
        if self._cluster is not None:
            where = {"resources": {slot: MARK}}
            self._used[slot] = time.monotonic()
            self._cluster.hire(slot)
        return self._connected().submit(worker.train, *self._sent(paths), pure=False, key=key, **where)

    def _sent(self, what: Any) -> Any:
        """What workers of another cluster get, whose machines have other folders for the same runs."""
        return what if self.own else outgoing(what)

    def start_no_more(self) -> None:
        """Let nothing be started from now on, and wait until what is being started is there."""
        self._over.set()
        self._starter.join(TO_START)

    def close(self) -> None:
        """End the connection, and a cluster of our own."""
        for part in (self._client, self._cluster):
            if part is not None:
                with suppress(TimeoutError, OSError):
                    part.close(timeout=2)

    def _connected(self) -> Client:
        if not self._reachable.wait(TO_START):
            raise Fault("The training engine is still starting; try again in a moment.")
        if self.failure or self.away or self._client is None:
            raise Fault(self.failure or self.away or "The training engine is closed.")
        return self._client

    def _start(self) -> None:
        try:
            if self._address is None:
                self._cluster = cluster.embedded(self._trainers)
                self._take(cluster.connect(self._cluster))
            else:
                self._keep_connected(self._address)
        except Exception as error:
            log.exception("the engine did not start")
            self.failure = f"The training engine did not start ({type(error).__name__}); see the log."
            if self._address and isinstance(error, (TypeError, ValueError)):
                self.failure = NO_ADDRESS.format(address=self._address)
        self._reachable.set()
        self._there.set()
        self._changed()

    def _keep_connected(self, address: str) -> None:
        """Connect to a running cluster, and again whenever it was away, until the engine ends."""
        while not self._over.is_set():
            with suppress(OSError, TimeoutError):  # nobody is there
                client = cluster.connect(address, TO_CONNECT)
                with suppress(OSError, TimeoutError):  # it was there and is gone
                    self._stay(client)
                if self._over.is_set():
                    return
                self._lose(client)
            self._say_away(address)
            self._over.wait(LOOK)

    def _stay(self, client: Client) -> None:
        """Notice workers that come and go until the cluster is gone; raises OSError or TimeoutError."""
        scheduler = cluster.identity(client)
        self._take(client)
        while not self._over.wait(LOOK):
            if cluster.identity(client) != scheduler or client.status != "running":
                return  # another one at the same address knows nothing of our runs
            self._measure(client)
            self._changed()

    def _lose(self, client: Client) -> None:
        self._there.clear()
        self._client, self._empty = None, 0.0
        with suppress(Exception):
            client.close(timeout=1)

    def _say_away(self, address: str) -> None:
        if not self.away:
            log.warning("the scheduler at %s does not answer", address)
        self.away = f"The scheduler at {address} does not answer; everything goes on by itself when it is back."
        self._reachable.set()
        self._changed()

    def _take(self, client: Client) -> None:
        self._client = client
        self._measure(client)
        self.away = ""
        # Questions may come from here on: the worker that answers them loads torch first, at full priority.
        self._reachable.set()
        cluster.preload(client)
        self._there.set()
        self._changed()

    def _measure(self, client: Client) -> None:
        if self._cluster is not None:
            self.answering, self.slots = {worker.EVALUATE: 1}, cluster.own_slots(self._trainers)
            return
        offers = cluster.offered(client)
        named = {name for names in offers.values() for name in names}
        self.answering = {worker.EVALUATE: MARK} if worker.EVALUATE in named else None
        self.slots, self._present = cluster.training_workers(offers), frozenset(offers)
        self._empty = 0.0 if offers else self._empty or time.monotonic()
