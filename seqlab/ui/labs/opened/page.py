"""The page of networks that came from a file: all that needs no data, and data to attach."""

from functools import partial

import streamlit as st

from seqlab.training.run import Run
from seqlab.training.task_input import TaskInput
from seqlab.ui.labs.opened.attach import attach_data
from seqlab.ui.labs.opened.input import opened_input
from seqlab.ui.proof.owners_word import owners_program
from seqlab.ui.runs.explore import explore
from seqlab.ui.runs.frames import studio, with_curves
from seqlab.ui.runs.opens import Opens
from seqlab.ui.runs.task_view import TaskView, Wording
from seqlab.ui.runs.training_panel import stays_above
from seqlab.ui.shell.navigation import link
from seqlab.ui.shell.page import Page, Section


def _look(run: Run) -> None:
    if run.status.recorded or run.config.has_data:
        with_curves(run, _explore, above=stays_above(run))
    else:
        _explore(run)


def _explore(run: Run) -> None:
    explore(run, "opened", _ask)
    attach_data(run)


def _ask(run: Run) -> TaskInput:
    """The input, and beside it what the owner's own program answered."""
    left, right = st.columns([5, 1.3], vertical_alignment="bottom")
    with right:
        owners_program(run)
    with left:
        return opened_input(run, "")


PAGE = Page(
    "opened", "Opened networks", ":material/drive_folder_upload:", Section.LABS, 90,
    studio(_look, partial(link, "runs", "Open a checkpoint")),
    caption="A network of your own, from a file or a loop: all that it computes on any input, proved against torch.",
    opens=Opens("", tasks=("opened",)),
    empty="No network was opened from a file yet. Open one on the Runs page, or with `seqlab open FILE`; "
          "the labs train new ones.",
    tasks=(TaskView("opened", opened_input, Wording(unit=lambda task: "symbol")),))
