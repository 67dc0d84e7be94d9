"""What a check of a lesson may read: the page as it stands now, and what the person did since the step began."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from seqlab.errors import Fault
from seqlab.reference.changed import Changes
from seqlab.trace import Trace
from seqlab.training.library import Library
from seqlab.training.question import Question
from seqlab.training.run import Run
from seqlab.training.task_input import TaskInput

Answer = str | float | frozenset[int]  # a choice or a letter, a number, the times that were marked


@dataclass(frozen=True)
class Scene:
    """A page as it stands now, and the acts of the person in front of it.

    ``address`` is what stands behind the page's name; ``run``, ``step``, ``given`` and ``changes`` are the network, its
    snapshot, the sequence that it reads and what was changed in it, where the page shows one. ``began`` is when the
    step was opened, in seconds since 1970; ``exact`` are the exercises of *Your code* that came out exact since then.
    """

    library: Library
    page: str
    address: Mapping[str, str] = field(default_factory=dict)
    run: Run | None = None
    step: int | None = None
    given: TaskInput | None = None
    changes: Changes = ()
    began: float = 0.0
    exact: frozenset[str] = frozenset()

    @property
    def shown(self) -> Run:
        """The network that the page shows; raises Fault where it shows none."""
        if self.run is None or not self.run.snapshots():
            raise Fault("The page shows no network now; open one, or go back to this step's view.")
        return self.run

    @property
    def sequence(self) -> TaskInput:
        """What the network reads on the page; raises Fault where nothing is typed."""
        if self.given is None or not self.given.letters_in:
            raise Fault("The page shows no text now; type one, or go back to this step's view.")
        return self.given

    @property
    def question(self) -> Question:
        """The network, what it reads and what is changed, as every lens is asked; raises Fault where there is none."""
        run = self.shown
        return Question.of(run, run.newest if self.step is None else self.step, self.sequence, self.changes)

    def trace(self) -> Trace:
        """Compute the pass that the page shows, in NumPy; raises Fault where there is none."""
        return self.question.trace()


@dataclass(frozen=True)
class Verdict:
    """Whether an answer or an act is right, and one sentence to the person."""

    right: bool
    sentence: str
