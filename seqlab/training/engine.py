"""The engine: takes runs and questions from any page and has them done by Dask's workers. It imports no torch."""

import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from distributed import Future, fire_and_forget

from seqlab import remote
from seqlab.errors import Fault
from seqlab.training import cluster, ending, status
from seqlab.training.abandoned import Abandoned
from seqlab.training.answer import Answer
from seqlab.training.beginnings import Beginnings
from seqlab.training.config import RunConfig
from seqlab.training.ending import Assigned, Losses
from seqlab.training.fair_queue import FairQueue
from seqlab.training.feeder import Feeder
from seqlab.training.forecast import Forecast
from seqlab.training.fork import go_on
from seqlab.training.run import Run, create
from seqlab.training.spreading import Spreading
from seqlab.training.staffed import Staffed
from seqlab.training.workers import Workers

SECONDS_TO_LOOK = 3.0  # between two looks for runs that nobody holds


class Engine(Staffed):
    """Runs that workers train, several at a time in each and owners in turn, and questions that never wait for them.

    It starts in the background; what needs the workers waits until they are there. Runs live in ``root``. They do
    not depend on the page that started them: the engine holds what Dask would otherwise let go of. A run that it lost
    goes on by itself; with ``adopts`` also one that another process left, such as the server before.
    ``at_once`` says how many runs an owner may have in training (None: all places).
    """

    def __init__(self, root: Path, address: str | None = None, workers: int | None = None, *, adopts: bool = False,
                 at_once: Callable[[str], int | None] = lambda owner: None) -> None:
        self.root, self._adopts = root, adopts
        self._waiting, self._forecast = FairQueue(at_once), Forecast()
        self._training: dict[str, Assigned] = {}
        self._mine: set[str] = set()
        self._losses, self._spreading, self.beginnings = Losses(), Spreading(), Beginnings(self._training)
        self._abandoned = Abandoned(root)
        self._lock = threading.RLock()
        self._over = threading.Event()
        self._workers = Workers(workers or cluster.default_trainers(),
                                address or os.environ.get("SEQLAB_SCHEDULER") or None, self._changed)
        self.sweeps = Feeder(self)
        # Runs may wait from the first moment on, so they are watched before there is a worker.
        threading.Thread(target=self._watch, daemon=True, name="seqlab-queue").start()
        self._workers.start()
        if mirror := remote.of(root / "any run"):
            mirror.listeners.append(self._fill)

    def start(self, config: RunConfig, name: str | None = None, id: str | None = None, *, owner: str = "") -> Run:
        """Make a new run of ``owner`` and put it in the queue; returns at once. Raises Fault."""
        if name is not None:
            config = RunConfig.model_validate(config.model_dump() | {"name": name})
        run = create(self.root, config, id, owner)
        self._enqueue(run)
        return run

    @contextmanager
    def together(self) -> Iterator[None]:
        """Have the runs of one owner that are started or resumed meanwhile trained in one program."""
        with self._lock, self._waiting.gather():
            yield
        self._fill()

    def resume(self, run: Run, from_step: int | None = None, *, owner: str = "") -> Run:
        """Let a run go on from its newest snapshot, or from another one as a new run.

        A run that is finished, or that is not in the engine's own folder, goes on as a new run too, with as many
        steps again, and is ``owner``'s. Returns the run that trains; raises Fault where there is nothing to go on from.
        """
        with self._lock:
            if from_step is None and run.id in self._training:
                raise Fault(f"Run {run.id} is in training still; try again in a moment.")
            if from_step is None and run.id in self.queued():
                raise Fault(f"Run {run.id} waits for a worker already.")
            run = go_on(run, self.root, from_step, owner)
            self._enqueue(run)
        return run

    def position(self, run_id: str) -> int:
        """Place of a run in the queue, from 1; 0 when it does not wait."""
        return next((place for place, waiting in enumerate(self.queued(), 1) if waiting == run_id), 0)

    def expected(self, run_id: str) -> float | None:
        """Seconds until a waiting run begins, by what those in training still take; None where nobody knows."""
        with self._lock:
            order = [(run.id, owner) for run, owner in self._order()]
            training = {run_id: one.owner for run_id, one in self._training.items()}
            return self._forecast.expected(run_id, order, training, self._waiting.at_once)

    def remaining(self, run_id: str) -> float | None:
        """Seconds that a run in training still takes beside all others; None where nobody knows."""
        return self._forecast.remaining(run_id)

    def queued(self) -> list[str]:
        """Ids of the runs that wait for a worker, the next one first."""
        with self._lock:
            return [run.id for run, _ in self._order()]

    def running(self) -> list[str]:
        """Ids of the runs that workers have."""
        with self._lock:
            return list(self._training)

    def ask(self, target: str, *args: object, **kwargs: object) -> Answer:
        """Call a function such as ``seqlab.lenses.accuracy:by_delay`` on the worker that answers questions."""
        return Answer(self._workers, target, args, kwargs)

    def devices(self) -> Answer:
        """Ask for the devices that runs can train on, a list of their names, the fastest first."""
        return self.ask("seqlab.training.device:available")

    def close(self) -> None:
        """End the engine: runs on its own workers save what they have and can go on later.

        One that adopts runs leaves them in a state in which the next one does so.
        """
        self._over.set()
        self.sweeps.close()
        self._workers.start_no_more()
        with self._lock:
            self._waiting.clear()
            training = list(self._training.values())
        if self._workers.own:
            ending.interrupt(training, self._adopts)
        self._workers.close()

    def _order(self) -> list[tuple[Run, str]]:
        return [(run, owner) for run, owner in self._waiting.order(self._owners()) if ending.active(run)]

    def _owners(self) -> Counter[str]:
        return Counter(one.owner for one in self._training.values())

    def _slots(self) -> Counter[str]:
        return Counter(slot for _, slot in {(one.future.key, one.slot) for one in self._training.values()})

    def _enqueue(self, run: Run) -> None:
        with self._lock:
            self._mine.add(run.id)
            self._waiting.put(run)
        self._fill()

    def _changed(self) -> None:
        """There are workers, or other ones than before; where some are gone, what they were given waits again."""
        with self._lock:
            lost = [one for one in self._training.values() if not self._workers.has(one.slot)]
            for one in lost:
                del self._training[one.run.id]
        self._workers.let_go(one.future for one in lost)
        self._take_back([one.run for one in lost if not self._workers.ready or self._losses.goes_on(one.run)])
        self._fill()

    def _fill(self) -> None:
        """Give runs to workers while there are both."""
        if not (self._workers.ready or self.failure) or self._over.is_set():
            return
        with self._lock:
            if self.failure:
                for run in self._waiting:
                    ending.set_state(run, "failed", self.failure)
                self._waiting.clear()
            while (slot := self._workers.slot(self._slots())) and (taken := self._waiting.take_group(self._owners())):
                runs = [run for run in taken[0] if ending.active(run) and run.id not in self._training]
                if runs and not self._submit(runs, taken[1], slot):
                    self._waiting.put_back(runs)
                    return

    def _submit(self, runs: list[Run], owner: str, slot: str) -> bool:
        if not self._workers.own and not all(remote.is_settled(run.path) for run in runs):
            return False  # another machine does not see it yet as it is; ``_fill`` comes again when it does
        paths = [str(run.path.resolve()) for run in runs]
        try:
            # Dask keeps what it knows of a key's words before the first number: one of them for all runs.
            future = self._workers.train(paths, slot, f"train-{os.urandom(4).hex()}-{runs[0].id}")
        except Fault:  # they went away in this moment
            return False
        fire_and_forget(future)
        self._training |= {run.id: Assigned(run, future, slot, owner, time.monotonic()) for run in runs}
        for run in runs:
            future.add_done_callback(self._done(run))
        return True

    def _done(self, run: Run) -> Callable[[Future], None]:
        began = ending.step_of(run)

        def note(future: Future) -> None:
            with self._lock:
                mine = self._training.get(run.id)
            if mine is None or mine.future is not future:
                return  # given up before: its workers were gone
            remote.refresh(run.path)  # what became of it elsewhere
            if not self._over.is_set():
                ending.note_failure(run, future, began)
            with self._lock:
                self._training.pop(run.id, None)
                self._losses.forget(run)
            if not self._over.is_set():
                self._take_back([run])
            self._fill()
            self.sweeps.look()
        return note

    def _take_back(self, runs: list[Run]) -> None:
        """Put runs that are not over in front of the queue again, unless a process has one still: then it is left."""
        with self._lock:
            known = {*self._training, *(run.id for run in self._waiting)}
            back = [run for run in runs if run.id not in known and ending.put_back(run)]
            self._mine.update(run.id for run in back)
            self._waiting.put_back(back)

    def _watch(self) -> None:
        """Every second: say that waiting runs are not forgotten; now and then, look for some that are."""
        looked = 0.0
        while not self._over.wait(1.0):
            with self._lock:
                for one in ending.left(list(self._training.values())):
                    del self._training[one.run.id]
                waiting, training = list(self._waiting), [one.run for one in self._training.values()]
                self._workers.tend(self._slots())
                self._forecast.look(training)
                if self._workers.own and not waiting:
                    self._spreading.look(self._training.values(), self._workers.slots, self._forecast.remaining)
            for run in (*waiting, *filter(ending.waits, training)):
                status.touch(run.path)
            if time.monotonic() - looked >= SECONDS_TO_LOOK:
                self._adopt({run.id for run in (*waiting, *training)})
                looked = time.monotonic()

    def _adopt(self, known: set[str]) -> None:
        if self._adopts:
            self.sweeps.adopt()
        left = [run for run in self._abandoned.look(known) if self._adopts or run.id in self._mine]
        with self._lock:
            held = {*self._training, *(run.id for run in self._waiting)}
            self._mine = {id for id in self._mine if id in held or not self._abandoned.over(id)}
        if left:
            self._take_back(left)
            self._fill()
