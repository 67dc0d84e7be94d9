"""Training, live: the button that starts it, the curves while it runs, and the hand on pause, step, stop and rate."""

from datetime import datetime
from typing import Any

import streamlit as st

from seqlab.errors import Fault
from seqlab.tasks import echo
from seqlab.training import control
from seqlab.training.config import RunConfig
from seqlab.training.run import Run
from seqlab.ui.components.live import live
from seqlab.ui.navigation import pages
from seqlab.ui.page import attempt, told
from seqlab.ui.run_picker import show
from seqlab.ui.services import engine, library
from seqlab.ui.settings import echo_settings


def train_bar() -> None:
    """Draw the button that trains a new network and the settings it uses."""
    go, choose = st.columns([3, 2])
    with choose.popover("Settings", icon=":material/tune:", width="stretch"):
        try:
            config, fault = echo_settings(), ""
        except Fault as error:
            config, fault = None, str(error)
            st.error(fault)
    if go.button("Train a new one", type="primary", icon=":material/play_arrow:", width="stretch", key="train",
                 help="Trains a network here and now; every setting has a sensible default."):
        if config is None:
            st.error(fault)
        else:
            attempt(lambda: show(engine().start(config, name=_name(config)).id))
            st.rerun()


def train_one_button() -> None:
    """Draw a button that trains a network with every default and goes to where it can be watched."""
    if st.button("Train a network", icon=":material/play_arrow:", type="primary", key="train-one"):
        config = RunConfig(**echo.RECIPES["fast"].config)
        try:
            run = engine().start(config, name=_name(config))
        except Fault as fault:
            st.error(str(fault))
        else:
            st.switch_page(pages()["echo"], query_params={"run": run.id})


def _name(config: RunConfig) -> str:
    task = config.task_config
    delays = f"delays 0 to {task.delay}" if task.form == "variable" else f"delay {task.delay}"
    return f"{delays}, trained {datetime.now():%H:%M:%S}"


def training_panel(run: Run) -> None:
    """Draw a run's curves and controls, and keep them moving while it trains."""
    st.fragment(_panel, run_every=0.4 if run.status.active else None)(run, run.status.active)


@told
def _panel(run: Run, was_active: bool) -> None:
    status = run.status
    _controls(run)
    if status.message:
        st.caption(f":material/info: {status.message}")
    live(_curves(run), key=f"live-{run.id}")
    if was_active and not status.active:
        st.rerun()  # the whole page: it stops this timer and shows all snapshots


def _curves(run: Run) -> dict[str, Any]:
    status, config = run.status, run.config
    return {"steps": config.steps, "state": status.state, "step": status.step, "columns": run.metrics(), "marks": [],
            "chance": config.task_spec.chance, "clip": config.optimiser.clip}


def _controls(run: Run) -> None:
    status = run.status
    if status.state == "queued" and not engine().ready:
        st.info("The workers are still waking up. This run starts by itself in a moment.")
    elif status.state == "queued" and engine().busy() and (place := engine().position(run.id)):
        st.info(f"All workers are busy. This run is number {place} in the queue and starts by itself.")
    row = st.container(horizontal=True, vertical_alignment="bottom")
    with row:
        if status.active:
            _steer(run, status.state == "paused")
        else:
            _go_on(run)


def _steer(run: Run, paused: bool) -> None:
    if paused:
        st.button("Resume", icon=":material/play_arrow:", key="resume", on_click=attempt,
                  args=(lambda: control.resume(run),))
    else:
        st.button("Pause", icon=":material/pause:", key="pause", on_click=attempt, args=(lambda: control.pause(run),))
    st.button("Step", icon=":material/skip_next:", key="step", disabled=not paused, on_click=attempt,
              args=(lambda: control.step(run),), help="One optimiser step; pause first.")
    st.button("Stop", icon=":material/stop:", key="stop", on_click=attempt, args=(lambda: control.stop(run),))
    st.number_input("Learning rate", 0.0, None, run.status.lr or run.config.optimiser.lr, format="%.4g", step=0.001,
                    key=f"lr-{run.id}", width=160,
                    on_change=lambda: attempt(lambda: control.set_lr(run, st.session_state[f"lr-{run.id}"])),
                    help="Takes effect at the next step; a decay goes on from the new value.")


def _go_on(run: Run) -> None:
    if run.status.state == "interrupted":
        st.button("Go on", icon=":material/play_arrow:", key="go-on", on_click=attempt,
                  args=(lambda: show(engine().resume(run).id),))
    elif not library().is_shipped(run):
        with st.popover("Go on from a snapshot", icon=":material/fork_right:"):
            step = st.select_slider("Snapshot at step", run.snapshots(), key=f"from-{run.id}")
            st.button("Train on from here", key="fork", on_click=attempt,
                      args=(lambda: show(engine().resume(run, from_step=step).id),),
                      help="Makes a new run; this one stays as it is.")
