"""The table of all runs and what one can do with those that are ticked."""

import math
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from seqlab.classroom.ownership import is_shared
from seqlab.errors import Fault
from seqlab.figures.curves import compare
from seqlab.training.run import Run
from seqlab.training.storage import is_pinned
from seqlab.training.sweep import is_point
from seqlab.ui.runs.picker import OPENED, RECORDED, label, origin_of, share_button
from seqlab.ui.shell import acting
from seqlab.ui.shell.charts import chart
from seqlab.ui.shell.columns import explained, meanings
from seqlab.ui.shell.faults import attempt, show_fault_inline
from seqlab.ui.shell.foreign import literal
from seqlab.ui.shell.labels import unique
from seqlab.ui.shell.navigation import lab_of, link
from seqlab.ui.shell.presenting import presenting
from seqlab.ui.shell.services import library
from seqlab.ui.shell.visitor import visitor
from seqlab.ui.shell.whose import whose

COLUMNS = {
    "Name": st.column_config.TextColumn(width=270),
    "Whose": st.column_config.TextColumn(width=110),
    "Model": st.column_config.TextColumn(width=125),
    "Accuracy": st.column_config.ProgressColumn(format="%.1f %%", min_value=0, max_value=100, width=140,
                                                help="On fresh strings if it was measured, else on the last batches."),
    "State": st.column_config.TextColumn(width="small"),
    "Loss": st.column_config.NumberColumn(format="%.4f", help="Nats per symbol, at the end of training."),
    "Steps": st.column_config.NumberColumn(format="localized"),
    "Seconds": st.column_config.NumberColumn(format="%.1f"),
    "Started": st.column_config.DatetimeColumn(format="distance"),
}
# On a projector: a bar writes its number smaller than the table does, and names are wider.
PRESENTED = {"Accuracy": st.column_config.NumberColumn(format="%.1f %%", width=110),
             "Model": st.column_config.TextColumn(width=175)}
CURVES = {"loss": "Loss (nats)", "accuracy": "Accuracy", "grad_norm": "Gradient norm before clipping",
          "lr": "Learning rate", "tokens_per_s": "Tokens per second", "evaluation": "Accuracy on fresh strings"}
POINTS, OTHERS = "Points of sweeps", "Of others"


def all_runs(*, dark: bool) -> None:
    """Draw the filters, the table, and what can be done with the ticked runs; it keeps up with runs that train."""
    active = any(run.status.active for run in library().runs())
    st.fragment(_all_runs, run_every=1.0 if active else None)(dark, active)


@show_fault_inline
def _all_runs(dark: bool, was_active: bool) -> None:
    # Hundreds of points would hide the other runs, so they are listed only where they are asked for.
    runs = library().runs(points=POINTS in st.session_state.get("kinds", ()))
    words, kinds = st.columns([3, 2])
    beside = words.container(horizontal=True, vertical_alignment="center", wrap=False)
    shown = _filtered(runs, beside, kinds)
    if not shown:
        st.info("No run matches the filter. Empty the field to see all.")
    ticked = _table(shown, beside)
    _actions(ticked)
    if ticked:
        _comparison(ticked, dark=dark)
    if was_active and not any(run.status.active for run in runs):
        st.rerun()  # the whole page: it stops the timer


def _filtered(runs: Sequence[Run], words: DeltaGenerator, states: DeltaGenerator) -> list[Run]:
    """Draw the filters and keep the runs that pass them."""
    text = words.text_input("Filter", key="filter", live=True, placeholder="Name, model or task",
                            icon=":material/search:", label_visibility="collapsed").lower()
    offered = ["Shipped", "Made here", *_more_kinds(runs)]
    kinds = states.pills("Which", offered, selection_mode="multi", key="kinds", label_visibility="collapsed")
    return [run for run in runs
            if text in f"{run.name} {run.core.label} {run.config.task['name']} {run.id}".lower()
            and (not kinds or _kind(run) in kinds)]


def _more_kinds(runs: Sequence[Run]) -> list[str]:
    """The kinds that only some libraries have."""
    there = {_kind(run) for run in runs}
    return [kind for kind in (OPENED, RECORDED, OTHERS) if kind in there] + [POINTS] * library().has_points()


def _kind(run: Run) -> str:
    if library().is_shipped(run):
        return "Shipped"
    if whose(run):
        return OTHERS
    return origin_of(run) or (POINTS if is_point(run.id) else "Made here")


def _table(runs: Sequence[Run], beside: DeltaGenerator) -> list[Run]:
    """Draw the table, and ``beside`` the filters what its columns mean; return the runs that are ticked.

    The browser knows ticks by their row. A list of other runs is another table, which starts with the ticks of the
    runs that were ticked before, so that a tick never passes from one run to another.
    """
    ids = [run.id for run in runs]
    before = set(st.session_state.get("ticked", ()))
    start: Any = {"selection": {"rows": [place for place, known in enumerate(ids) if known in before]}}
    rows = [_row(run) for run in runs]
    columns = explained(rows, COLUMNS | PRESENTED if presenting() else COLUMNS)
    with beside:
        meanings(columns)
    event: Any = st.dataframe(rows, column_config=columns, hide_index=True,
                              key=f"table-{hash(tuple(ids))}", on_select="rerun", selection_mode="multi-row",
                              selection_default=start, width="stretch", placeholder="")
    ticked = [runs[place] for place in event.selection.rows if place < len(runs)]
    st.session_state["ticked"] = [run.id for run in ticked]
    return ticked


