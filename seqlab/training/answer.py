"""What a worker was asked, and how its answer or its failure reaches a page."""

import logging
import time
from concurrent.futures import CancelledError
from typing import Any

from distributed import KilledWorker

from seqlab.errors import Fault
from seqlab.training.workers import Workers

log = logging.getLogger("seqlab")

PAUSE = 0.01  # seconds between two looks whether it is there, and whether anybody is who can answer
TO_FETCH = 10.0  # seconds that an answer may take from the worker to here
NOT_FETCHED = "The answer of the workers does not come through; try again."
WENT_AWAY = "The workers went away while they were asked; try again."


class Answer:
    """What a worker will say; ``result`` waits for it.

    A question that lay with a worker which died goes to another one, by the scheduler or, where that knows of none that
    offers what was asked for, by being asked anew. Whoever waits looks.
    """

    def __init__(self, workers: Workers, target: str, args: tuple[object, ...], kwargs: dict[str, object]) -> None:
        self._workers, self._question = workers, (target, args, kwargs)
        self._future, self._offer = workers.answer(*self._question)

    def done(self) -> bool:
        """Whether it is there, or will never be."""
        try:
            return self._there()
        except Fault:
            return True

    def result(self, timeout: float | int = 10.0) -> Any:
        """Return the answer; raises TimeoutError where none comes in ``timeout`` seconds, Fault where none can."""
        end = time.monotonic() + timeout
        while not self._there():
            if time.monotonic() >= end:
                raise TimeoutError(f"no answer came within {timeout} s")
            time.sleep(PAUSE)
        try:
            # It has only to be fetched. Dask loses one whose time is up in the middle of that, so this has its own.
            given, refused = self._future.result(timeout=TO_FETCH)
        except (TimeoutError, UnboundLocalError) as error:  # the second is what Dask says then
            raise Fault(NOT_FETCHED) from error
        except (CancelledError, KilledWorker) as error:
            raise Fault(WENT_AWAY) from error
        except Exception as error:
            log.error("a question was not answered", exc_info=error)
            raise Fault(f"The evaluation failed with {article(type(error).__name__)}; try again.") from error
        if refused:
            raise Fault(refused)
        return given

    def _there(self) -> bool:
        self._look()
        return bool(self._future.done())

    def _look(self) -> None:
        """Ask anew where no worker offers any more what was asked for; raises Fault where nobody is there."""
        if self._future.done() and self._future.status != "cancelled":
            return
        if self._future.done():  # its scheduler is gone
            raise Fault(self._workers.awaited or WENT_AWAY)
        if self._workers.deserted:
            raise Fault(self._workers.deserted)
        if self._offer and self._workers.answering != self._offer:
            self._future.cancel()
            self._future, self._offer = self._workers.answer(*self._question)


def article(name: str) -> str:
    """Put a or an before the name of an error."""
    return f"{'an' if name[0] in 'AEIOU' else 'a'} {name}"
