"""The page of networks that came from a file: no data, so no training, but everything else."""

from seqlab.training.run import Run
from seqlab.ui.labs.opened.input import opened_input
from seqlab.ui.runs.explore import explore
from seqlab.ui.runs.frames import studio
from seqlab.ui.runs.opens import Opens
from seqlab.ui.runs.task_view import TaskView, Wording
from seqlab.ui.shell.page import Page, Section


def _look(run: Run) -> None:
    explore(run, "opened")


PAGE = Page(
    "opened", "Opened networks", ":material/drive_folder_upload:", Section.LABS, 90, studio(_look),
    caption="A network of your own, from a file: everything it computes on any input, proved against torch.",
    opens=Opens("", tasks=("opened",)),
    empty="No network was opened from a file yet. Open one with `seqlab open FILE`.",
    tasks=(TaskView("opened", opened_input, Wording(unit=lambda task: "symbol")),))
