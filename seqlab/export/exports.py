"""Everything that can be taken away from a run: one file a form, found by the registry.

Pages, the command line and the Python API offer what stands here, and refuse in the same words what a form cannot hold.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from seqlab.errors import Fault
from seqlab.files import refusal, write_aside
from seqlab.reference.changed import Changes, changed
from seqlab.reference.sampling import Choice
from seqlab.registry import discover
from seqlab.trace import Trace
from seqlab.training.inputs import Given
from seqlab.training.run import Run
from seqlab.training.task_input import TaskInput, read


@dataclass(frozen=True)
class TextSettings:
    """How a text is drawn that leaves: what it goes on from, how long it is, its draws and how they choose."""

    prompt: str | None = None
    length: int = 300
    seed: int = 1
    choice: Choice = field(default_factory=Choice)


@dataclass(frozen=True)
class Leaving:
    """What leaves: a run at one of its snapshots, the input that is shown with it, and what is changed while it runs.

    ``link`` is where a page shows the same.
    """

    run: Run
    step: int
    given: TaskInput
    text: TextSettings = field(default_factory=TextSettings)
    changes: Changes = ()
    link: str = ""

    @classmethod
    def of(cls, run: Run, given: Given | None = None, condition: int | None = None,
           step: int | None = None) -> "Leaving":
        """Take a run with its newest weights, and a text, symbols or ids that it reads; raises Fault."""
        return cls(run, run.newest if step is None else step, read(run, given, condition))

    @property
    def trained(self) -> "Leaving":
        """The same without changes: a file of the network itself holds what was trained."""
        return replace(self, changes=())

    def weights(self, step: int | None = None, dtype: str = "float32") -> dict[str, np.ndarray]:
        """The weights after a step, as they were trained."""
        return self.run.weights(self.step if step is None else step, dtype)

    def traced(self, step: int | None = None, dtype: str = "float32") -> Trace:
        """Compute every quantity of the pass by the reference."""
        condition = None if self.given.condition is None else np.array([self.given.condition])
        return changed(self.run.core, self.given.ids, self.weights(step, dtype), self.changes, condition=condition,
                       pooling=self.run.config.network.pooling)


@dataclass(frozen=True)
class Export:
    """One form in which a run leaves.

    ``note`` says in a few words what it is for, ``ending`` is that of its file's name, ``content`` makes the file (it
    may load torch), ``why_not`` says in one sentence why a run cannot leave so ("" where it can). ``into`` writes it
    into a folder of another program's instead, where that reads folders; it gives the file. ``hint`` says what to do
    with it, where ``{}`` is where it was written to.
    """

    name: str
    label: str
    note: str
    ending: str
    content: Callable[[Leaving], bytes]
    why_not: Callable[[Run], str] = lambda run: ""
    into: Callable[[Run, Path], Path] | None = None
    hint: str = ""

    def file_name(self, run: Run) -> str:
        """Name its file after the run."""
        return f"{run.id}{self.ending}"

    def made(self, leaving: Leaving) -> bytes:
        """Make the file; raises Fault where this run cannot leave so."""
        reason = self.why_not(leaving.run)
        if reason:
            raise Fault(reason)
        return self.content(leaving)

    def write(self, leaving: Leaving, path: Path) -> Path:
        """Write the file whole or not at all, and give it; raises Fault."""
        content = self.made(leaving)
        try:
            write_aside(path, content)
        except OSError as error:
            raise Fault(f"The file cannot be written to {path}: {refusal(error)}.") from None
        return path


def exports() -> dict[str, Export]:
    """All forms by name; a new one is a new file in ``seqlab/export`` with an ``EXPORT``."""
    return discover("seqlab.export", "EXPORT", Export)