def _row(run: Run) -> dict[str, Any]:
    status, network = run.status, run.config.network
    trained = bool(run.planned or status.step)
    accuracy = status.evaluation if status.evaluation is not None else status.accuracy
    return {
        "Name": run.name, **({"Whose": _whose(run)} if visitor().in_class else {}),
        "Model": f"{run.core.label} {network.hidden}",
        # Cut, not rounded: 99.96 % is not all.
        "Accuracy": None if accuracy is None else math.floor(1000 * accuracy) / 10,
        "State": "shipped" if library().is_shipped(run) else _state(run) + (" · pinned" if is_pinned(run) else ""),
        "Loss": status.loss,
        "Steps": status.step if trained else None, "Seconds": status.seconds if trained else None,
        "Started": datetime.fromtimestamp(status.started, UTC) if status.started else None,
        "Task": run.config.task_spec.label,
    }


def _whose(run: Run) -> str:
    if library().is_shipped(run):
        return ""
    return " · ".join(filter(None, (whose(run) or "yours", "shared" if is_shared(run) else "")))


def _state(run: Run) -> str:
    """How it is doing; of one that came from elsewhere, so."""
    state, origin = run.status.state, origin_of(run).lower()
    return " · ".join(filter(None, (origin, state if state != "finished" or not origin else "")))


def _actions(ticked: Sequence[Run]) -> None:
    """Draw the buttons for the ticked runs: open, rename, download, delete."""
    only = ticked[0] if len(ticked) == 1 else None
    own = [run for run in ticked if not library().is_shipped(run) and acting.may_change(run)]
    with st.container(horizontal=True, vertical_alignment="bottom", key="actions"):
        if only:
            link(lab_of(only.config.task["name"]).name, "Open", run=only.id)
            if own:
                _rename(only)
            _download(only)
        if own:
            stays = not all(map(is_pinned, own))
            st.button("Pin" if stays else "Unpin", key="pin",
                      icon=":material/keep:" if stays else ":material/keep_off:",
                      help="A pinned run stays, whatever quota or age is set.", on_click=_pin, args=(own, stays))
            if visitor().in_class:
                share_button(own, st.container(width="content"), "share")
            st.button(f"Delete {len(own)}" if len(own) > 1 else "Delete", icon=":material/delete:",
                      key="delete", on_click=_delete, args=(own,))
        _undo()
    if any(map(library().is_shipped, ticked)):
        st.caption("Shipped runs stay: they are neither renamed nor deleted. Download one and upload it to have a copy "
                   "of your own.")
    if any(whose(run) and not acting.may_change(run) for run in ticked):
        st.caption("What others share can be opened and downloaded; they alone rename, share or delete it.")


def _rename(run: Run) -> None:
    with st.popover("Rename", icon=":material/edit:"):
        # A new name makes a new field, which starts with it.
        name = st.text_input("New name", run.name, key=f"name-{run.id}-{run.name}", max_chars=80,
                             help="What the run is called in lists; its address stays.")
        if st.button("Save the name", key="save-name"):
            attempt(lambda: library().rename(run, name))
            st.rerun()


def _download(run: Run) -> None:
    def packed() -> bytes:
        file = library().export_zip(run)
        try:
            return file.read_bytes()
        finally:
            file.unlink()

    st.download_button("Download", packed, f"{run.id}.zip", "application/zip", icon=":material/download:",
                       key="download", on_click="ignore", help="The whole run as a zip: config, curves, all weights.")


def _pin(runs: Sequence[Run], stays: bool) -> None:
    for run in runs:
        attempt(partial(acting.pin, run, stays))


def _delete(runs: Sequence[Run]) -> None:
    for run in runs:
        attempt(partial(_delete_one, run))


def _delete_one(run: Run) -> None:
    name = run.name
    st.session_state.setdefault("deleted", []).append((name, library().delete(run)))


def _undo() -> None:
    gone = st.session_state.get("deleted")
    if gone:
        st.button(f"Undo: bring back {literal(gone[-1][0])}", icon=":material/undo:", key="undo", on_click=attempt,
                  args=(lambda: library().restore(gone.pop()[1]),))


def upload() -> None:
    """Draw the place where a run's zip can be dropped, and take it in."""
    with st.popover("Upload a run", icon=":material/upload:"):
        file = st.file_uploader("A run that was downloaded from seqlab", type="zip", key="zip",
                                help="The zip of a run, with its config, curves and weights.")
        if file is not None and st.session_state.get("taken") != file.file_id:
            st.session_state["taken"] = file.file_id
            try:
                with st.spinner("Reading and checking the zip file …"):
                    run = acting.made(lambda: library().import_zip(file))
            except Fault as fault:
                st.error(literal(fault))
            else:
                st.toast(f"{literal(run.name)} is here.", icon=":material/check:")
                st.rerun()


def _comparison(runs: Sequence[Run], *, dark: bool) -> None:
    """Lay the curves of the ticked runs over each other."""
    column = st.segmented_control("Curve", list(CURVES), format_func=CURVES.__getitem__, default="loss", key="curve",
                                  required=True, help="The measure that is drawn for each of the ticked runs.")
    log = st.toggle("Logarithmic", key="log",
                    help="Draws each factor of ten equally high, so that small losses can be told apart.")
    names = unique({run.id: label(run) for run in runs})
    curves = {names[run.id]: run.metrics() for run in runs}
    chart(compare(curves, column, log=log, dark=dark), key="comparison")
