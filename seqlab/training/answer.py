"""What a worker was asked, and how its answer or its failure reaches a page."""

import logging
from concurrent.futures import CancelledError
from typing import Any

from distributed import Future

from seqlab.errors import Fault

log = logging.getLogger("seqlab")


class Answer:
    """What a worker will say; ``result`` waits for it."""

    def __init__(self, future: Future) -> None:
        self._future = future

    def done(self) -> bool:
        """Whether it is there, or will never be."""
        return bool(self._future.done())

    def result(self, timeout: float | int = 10.0) -> Any:
        """Return the answer; raises TimeoutError after ``timeout`` seconds, Fault when it cannot be given."""
        try:
            return self._future.result(timeout=timeout)
        except (Fault, TimeoutError):
            raise
        except (Exception, CancelledError) as error:
            log.error("a question was not answered", exc_info=error)
            raise Fault(f"The evaluation failed with {article(type(error).__name__)}; try again.") from error


def article(name: str) -> str:
    """Put a or an before the name of an error."""
    return f"{'an' if name[0] in 'AEIOU' else 'a'} {name}"
