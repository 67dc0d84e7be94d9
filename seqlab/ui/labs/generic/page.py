"""The lab of a task that has none of its own: the form, the input and the views follow from what the task declares."""

from functools import partial
from typing import Any

from seqlab.tasks import Task
from seqlab.training.run import Run
from seqlab.ui.labs.generic.input import example_input
from seqlab.ui.labs.generic.settings import generic_settings, usual_of
from seqlab.ui.runs.explore import explore
from seqlab.ui.runs.frames import lab
from seqlab.ui.runs.opens import Opens
from seqlab.ui.runs.task_view import TaskView, Wording
from seqlab.ui.runs.train_form import TrainForm
from seqlab.ui.shell.page import Page, Section

LAST = 100  # behind the labs that have a page of their own


def lab_for(task: Task[Any]) -> Page:
    """A lab with a form made from the task's settings, the explorer, the curves and the badge."""
    return Page(
        task.name, f"{task.label} lab", ":material/science:", Section.LABS, LAST, lab(partial(_look, task.name)),
        caption=f"A network learns the task {task.label.lower()}. Train one, then look inside it on any input.",
        opens=Opens("", tasks=(task.name,)),
        empty="There is no trained network yet. Press **Train a new one**: every setting has a default.",
        tasks=(TaskView(task.name, example_input, Wording(unit=lambda task: "symbol")),),
        form=TrainForm(partial(generic_settings, task), usual=partial(usual_of, task)))


def _look(channel: str, run: Run) -> None:
    explore(run, channel)
