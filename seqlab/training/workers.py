"""The workers of an engine: a cluster of our own, or a running one that may go away and come back."""

import logging
import threading
from collections.abc import Callable
from contextlib import suppress

from distributed import Client, Future, SpecCluster

from seqlab.errors import Fault
from seqlab.training import cluster, worker

log = logging.getLogger("seqlab")

TO_START = 60.0
LOOK = 1.0  # seconds between two looks whether a running cluster is there still
TO_CONNECT = 2.0


class Workers:
    """They start in the background; ``changed`` is called when they are there, or other ones than before, or gone."""

    def __init__(self, trainers: int, address: str | None, changed: Callable[[], object]) -> None:
        self.failure, self.slots = "", list[str | None]()
        self._trainers, self._address, self._changed = trainers, address, changed
        self.away = ""  # why a running cluster is not there, in a sentence
        self._reachable, self._there, self._over = threading.Event(), threading.Event(), threading.Event()
        self._cluster: SpecCluster | None = None
        self._client: Client | None = None
        self._answers: dict[str, int] | None = None
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
    def places(self) -> int:
        """How many runs train at once."""
        return len(self.slots) or self._trainers

    def answer(self, target: str, args: tuple[object, ...], kwargs: dict[str, object]) -> Future:
        """Have a question answered that never waits for training; raises Fault where nobody is there."""
        return self._connected().submit(worker.answer, target, args, kwargs, resources=self._answers, priority=10,
                                        pure=False)

    def train(self, path: str, slot: str | None, key: str) -> Future:
        """Have a run trained in a place; raises Fault where nobody is there."""
        return self._connected().submit(worker.train, path, pure=False, resources={slot: 1} if slot else None, key=key)

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
            where = f" at {self._address}" if self._address else ""
            self.failure = f"The training engine{where} did not start ({type(error).__name__}); see the log."
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
        self._client = None
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
        offers = cluster.offered(client, self._cluster)
        self._answers = {worker.EVALUATE: 1} if worker.EVALUATE in offers else None
        self.slots = cluster.slots(offers)
