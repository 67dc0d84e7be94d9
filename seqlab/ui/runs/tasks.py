"""What a run's task is called and what can be typed for it, as its lab declares."""

from seqlab.training.config import RunConfig
from seqlab.training.run import Run
from seqlab.training.task_input import TaskInput
from seqlab.ui.runs.task_view import Wording
from seqlab.ui.shell.in_view import looked_at
from seqlab.ui.shell.navigation import task_view


def wording(config: RunConfig) -> Wording:
    """The words for a run's task."""
    return task_view(config.task["name"]).wording


def task_input(run: Run, key: str = "") -> TaskInput:
    """Draw the widgets of a run's task and return what was typed, with a note on what was left out.

    ``key`` stands before the names of the widgets and in the address (``word``, ``delay``).
    """
    given = task_view(run.config.task["name"]).input(run, key)
    if not key:  # of a page with two inputs neither is what it shows
        looked_at(run, given)
    return given
