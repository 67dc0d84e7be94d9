"""Choosing the run that a page shows; the choice stands in the address, so a link opens the same network."""

from collections.abc import Sequence
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from seqlab.classroom.ownership import is_shared
from seqlab.errors import Fault
from seqlab.training.run import Run
from seqlab.training.sweep import is_point
from seqlab.ui.runs.opens import ANY, Opens
from seqlab.ui.shell import acting
from seqlab.ui.shell.faults import attempt
from seqlab.ui.shell.foreign import literal
from seqlab.ui.shell.labels import unique
from seqlab.ui.shell.services import library
from seqlab.ui.shell.visitor import visitor
from seqlab.ui.shell.whose import is_near, whose

OPENED, RECORDED = "Opened", "Recorded"
PICKED = "picked"  # in the session's state: the run that is chosen


def candidates(opens: Opens = ANY) -> dict[str, Run]:
    """Runs that a page can show, by id.

    Of the points of sweeps only the one that the address names is among them, and where a teacher looks of pupils' runs
    that are not shared too: hundreds would hide the rest.
    """
    return {run.id: run for run in (*_asked(), *filter(is_near, library().runs())) if opens.accepts(run)}


def _asked() -> list[Run]:
    asked = st.query_params.get("run", "")
    try:
        return [run for run in [library().get(asked)] if run.config and (is_point(asked) or not is_near(run))]
    except Fault:
        return []


def preferred(opens: Opens) -> Run | None:
    """The run that a page opens with where none was asked for; any other that it can show if that one is not there."""
    runs = [run for run in candidates(opens).values() if run.snapshots()]
    return next((run for run in runs if run.id == opens.prefers), runs[0] if runs else None)


def label(run: Run, state: str = "") -> str:
    """Name, state, model and size of a run; the model only once where the name says it already."""
    size, model = run.config.network.hidden, run.core.label
    made = f"{size} units" if model.split()[0] in run.name else f"{model} {size}"
    return " · ".join(filter(None, (run.name, state, made)))


def title(run: Run) -> str:
    """One line about a run: what it is, how it stands, and its size last, for which a phone may have no room.

    ``own`` is what was trained here, ``opened`` came from a file, ``recorded`` from a loop of its owner; the others
    were shipped with seqlab.
    """
    # A run that trains is only called live: its state may change while the list stands on the page.
    other = whose(run)
    finished = "" if library().is_shipped(run) else origin_of(run).lower() or ("" if other else "own")
    state = "live" if run.status.active else finished if run.status.state == "finished" else run.status.state
    return label(run, " · ".join(filter(None, (state, other and f"of {other}"))))


def origin_of(run: Run) -> str:
    """Where a run came from that was not trained here: ``Opened`` from a file, or ``Recorded`` from another loop."""
    return RECORDED if run.status.recorded else OPENED if run.was_opened else ""


def show(run_id: str) -> None:
    """Make a run the one that is shown, here and in the address."""
    st.query_params["run"] = run_id


def pick_run(opens: Opens, *, labelled: bool = True) -> Run | None:
    """Draw the picker over the runs that a page can show and open the one chosen; None when there is none at all.

    Without a label there is room for what the network does on a projector; a screen reader has it still.
    An address that names an unknown run is answered with one sentence, and the preferred run is opened.
    """
    runs = candidates(opens)
    titles = unique({run_id: title(run) for run_id, run in runs.items()})
    if not runs:
        return None
    wanted = st.query_params.get("run", opens.prefers)
    if wanted not in runs:
        if "run" in st.query_params:
            st.warning(literal(_missing(wanted)))
        wanted = opens.prefers if opens.prefers in runs else next(iter(runs))
    st.session_state[PICKED] = wanted
    field, beside = _places(runs[wanted])
    field.selectbox("Network", list(runs), format_func=titles.__getitem__, key=PICKED,
                    on_change=lambda: show(st.session_state[PICKED]),
                    label_visibility="visible" if labelled else "collapsed",
                    help="Every trained network: those shipped with seqlab, and your own.")
    if beside is not None:
        share_button([runs[wanted]], beside, "share-picked")
    return runs[wanted]


def _places(run: Run) -> tuple[DeltaGenerator, DeltaGenerator | None]:
    """Where the picker stands and, in a class beside an own run, what shares it."""
    if not (visitor().in_class and acting.may_change(run) and not library().is_shipped(run)):
        return st.container(), None
    row = st.container(horizontal=True, vertical_alignment="bottom", key="picker-row")
    return row.container(), row.container(width="content")


def share_button(runs: Sequence[Run], place: DeltaGenerator, key: str) -> None:
    """Draw the button that lets the whole class read some runs, or no longer."""
    shared = all(map(is_shared, runs))
    place.button("Unshare" if shared else "Share", icon=":material/group_off:" if shared else ":material/group_add:",
                 key=key, on_click=_share, args=(runs, not shared),
                 help="Only you and the teacher see it then." if shared else
                 "Share with the class: all may read it, none may change it.")


def _share(runs: Sequence[Run], shared: bool) -> None:
    for run in runs:
        attempt(partial(acting.share, run, shared))


def _missing(run_id: str) -> str:
    try:
        library().get(run_id)
    except Fault as fault:
        return f"{fault} Another network is shown instead."
    return "The run in the address is nothing for this page. Another network is shown instead."
