"""Everything that can be taken away from a run: one file a form, found by the registry.

Pages, the command line and the Python API offer what stands here, and refuse in the same words what a form cannot hold.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from seqlab.errors import Fault
from seqlab.files import refusal, write_aside
from seqlab.registry import discover
from seqlab.training.run import Run
from seqlab.training.task_input import TaskInput, read


@dataclass(frozen=True)
class Leaving:
    """What leaves: a run at one of its snapshots, and the input that is shown with it."""

    run: Run
    step: int
    given: TaskInput

    @classmethod
    def of(cls, run: Run, text: str | None = None, condition: int | None = None,
           step: int | None = None) -> "Leaving":
        """Take a run with its newest weights and a text that it reads; raises Fault."""
        return cls(run, run.newest if step is None else step, read(run, text, condition))


@dataclass(frozen=True)
class Export:
    """One form in which a run leaves.

    ``note`` says in a few words what it is for, ``ending`` is that of its file's name, ``content`` makes the file (it
    may load torch), ``why_not`` says in one sentence why a run cannot leave so ("" where it can).
    """

    name: str
    label: str
    note: str
    ending: str
    content: Callable[[Leaving], bytes]
    why_not: Callable[[Run], str] = lambda run: ""

    def file_name(self, run: Run) -> str:
        """Name its file after the run."""
        return f"{run.id}{self.ending}"

    def made(self, leaving: Leaving) -> bytes:
        """Make the file; raises Fault where this run cannot leave so."""
        reason = self.why_not(leaving.run)
        if reason:
            raise Fault(reason)
        return self.content(leaving)

    def write(self, leaving: Leaving, path: Path) -> None:
        """Write the file whole or not at all; raises Fault."""
        content = self.made(leaving)
        try:
            write_aside(path, content)
        except OSError as error:
            raise Fault(f"The file cannot be written to {path}: {refusal(error)}.") from None


def exports() -> dict[str, Export]:
    """All forms by name; a new one is a new file in ``seqlab/export`` with an ``EXPORT``."""
    return discover("seqlab.export", "EXPORT", Export)
