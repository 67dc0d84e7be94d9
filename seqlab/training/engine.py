"""The engine: takes runs and questions from any page and has them done by Dask's workers. It imports no torch."""

import logging
import os
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from distributed import Client, Future, SpecCluster, fire_and_forget

from seqlab.errors import Fault
from seqlab.training import cluster, ending, status, worker
from seqlab.training.answer import Answer
from seqlab.training.config import RunConfig
from seqlab.training.feeder import Feeder
from seqlab.training.fork import go_on
from seqlab.training.run import Run, create

log = logging.getLogger("seqlab")

SECONDS_TO_START = 60.0


class Engine:
    """Runs in a queue, first come first served, and questions that never wait for training.

    It starts in the background; what needs the workers waits until they are there. Runs live in ``root``. They do
    not depend on the page that started them: the engine holds what Dask would otherwise let go of.
    """

    def __init__(self, root: Path, address: str | None = None, workers: int | None = None) -> None:
        self.root = root
        self._address = address or os.environ.get("SEQLAB_SCHEDULER") or None
        self._trainers = workers or cluster.default_trainers()
        self._waiting: deque[Run] = deque()
        self._training: dict[str, tuple[Run, Future, str | None]] = {}
        self._lock = threading.RLock()
        self._reachable, self._ready, self._over = threading.Event(), threading.Event(), threading.Event()
        self._failure = ""
        self._cluster: SpecCluster | None = None
        self._client: Client | None = None
        self._slots: list[str | None] = []
        self._answers: dict[str, int] | None = None
        self.sweeps = Feeder(self)
        # Runs may wait from the first moment on, so they are watched before there is a worker.
        threading.Thread(target=self._watch, daemon=True, name="seqlab-queue").start()
        self._starter = threading.Thread(target=self._start, daemon=True, name="seqlab-engine")
        self._starter.start()

    def start(self, config: RunConfig, name: str | None = None, id: str | None = None) -> Run:
        """Make a new run and put it in the queue; returns at once. Raises Fault where it cannot be written."""
        run = create(self.root, config if name is None else _renamed(config, name), id)
        self._enqueue(run)
        return run

    def resume(self, run: Run, from_step: int | None = None) -> Run:
        """Let a run go on from its newest snapshot, or from another one as a new run.

        A run that is finished, or that is not in the engine's own folder, goes on as a new run too, with as many
        steps again. Returns the run that trains; raises Fault where there is nothing to go on from.
        """
        with self._lock:
            if from_step is None and run.id in self._training:
                raise Fault(f"Run {run.id} is in training still; try again in a moment.")
            run = go_on(run, self.root, from_step)
        self._enqueue(run)
        return run

    def position(self, run_id: str) -> int:
        """Place of a run in the queue, from 1; 0 when it does not wait."""
        return next((place for place, waiting in enumerate(self.queued(), 1) if waiting == run_id), 0)

    def queued(self) -> list[str]:
        """Ids of the runs that wait for a worker, the next one first."""
        with self._lock:
            return [run.id for run in self._waiting if ending.waits(run)]

    def running(self) -> list[str]:
        """Ids of the runs that workers have."""
        with self._lock:
            return list(self._training)

    def busy(self) -> bool:
        """Whether a new run would have to wait."""
        with self._lock:
            return bool(self._waiting) or len(self._training) >= self.places

    @property
    def places(self) -> int:
        """How many runs train at once."""
        return len(self._slots) or self._trainers

    @property
    def failure(self) -> str:
        """Why there are no workers and will be none; an empty text where nothing is wrong."""
        return self._failure

    def ask(self, target: str, *args: object, **kwargs: object) -> Answer:
        """Call a function such as ``seqlab.lenses.accuracy:by_delay`` on the worker that answers questions."""
        client = self._connected()
        return Answer(client.submit(worker.answer, target, args, kwargs, resources=self._answers, priority=10,
                                    pure=False))

    def devices(self) -> list[str]:
        """Devices that runs can train on, the fastest first."""
        names: list[str] = self.ask("seqlab.training.device:available").result()
        return names

    @property
    def ready(self) -> bool:
        """Whether the workers are there."""
        return self._ready.is_set() and not self._failure

    def close(self) -> None:
        """End the engine: runs on its own workers save what they have and can go on later."""
        self._over.set()
        self.sweeps.close()
        self._starter.join(SECONDS_TO_START)
        with self._lock:
            self._waiting.clear()
            training = list(self._training.values())
        if self._cluster is not None:
            ending.interrupt(training)
        for part in (self._client, self._cluster):
            if part is not None:
                with suppress(TimeoutError, OSError):
                    part.close(timeout=2)

    def _start(self) -> None:
        try:
            if self._address is None:
                self._cluster = cluster.embedded(self._trainers)
            self._client = cluster.connect(self._cluster or self._address or "")
            self._measure(self._client)
            # Questions may come from here on: the worker that answers them loads torch first, at full priority.
            self._reachable.set()
            cluster.preload(self._client)
        except Exception as error:
            log.exception("the engine did not start")
            where = f" at {self._address}" if self._address else ""
            self._failure = f"The training engine{where} did not start ({type(error).__name__}); see the log."
        self._reachable.set()
        self._ready.set()
        self._fill()

    def _measure(self, client: Client) -> None:
        offers = cluster.offered(client)
        self._answers = {worker.EVALUATE: 1} if worker.EVALUATE in offers else None
        self._slots = cluster.slots(offers)

    def _connected(self) -> Client:
        if not self._reachable.wait(SECONDS_TO_START):
            raise Fault("The training engine is still starting; try again in a moment.")
        if self._failure or self._client is None:
            raise Fault(self._failure or "The training engine is closed.")
        return self._client

    def _enqueue(self, run: Run) -> None:
        with self._lock:
            self._waiting.append(run)
        self._fill()

    def _fill(self) -> None:
        """Give runs to workers while there are both."""
        if not self._ready.is_set() or self._over.is_set():
            return
        with self._lock:
            while self._waiting and (self._failure or len(self._training) < len(self._slots)):
                run = self._waiting.popleft()
                if self._failure:
                    ending.set_state(run, "failed", self._failure)
                elif ending.waits(run):
                    self._submit(run)

    def _submit(self, run: Run) -> None:
        free = list(self._slots)
        for _, _, taken in self._training.values():
            if taken in free:
                free.remove(taken)
        slot = free[0]
        future = self._connected().submit(worker.train, str(run.path.resolve()), pure=False,
                                          resources={slot: 1} if slot else None,
                                          key=f"train-{run.id}-{os.urandom(3).hex()}")
        fire_and_forget(future)
        self._training[run.id] = (run, future, slot)
        future.add_done_callback(self._done(run))

    def _done(self, run: Run) -> Callable[[Future], None]:
        began = ending.step_of(run)

        def note(future: Future) -> None:
            failed = future.status == "error" and not self._over.is_set()
            got_on = failed and ending.killed(future) and ending.step_of(run) > began
            again = got_on and ending.set_state(run, "queued", "")
            if failed and not again:
                ending.set_state(run, "failed", ending.why(future))
            with self._lock:
                self._training.pop(run.id, None)
                if again:
                    self._waiting.appendleft(run)
            self._fill()
            self.sweeps.look()
        return note

    def _watch(self) -> None:
        """Every second: say that waiting runs are not forgotten, and notice workers that came or went."""
        while not self._over.wait(1.0):
            with self._lock:
                waiting, training = list(self._waiting), list(self._training.values())
            for run in (*waiting, *(run for run, _, _ in training if ending.waits(run))):
                status.touch(run.path)
            if self._address and self._client and self.ready:
                with suppress(Exception):
                    self._measure(self._client)
                self._fill()


def _renamed(config: RunConfig, name: str) -> RunConfig:
    return RunConfig.model_validate(config.model_dump() | {"name": name})
