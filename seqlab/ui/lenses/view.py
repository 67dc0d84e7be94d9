"""What a section that opens beside a word is, and the row in which one is chosen."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from seqlab.reference.changed import Changes
from seqlab.registry import discover
from seqlab.training.question import Question
from seqlab.training.run import Run
from seqlab.training.task_input import TaskInput
from seqlab.ui.runs.changes import changes_made
from seqlab.ui.runs.following import goes_on, new_weights
from seqlab.ui.shell.choices import choose_or_none
from seqlab.ui.shell.faults import show_fault_inline
from seqlab.ui.shell.in_view import looked_at
from seqlab.ui.shell.navigation import link, pages
from seqlab.ui.shell.pacing import paced

ADDRESS = "ask"
SECONDS = 2.0  # between two looks at a run that trains


@dataclass(frozen=True)
class LensView:
    """A section that opens under the picture of a word.

    ``name`` stands in the address, ``label`` on the switch; ``tells`` says in one line what it shows, ``place`` orders
    the switch. ``offered(run)`` is whether the run has what it needs. ``draw(question, given, key)`` draws it inside a
    fragment of its own; ``key`` stands before the names of its widgets and in the address. One that asks the trained
    network, whatever is changed above, is not ``changed``, and then it is said. One that ``pairs`` can compare two
    networks, one next to the other.
    """

    name: str
    label: str
    tells: str
    place: int
    offered: Callable[[Run], bool]
    draw: Callable[[Question, TaskInput, str], None]
    changed: bool = True
    pairs: bool = False


def lens_views() -> dict[str, LensView]:
    """All sections by name, in their order; a new one is a new file in ``seqlab/ui/lenses`` with a ``LENS``."""
    known = discover("seqlab.ui.lenses", "LENS", LensView)
    return dict(sorted(known.items(), key=lambda item: (item[1].place, item[0])))


def ask_network(run: Run, given: TaskInput, key: str = "") -> None:
    """Draw the row of all sections that a run offers, and the one that is open, about its newest snapshot as changed.

    Of a run that trains it follows. ``key`` tells the places of a page apart where there are several.
    """
    looked_at(run, given)
    offered = {name: view for name, view in lens_views().items() if view.offered(run)}
    if not offered or not given.letters_in or not run.snapshots():
        return
    titles = {name: view.label for name, view in offered.items()}
    with st.container(horizontal=True, vertical_alignment="bottom", key=f"{key}ask-network"):
        chosen = choose_or_none(st.pills, "Ask the network", titles, f"{key}{ADDRESS}", optional=True,
                                help="Questions about this very input, each answered below and proved; press again to "
                                "close.")
        _elsewhere(run)
    if chosen:
        st.caption(offered[chosen].tells)
        follow = paced(_open, new_weights(run))
        st.fragment(follow, run_every=SECONDS if goes_on(run) else None)(offered[chosen], run, given, key)


def _elsewhere(run: Run) -> None:
    """Draw the ways to the pages on which more can be asked of a run."""
    opens = pages()["search"].opens
    if opens is not None and opens.accepts(run):
        link("search", "Search a text", run=run.id)
    link("compare", a=run.id)


@show_fault_inline
def _open(view: LensView, run: Run, given: TaskInput, key: str) -> None:
    show(view, run, run.newest, given, changes_made(run), key)


def show(view: LensView, run: Run, step: int, given: TaskInput, changes: Changes, key: str) -> None:
    """Draw a section about a snapshot of a run, as it is changed; where it asks the trained network alone, say so."""
    if changes and not view.changed:
        st.info("This section asks the network as it was trained, without the changes above.")
    view.draw(Question.of(run, step, given, changes if view.changed else ()), given, f"{key}{view.name}-")
