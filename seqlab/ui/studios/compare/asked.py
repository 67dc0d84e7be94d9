"""Two networks asked the same by a section that opens beside a word elsewhere: the answers stand next to each other."""

from collections.abc import Sequence

import streamlit as st

from seqlab.training.run import Run
from seqlab.training.task_input import TaskInput
from seqlab.ui.lenses.view import SECONDS, LensView, lens_views, show
from seqlab.ui.runs.following import goes_on
from seqlab.ui.shell.faults import show_fault_inline
from seqlab.ui.shell.foreign import literal
from seqlab.ui.studios.compare.dials import title
from seqlab.ui.studios.compare.sides import Choice

KEY = "ask-"  # before its name in the list of what is compared, and in the address


def sections(a: Run, b: Run) -> dict[str, LensView]:
    """What both networks can be asked side by side, by its key in the list of what is compared."""
    return {KEY + name: view for name, view in lens_views().items()
            if view.pairs and view.offered(a) and view.offered(b)}


def both(view: LensView, chosen: Sequence[Choice], given: Sequence[TaskInput]) -> None:
    """Draw a section for either side; each is a fragment of its own, and follows a run that trains."""
    for column, side, read in zip(st.columns(2, gap="medium"), chosen, given, strict=True):
        with column:
            st.fragment(_side, run_every=SECONDS if goes_on(side.run) else None)(view, side, read)


@show_fault_inline
def _side(view: LensView, side: Choice, given: TaskInput) -> None:
    step = side.step()
    st.markdown(f"**{literal(title(side, step, 1.0))}**")
    show(view, side.run, step, given, side.changes, f"{side.letter}-")
