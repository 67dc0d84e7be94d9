"""The echo lab: a word in, its echo out; train a network live and look inside it."""

from seqlab.tasks.echo import EchoConfig
from seqlab.training.run import Run
from seqlab.ui.labs.echo.input import echo_input, echo_input_of_picture
from seqlab.ui.labs.echo.quality import quality
from seqlab.ui.labs.echo.settings import echo_settings, usual_echo
from seqlab.ui.runs.explore import explore
from seqlab.ui.runs.frames import lab
from seqlab.ui.runs.opens import Opens
from seqlab.ui.runs.task_view import TaskView, Wording
from seqlab.ui.runs.train_form import TrainForm
from seqlab.ui.shell.page import Page, Section
from seqlab.ui.shell.theme import is_dark


def _look(run: Run) -> None:
    explore(run, "echo", echo_input_of_picture)
    if not run.status.active and run.snapshots():
        quality(run, dark=is_dark())


def _delays(task: EchoConfig) -> str:
    return f"delays 0 to {task.delay}" if task.form == "variable" else f"delay {task.delay}"


PAGE = Page(
    "echo", "Echo lab", ":material/graphic_eq:", Section.LABS, 1, lab(_look),
    caption="The network reads one letter at a time and must repeat each, a few letters later. It keeps them in its "
    "state or, as a transformer, looks back.",
    opens=Opens("echo-variable-gru", tasks=("echo",)),
    empty="There is no trained network yet. Press **Train a new one**: it takes a few seconds.",
    tasks=(TaskView("echo", echo_input, Wording(_delays, lambda task: f"strings of {task.length}")),),
    form=TrainForm(echo_settings, usual=usual_echo))
