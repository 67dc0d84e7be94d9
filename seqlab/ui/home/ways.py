"""What do you want to do? Four ways on from Home: learn, try, open, teach; and how far a network here has come."""

import streamlit as st

from seqlab.errors import Fault
from seqlab.training.run import Run
from seqlab.ui.lessons import kept
from seqlab.ui.lessons.opened import OpenStep, shelf
from seqlab.ui.runs.following import goes_on
from seqlab.ui.runs.picker import show
from seqlab.ui.runs.steering import pause_and_stop, pending
from seqlab.ui.runs.training_panel import start_usual
from seqlab.ui.shell.faults import show_fault_inline
from seqlab.ui.shell.foreign import literal
from seqlab.ui.shell.navigation import HOME, address, link, pages
from seqlab.ui.shell.visitor import visitor

TRIED = "tried-on-home"  # in the session's state: the network that was trained on this screen last
SECONDS = 0.4  # between two looks at a network that trains


def ways(run: Run | None) -> None:
    """Draw the four ways; above them how far the ``run`` that is shown has come, where it trains or was tried here."""
    with st.container(key="ways"):
        if run is not None and (goes_on(run) or st.session_state.get(TRIED) == run.id):
            going = goes_on(run)
            st.fragment(_going, run_every=SECONDS if going else None)(run, going)
        else:
            st.markdown("**What do you want to do?**")
        learn, try_it, open_it, teach = st.columns(4)
        with learn:
            _learn()
        with try_it:
            _try()
        with open_it, st.popover("Open", icon=":material/folder_open:", width="stretch", key="way-open"):
            link("runs", "A network of your own, from a file")
            link("text", "A text of your own, to train on")
        open_it.caption("Your network, your text")
        with teach, st.popover("Teach", icon=":material/groups:", width="stretch", key="way-teach"):
            _teach()
        teach.caption("Start a class")


def _learn() -> None:
    """Go to the next lesson; to all of them where each is done, or where there is none yet."""
    lessons, progress = list(shelf().lessons.values()), kept.known()
    ready = next((lesson for lesson in lessons if not progress.finished(lesson)), None)
    if ready is None:
        st.page_link(address("lessons"), label="Learn", icon=":material/school:")
        st.caption("All lessons")
        return
    step = OpenStep(ready, progress.last(ready))
    st.page_link(address(step.step.page or HOME), label="Learn", icon=":material/school:", query_params=step.query)
    st.caption(f"{literal(ready.title)}, {ready.minutes} min")


def _try() -> None:
    if st.button("Train", icon=":material/play_arrow:", type="primary", width="stretch", key="try-one",
                 help="Trains a small GRU here and now; this picture shows it while it learns."):
        try:
            run = start_usual()
        except Fault as fault:
            st.error(literal(fault))
        else:
            st.session_state[TRIED] = run.id
            show(run.id)
            st.rerun()
    st.caption("One of your own, on this picture")


def _teach() -> None:
    if visitor().in_class:
        if visitor().teaches:
            link("classroom", "Your class")
        else:
            st.markdown("You are in a class; its teacher leads it.")
        return
    st.markdown("In a terminal of this machine:")
    st.code("python -m seqlab class", language=None)
    st.caption("It prints the address for your pupils, a QR code, the code to join and your own link. The folder docs "
               "says how to teach with it, also on a server.")
    link("lessons", "Lessons, each with a teacher's note")


@show_fault_inline
def _going(run: Run, was_active: bool) -> None:
    """One line about the network that trains here, with its accuracy, its steps, pause and stop."""
    status = run.status
    with st.container(horizontal=True, vertical_alignment="center", key="trying"):
        st.markdown(_line(run), width="stretch")
        if goes_on(run):
            pause_and_stop(run, status)
        else:
            link("echo", pages()["echo"].title, run=run.id)
    if was_active and not goes_on(run):
        st.rerun()  # the whole page: it stops this timer, and the picture has every snapshot


def _line(run: Run) -> str:
    status = run.status
    if status.state == "queued" or not status.step:
        return "**Training** · a worker is taking it"
    right = status.evaluation if status.evaluation is not None else status.accuracy
    share = "" if right is None else f" · **{right:.1%}** right"
    state = pending(run, status) or {"running": "Training", "paused": "Paused", "finished": "Trained"}.get(
        status.state, status.state.capitalize())
    return f"**{state}**{share} · step {status.step:,} of {status.steps:,}"
