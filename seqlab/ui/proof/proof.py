"""The proof beside every picture: the same numbers from NumPy here and from torch on a worker, and how they differ."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, is_dataclass
from functools import partial
from typing import Generic, TypeVar

from seqlab.agreement import Agreement
from seqlab.errors import Fault
from seqlab.figures.badge import EVERYTHING, Frame, compared
from seqlab.figures.rounding import PRECISIONS, Arrays
from seqlab.ui.proof.snapshot import Weights
from seqlab.ui.proof.store import AGREEMENTS
from seqlab.ui.proof.waiting import Pending, wait_for

Q = TypeVar("Q", bound=Hashable)
A = TypeVar("A")


@dataclass(frozen=True, kw_only=True)
class Proof(Generic[Q, A]):
    """One kind of comparison; a question of that kind is a hashable value, such as one input of one snapshot.

    ``remote`` asks torch, ``reference`` and ``torch`` give the numbers of both sides in one precision, an array for
    each name, in a list with one entry for each frame (``steps``). A worker that has both sides at hand compares them
    itself, and ``reported`` takes that out of its answer. ``weights`` gives the largest weight of each frame.
    """

    name: str
    remote: Callable[[Q], Pending[A]]
    reference: Callable[[Q, str], Sequence[Arrays]] | None = None
    torch: Callable[[Q, A, str], Sequence[Arrays]] | None = None
    reported: Callable[[A], Mapping[str, Agreement]] | None = None
    precisions: tuple[str, ...] = PRECISIONS
    steps: Callable[[Q], Sequence[int]] = lambda question: (0,)
    weights: Callable[[Q, int], float] | None = None  # of a frame, by its number
    compares: str = EVERYTHING
    against: str = "torch"
    symbols: tuple[str, ...] = ()

    def frames(self, *questions: Q) -> tuple[Frame, ...]:
        """Compare, once for all sessions; several questions about one picture are joined. Waits for torch.

        Raises Fault where torch cannot answer, TimeoutError where no worker does.
        """
        first, *others = (AGREEMENTS.get((self.name, question), partial(self._compared, question))
                          for question in questions)
        for other in others:
            first = tuple(one.joined(two) for one, two in zip(first, other, strict=True))
        return first

    def agreements(self, *questions: Q) -> Mapping[str, Agreement]:
        """Say how the two agree on the newest frame, by precision; waits and raises as ``frames`` does."""
        return self.frames(*questions)[-1].agreements

    def known(self, *questions: Q) -> bool:
        """Whether that has been compared already."""
        return all(AGREEMENTS.find((self.name, question)) is not None for question in questions)

    def _compared(self, question: Q) -> tuple[Frame, ...]:
        """Ask torch first, so that it computes at the same time as NumPy; raises Fault where they read two files."""
        frames = self._both(question)
        if not all(weights.stands for weights in weights_of(question)):
            raise Fault("these weights were written anew meanwhile; look at them again.")
        return frames

    def _both(self, question: Q) -> tuple[Frame, ...]:
        pending = self.remote(question)
        if self.reported is not None:
            return (Frame(_ordered(self.reported(wait_for(pending)))),)
        assert self.reference is not None
        assert self.torch is not None
        reference = {precision: self.reference(question, precision) for precision in self.precisions}
        answer = wait_for(pending)
        torch = {precision: self.torch(question, answer, precision) for precision in self.precisions}
        return tuple(self._frame(question, number, step, {precision: reference[precision][number]
                                                          for precision in self.precisions},
                                 {precision: torch[precision][number] for precision in self.precisions})
                     for number, step in enumerate(self.steps(question)))

    def _frame(self, question: Q, number: int, step: int, reference: Mapping[str, Arrays],
               torch: Mapping[str, Arrays]) -> Frame:
        weights = self.weights
        return compared(reference, torch, step, None if weights is None else lambda: weights(question, number))


def weights_of(question: object) -> list[Weights]:
    """The weights that a question is about, in so far as it says which."""
    parts = [question, *(vars(question).values() if is_dataclass(question) else ())]
    return [part for value in parts for part in (value if isinstance(value, tuple) else (value,))
            if isinstance(part, Weights)]


def _ordered(agreements: Mapping[str, Agreement]) -> dict[str, Agreement]:
    return {precision: agreements[precision] for precision in PRECISIONS if precision in agreements}
