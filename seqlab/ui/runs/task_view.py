"""How pages speak of one task and ask for its inputs: what a lab declares for each task that it is the lab of."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from seqlab.training.run import Run
from seqlab.training.task_input import TaskInput


@dataclass(frozen=True)
class Wording:
    """The words for a task: what tells its runs apart, what its sequences are, and what its loss is counted by.

    ``name_part`` goes into a run's name, ``sequences`` into the line under its curves, ``unit`` is what the loss is
    counted by; all of the task's config. ``evaluated_on`` is what the evaluations are measured on,
    ``floor`` the least loss that there can be, where the truth is known.
    """

    name_part: Callable[[Any], str] = lambda task: ""
    sequences: Callable[[Any], str] = lambda task: ""
    unit: Callable[[Any], str] = lambda task: "letter"
    evaluated_on: str = "fresh data"
    floor: Callable[[Any], float] | None = None


@dataclass(frozen=True)
class TaskView:
    """A task on the pages: ``input(run, key)`` draws the widgets for one sequence and reads them.

    ``key`` stands before the names of the widgets and in the address, so that a page may have two inputs.
    """

    task: str
    input: Callable[[Run, str], TaskInput]
    wording: Wording = Wording()
