"""What stands on the page now: the run and the sequence that a view shows, for whoever asks about it."""

from dataclasses import dataclass

import streamlit as st

from seqlab.training.run import Run
from seqlab.training.task_input import TaskInput

SEEN, _PAGE = "in-view", "in-view-page"  # in the session's state


@dataclass(frozen=True)
class InView:
    """A run and one sequence that it reads, at a snapshot."""

    run: Run
    step: int
    given: TaskInput


def looked_at(run: Run, given: TaskInput) -> None:
    """Note that a view of the page shows this, at the newest snapshot."""
    if given.letters_in and run.snapshots():
        st.session_state[SEEN] = InView(run, run.newest, given)


def in_view(page: str) -> InView | None:
    """What a view of this page showed last; None where the page is another one by now, or shows no sequence."""
    state = st.session_state
    if state.get(_PAGE) != page:
        state[_PAGE] = page
        state.pop(SEEN, None)
    known: InView | None = state.get(SEEN)
    return known
