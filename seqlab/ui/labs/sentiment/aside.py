"""Work that takes longer than a glance, done beside the session that asks for it, and kept."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import Any, Generic, TypeVar

from seqlab.ui.proof.waiting import awaited

Question = TypeVar("Question", bound=Hashable)
KEPT = 64


class Aside(Generic[Question]):
    """One thread that answers and keeps its answers; NumPy's products leave the others free.

    A question that nobody waits for any more, because another edit came, is dropped if it has not begun.
    """

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, "aside")
        self._kept: OrderedDict[Question, Future[Any]] = OrderedDict()
        self._lock = Lock()

    def result(self, question: Question, work: Callable[[Question], Any]) -> Any:
        """Give ``work(question)``; a widget that is moved meanwhile ends the waiting. Raises what the work raises."""
        future = self._asked(question, work)
        try:
            return awaited(future)
        except BaseException:
            if future.cancel() or future.done():
                self._forget(question)
            raise

    def _asked(self, question: Question, work: Callable[[Question], Any]) -> "Future[Any]":
        with self._lock:
            known = self._kept.get(question)
            if known is None or known.cancelled():
                known = self._kept[question] = self._pool.submit(work, question)
            self._kept.move_to_end(question)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
            return known

    def _forget(self, question: Question) -> None:
        with self._lock:
            self._kept.pop(question, None)
