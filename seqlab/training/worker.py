"""What runs on Dask's workers: loading torch before it is needed, training a run, answering a question."""

import importlib
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress

from distributed import Worker
from distributed.diagnostics.plugin import WorkerPlugin

from seqlab.errors import Fault
from seqlab.remote.places import arrived, incoming
from seqlab.training.memory import give_back

TRAIN, EVALUATE = "train", "evaluate"
SECONDS_TO_REST, SECONDS_TO_RENEW = 3.0, 60.0
SECONDS_FOR_ANOTHER = 45.0  # that a run waits here while another process lets go of it


class Preload(WorkerPlugin):
    """Loads torch before the first task, and makes training give way to whoever waits for a picture."""

    name = "seqlab-preload"
    idempotent = True

    def setup(self, worker: Worker) -> None:
        """Run once on each worker, also on one that is started later in place of another."""
        resources = worker.state.total_resources
        trains = TRAIN in resources or EVALUATE not in resources
        if TRAIN in resources or EVALUATE in resources:
            # Ctrl-C in a terminal reaches all its processes; ours are ended by the engine, in order.
            with suppress(ValueError):
                signal.signal(signal.SIGINT, signal.SIG_IGN)
        if TRAIN in resources:
            with suppress(OSError, AttributeError):
                os.nice(10)
        import torch

        torch.set_num_threads(1)
        importlib.import_module("seqlab.models.network")
        if trains:
            importlib.import_module("seqlab.training.group_session")


class Rest(WorkerPlugin):
    """Gives memory back when one of our own workers has nothing to do; while it works it keeps what it frees.

    After a longer while a forked worker makes room for a newborn one, which has all of torch in common with the others.
    """

    name = "seqlab-rest"
    idempotent = True

    def setup(self, worker: Worker) -> None:
        """Run once on each worker."""
        self._worker = worker
        self._due: list[object] = []
        self._ours = bool({TRAIN, EVALUATE} & set(worker.state.total_resources))
        self._forked = "seqlab.training.preload" in sys.modules

    def transition(self, key: object, start: str, finish: str, **more: object) -> None:
        """Begin to wait anew with every change of a task."""
        for due in self._due:
            self._worker.loop.remove_timeout(due)
        later = self._worker.loop.call_later
        self._due = [later(SECONDS_TO_REST, self._release)] if self._ours else []
        self._due += [later(SECONDS_TO_RENEW, self._renew)] if self._ours and self._forked else []

    def _release(self) -> None:
        if not self._worker.state.all_running_tasks:
            give_back()

    def _renew(self) -> None:
        if not self._worker.state.tasks:
            os._exit(0)  # its nanny has the next one forked in a tenth of the time that an orderly end takes


def train(*sent: object) -> str:
    """Train a run to its end, or several in one program. A run that another process has is left to it.

    It leaves its worker's thread to others: the next run, which takes turns with it, or a question. A worker that has
    lost its scheduler, or the process it was forked from, may take a while to end. Returns why the folder of a run
    cannot be used, in a sentence, or an empty text: Dask would log a Fault that is raised here with its traceback.
    """
    from distributed import get_worker, secede

    from seqlab.training import group_session, session
    from seqlab.training.recorder import Held

    name = str(get_worker().name)
    secede()
    try:
        paths = [arrived(path) for path in sent]
        if len(paths) > 1:
            group_session.train_together(paths, worker=name)
        else:
            session.train(paths[0], worker=name, patience=SECONDS_FOR_ANOTHER)
    except Held:
        return ""
    except Fault as fault:
        return str(fault)
    return ""


def answer(target: str, args: tuple[object, ...], kwargs: dict[str, object]) -> tuple[object, str]:
    """Call a function of seqlab by its name, such as ``seqlab.lenses.accuracy:by_delay``.

    Returns what it gives and an empty text or, where it raises Fault, None and the sentence: that is an answer as well,
    and Dask would log what is raised here with its traceback.
    """
    module, _, name = target.partition(":")
    if not module.startswith("seqlab.") or not name:
        return None, f"{target!r:.80} is not a function of seqlab."
    function: Callable[..., object] = getattr(importlib.import_module(module), name)
    try:
        return function(*incoming(args), **incoming(kwargs)), ""
    except Fault as fault:
        return None, str(fault)
