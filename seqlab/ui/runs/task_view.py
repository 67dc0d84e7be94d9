"""How pages speak of one task and ask for its inputs: what a lab declares for each task that it is the lab of."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Int

from seqlab.training.run import Run


@dataclass(frozen=True)
class TaskInput:
    """One sequence as the network reads it and as a person does.

    ``letters_target`` is as long as ``letters_in``, with ``UNSCORED`` where no answer is scored; ``letters_out`` are
    the symbols that the network can answer, in the order of its logits. No letters: nothing was typed. ``delay`` links
    each input to the output that repeats it, where the task has such a delay.
    """

    ids: Int[np.ndarray, "batch time"]
    condition: int | None
    letters_in: Sequence[str]
    letters_target: Sequence[str]
    letters_out: Sequence[str]
    delay: int | None = None


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
