"""The hand on a run: pause, step, stop, learning rate while it trains, and going on afterwards."""

import time
from collections.abc import Callable
from typing import Any

import streamlit as st

from seqlab.errors import Fault
from seqlab.training.run import Run
from seqlab.training.status import Status
from seqlab.ui.runs.picker import show
from seqlab.ui.shell import acting
from seqlab.ui.shell.faults import attempt
from seqlab.ui.shell.foreign import literal

# A press waits this many seconds for the worker, so that the page answers it at once with what came of it.
MOMENT = 0.3
WIDTH = 118  # pixels of each button: none moves when Pause becomes Resume

# For each command: how to see in the status that it was obeyed, what to say until then.
COMMANDS: dict[str, tuple[Callable[[Status, int], bool], str]] = {
    "pause": (lambda now, step: now.state not in ("running", "queued"), "Pausing"),
    "resume": (lambda now, step: now.state != "paused", "Going on"),
    "step": (lambda now, step: now.step > step or not now.active, "Doing one step"),
    "stop": (lambda now, step: not now.active, "Stopping"),
}


def steer(run: Run, status: Status) -> None:
    """Draw the buttons of an active run; each stays in its place whatever the state. Only its owner has them."""
    if not acting.may_change(run):
        return
    paused = status.state == "paused"
    _pause(run, status)
    _button(run, "step", ":material/skip_next:", disabled=not paused, help="One optimiser step; pause first.")
    _button(run, "stop", ":material/stop:")
    st.markdown("Learning rate", width="content", help="Takes effect at the next step; a decay goes on from there.")
    rate = status.lr or (None if status.recorded else run.config.optimiser.lr)
    st.number_input("Learning rate", 0.0, None, rate, format="%.4g", step=0.001, placeholder="its own",
                    key=f"lr-{run.id}", width=140, label_visibility="collapsed",
                    on_change=lambda: attempt(lambda: acting.set_lr(run, st.session_state[f"lr-{run.id}"])))


def pause_and_stop(run: Run, status: Status) -> None:
    """Draw the two buttons of an active run that a small place has room for."""
    if acting.may_change(run):
        _pause(run, status)
        _button(run, "stop", ":material/stop:")


def _pause(run: Run, status: Status) -> None:
    if status.state == "paused":
        _button(run, "resume", ":material/play_arrow:")
    else:
        _button(run, "pause", ":material/pause:", disabled=status.state == "queued")


def pending(run: Run, status: Status) -> str:
    """Say what was asked of a run and is not done yet; an empty text where nothing is."""
    asked, do, step = st.session_state.get("asked", ("", "", 0))
    if asked != run.id:
        return ""
    obeyed, doing = COMMANDS[do]
    if obeyed(status, step):
        del st.session_state["asked"]
        return ""
    return f"{doing} …"


def go_on(run: Run, status: Status) -> None:
    """Draw what lets a run that has ended train on: itself where it was cut off, else a new one from a snapshot."""
    if not run.config.has_data:
        return
    kept = run.snapshots()
    if acting.may_change(run) and (status.state == "interrupted" or not kept):
        # What never began, or kept nothing, starts as it was to be.
        if st.button("Go on" if kept else "Start it", icon=":material/play_arrow:", key="go-on", width=WIDTH):
            _resume(run)
    elif kept:
        with st.popover("Go on from a snapshot", icon=":material/fork_right:"):
            step = st.select_slider("Snapshot at step", kept, kept[-1], key=f"from-{run.id}",
                                    help="The weights from which the new run begins, by the update after which they "
                                    "were kept.")
            anew = "" if step == kept[-1] else " Its optimiser begins anew; only the last snapshot has its state."
            st.caption(f"Makes a new run from these weights; this one stays as it is.{anew}")
            if st.button("Train on from here", key="fork", type="primary"):
                _resume(run, step)


def _resume(run: Run, from_step: int | None = None) -> None:
    try:
        going = acting.resume(run, from_step)
    except Fault as fault:
        st.error(literal(fault))
        return
    show(going.id)
    st.rerun()  # the whole page: it shows the run that trains


def _button(run: Run, do: str, icon: str, **options: Any) -> None:
    st.button(do.capitalize(), icon=icon, key=do, width=WIDTH, on_click=_press, args=(run, do), **options)


def _press(run: Run, do: str) -> None:
    obeyed, _ = COMMANDS[do]

    def press() -> None:
        step = run.status.step
        acting.steer(run, do)
        st.session_state["asked"] = (run.id, do, step)
        end = time.monotonic() + MOMENT
        while not obeyed(run.status, step) and time.monotonic() < end:
            time.sleep(0.01)

    attempt(press)
