"""What a worker was asked, and how its answer or its failure reaches a page."""

import logging
import time
from concurrent.futures import CancelledError
from typing import Any

from distributed import KilledWorker

from seqlab.errors import Fault
from seqlab.training.workers import Workers

log = logging.getLogger("seqlab")

LOOK = 0.5  # seconds between two looks whether somebody is there who can answer
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
            self._look()
        except Fault:
            return True
        return bool(self._future.done())

    def result(self, timeout: float | int = 10.0) -> Any:
        """Return the answer; raises TimeoutError after ``timeout`` seconds, Fault when it cannot be given."""
        end = time.monotonic() + timeout
        while True:
            self._look()
            try:
                return self._future.result(timeout=max(0.0, min(LOOK, end - time.monotonic())))
            except Fault:
                raise
            except TimeoutError:
                if self._future.done() or time.monotonic() >= end:
                    raise
            except (CancelledError, KilledWorker) as error:
                raise Fault(WENT_AWAY) from error
            except Exception as error:
                log.error("a question was not answered", exc_info=error)
                raise Fault(f"The evaluation failed with {article(type(error).__name__)}; try again.") from error

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
