"""Choosing the run that a page shows; the choice stands in the address, so a link opens the same network."""

import streamlit as st

from seqlab.errors import Fault
from seqlab.training.run import Run
from seqlab.training.sweep import is_point
from seqlab.ui.runs.opens import ANY, Opens
from seqlab.ui.shell.foreign import literal
from seqlab.ui.shell.labels import unique
from seqlab.ui.shell.services import library

OPENED, RECORDED = "Opened", "Recorded"


def candidates(opens: Opens = ANY) -> dict[str, Run]:
    """Runs that a page can show, by id.

    Of the points of sweeps only the one that the address names is among them: hundreds would hide the rest.
    """
    return {run.id: run for run in (*_asked_point(), *library().runs()) if opens.accepts(run)}


def _asked_point() -> list[Run]:
    asked = st.query_params.get("run", "")
    try:
        return [run for run in [library().get(asked)] if run.config] if is_point(asked) else []
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
    finished = "" if library().is_shipped(run) else origin_of(run).lower() or "own"
    return label(run, "live" if run.status.active else finished if run.status.state == "finished" else run.status.state)


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
    st.session_state["picked"] = wanted
    st.selectbox("Network", list(runs), format_func=titles.__getitem__, key="picked",
                 on_change=lambda: show(st.session_state["picked"]),
                 label_visibility="visible" if labelled else "collapsed",
                 help="Every trained network: those shipped with seqlab, and your own.")
    return runs[wanted]


def _missing(run_id: str) -> str:
    try:
        library().get(run_id)
    except Fault as fault:
        return f"{fault} Another network is shown instead."
    return "The run in the address is nothing for this page. Another network is shown instead."
