"""A sweep that is looked at: how far it is, its grid, its curves, its table, and what can be done with it."""

import math
from collections.abc import Sequence

import streamlit as st

from seqlab.errors import Fault
from seqlab.numerals import duration
from seqlab.training.feeder import Feeder
from seqlab.training.library import Broken
from seqlab.training.outcome import Outcome, best, by_loss, outcomes, seconds_left, to_csv
from seqlab.training.sweep import Sweep
from seqlab.training.sweeps import Sweeps
from seqlab.ui.shell import acting
from seqlab.ui.shell.faults import attempt, show_fault_inline
from seqlab.ui.shell.foreign import literal
from seqlab.ui.shell.labels import unique
from seqlab.ui.shell.navigation import lab_of, link
from seqlab.ui.shell.services import engine
from seqlab.ui.shell.visitor import visitor
from seqlab.ui.studios.sweeps.pictures import curves, scores, table

POLL = 1.0


def sweeps() -> Sweeps:
    """The sweeps of this server."""
    return feeder().sweeps


def feeder() -> Feeder:
    """What goes on with them."""
    return engine().sweeps


def visible() -> tuple[list[Sweep], list[Broken]]:
    """The sweeps that the visitor sees, the newest first; files that are none are named to whoever may delete them."""
    known, broken = sweeps().all()
    return [sweep for sweep in known if acting.may_see(sweep)], broken if visitor().teaches else []


def pick_sweep(known: Sequence[Sweep]) -> Sweep:
    """Draw the picker over the sweeps there are; the choice stands in the address."""
    by_id = {sweep.id: sweep for sweep in known}
    wanted = st.query_params.get("sweep", "")
    if wanted not in by_id:
        if wanted:
            try:
                acting.require_sweep(sweeps().get(wanted))
            except Fault as fault:
                st.warning(literal(f"{fault} Another one is shown instead."))
        wanted = known[0].id
    st.session_state["sweep-shown"] = wanted
    titles = unique({one: title(sweep) for one, sweep in by_id.items()})
    st.selectbox("Sweep", list(by_id), format_func=titles.__getitem__, key="sweep-shown", on_change=_show,
                 help="Which of the sweeps on this machine is shown.")
    return by_id[wanted]


def title(sweep: Sweep) -> str:
    """One line about a sweep."""
    sizes = " × ".join(str(len(values)) for values in sweep.varying.values())
    return f"{sweep.name or sweep.base.task_spec.label} · {sizes} · {sweep.base.task_spec.label}"


def _show() -> None:
    st.query_params["sweep"] = st.session_state["sweep-shown"]
    st.query_params.pop("point", None)


def look_at(sweep: Sweep) -> None:
    """Draw all of a sweep, and keep it moving while it goes on."""
    going = sweeps().going(sweep.id)
    st.fragment(_look, run_every=POLL if going else None)(sweep, going)


@show_fault_inline
def _look(sweep: Sweep, was_going: bool) -> None:
    going = sweeps().going(sweep.id)
    found = outcomes(sweeps().root, sweep)
    loss = by_loss(sweep, found)
    leader = best(found, loss)
    chosen = _chosen(found, leader)
    _state(sweep, found, going)
    _actions(sweep, found, going, chosen, leader)
    if any(one.step for one in found):
        left, right = st.columns([1, 1], gap="medium")
        with left:
            scores(sweep, found, chosen, leader, loss)
        with right:
            curves(sweep, found, chosen, leader, loss)
    table(sweep, found, loss, going)
    if was_going and not going:
        st.rerun()  # the whole page: it stops the timer


def _chosen(found: Sequence[Outcome], leader: Outcome | None) -> Outcome:
    """The point that the address names, else the best one, else the first."""
    asked = st.query_params.get("point", "")
    if asked.isascii() and asked.isdigit() and int(asked) < len(found):
        return found[int(asked)]
    return leader or found[0]


def _state(sweep: Sweep, found: Sequence[Outcome], going: bool) -> None:
    ended, active = sum(one.ended for one in found), sum(one.state in ("running", "paused") for one in found)
    lost = {state: sum(one.state == state for one in found) for state in ("diverged", "failed", "stopped")}
    rest = seconds_left(found, max(active, 1))
    parts = [f"{ended} of {len(found)} points", *(f"{count} {state}" for state, count in lost.items() if count)]
    if going and engine().awaited and not active:
        parts.append(engine().awaited.rstrip("."))
    elif going and ended < len(found):
        parts.append(f"about {duration(rest)} to go" if math.isfinite(rest) else "the first points tell how long")
    elif ended < len(found):
        parts.append("it stands still and can go on")
    else:
        parts.append(f"{duration(sum(one.seconds for one in found))} of training in all")
    st.progress(ended / len(found), " · ".join(parts))
    why = feeder().faults.get(sweep.id)
    if why and not going:
        st.warning(literal(why), icon=":material/error:")


def _actions(sweep: Sweep, found: Sequence[Outcome], going: bool, chosen: Outcome, leader: Outcome | None) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="actions"):
        if leader:
            _open(leader, "Open the best")
        if going:
            st.button("Stop", icon=":material/stop:", key="sweep-stop", on_click=attempt,
                      args=(lambda: acting.stop_sweep(sweep),), help="Points in training are saved and can go on.")
        elif any(one.state == "failed" or not one.ended for one in found) and st.button(
                "Go on", icon=":material/play_arrow:", key="sweep-go-on", type="primary",
                help="Trains what is not done; nothing that is finished is repeated."):
            attempt(lambda: acting.go_on_sweep(sweep))
            st.rerun()
        st.download_button("CSV", lambda: to_csv(sweep, outcomes(sweeps().root, sweep)), f"{sweep.id}.csv", "text/csv",
                           icon=":material/download:", key="sweep-csv", on_click="ignore",
                           help="Every point: its values, its scores, how it ended.")
        if not going:
            with st.popover("Delete", icon=":material/delete:"):
                st.markdown(f"Delete this sweep and its **{sum(one.state != 'waiting' for one in found)} runs**? "
                            "They can be brought back for a week.")
                if st.button("Delete it", key="sweep-delete", type="primary"):
                    attempt(lambda: _delete(sweep))
                    st.rerun()
        if chosen is not leader and chosen.step:
            _open(chosen, "Open the chosen one")


def _open(one: Outcome, text: str) -> None:
    link(lab_of(one.point.config.task["name"]).name, text, run=one.point.id)


def _delete(sweep: Sweep) -> None:
    acting.delete_sweep(sweep)
    st.session_state["sweep-gone"] = (sweep.id, sweep.name)
    for key in ("sweep", "point"):
        st.query_params.pop(key, None)


def undo() -> None:
    """Draw the button that brings back the sweep that was deleted last."""
    gone = st.session_state.get("sweep-gone")
    if gone:
        st.button(f"Undo: bring back {literal(gone[1] or 'the sweep')}", icon=":material/undo:", key="sweep-undo",
                  on_click=attempt, args=(_restore,))


def _restore() -> None:
    st.query_params["sweep"] = acting.restore_sweep(st.session_state.pop("sweep-gone")[0]).id
