"""The form of a new network and the button that trains it, after fetching its texts where they are not here."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from seqlab.errors import Fault
from seqlab.training.config import RunConfig
from seqlab.ui.runs.forms import refusing
from seqlab.ui.runs.train_form import Absent, Fetch, Shown, TrainForm
from seqlab.ui.runs.training_panel import train, train_button
from seqlab.ui.shell.faults import attempt
from seqlab.ui.shell.foreign import literal

STARTED = "runs-started"  # by this session
FAILED = "fetch-failed"  # what could not be had, and why
PART = "at"  # in the address: the part of the page to go to (widgets/frame/arriving.js)


def train_bar(name: str, form: TrainForm, place: DeltaGenerator) -> None:
    """Draw the form of the lab ``name`` and, in ``place``, the button that trains a network from it.

    The form is drawn once it is opened, and from then on; before, only where a press of the button must read it.
    """
    notices = st.container()
    # Pressed now, or before something was fetched that is there in this run.
    pressed = train_button(place) or st.session_state.pop(_now(name), False)
    # Another key after each start: the form shuts, so that the curves are seen; what was set in it stays.
    key = f"settings-{st.session_state.get(STARTED, 0)}"
    with st.container(key="settings"), \
            st.expander("Settings for a new one", icon=":material/tune:", key=key, on_change="rerun") as folded:
        if folded.open or PART in st.query_params:  # what was searched for may stand in it
            st.session_state[opened(name)] = True
        drawn = opened(name) in st.session_state or FAILED in st.session_state
        config: RunConfig | None = None
        problem: Fault | None = None
        if pressed and form.usual and not drawn:
            config = form.usual()
        elif pressed or drawn:
            config, problem = _filled(name, form)
    with notices:
        if pressed and config is not None:
            attempt(lambda: train(config))
            st.session_state[STARTED] = st.session_state.get(STARTED, 0) + 1
            if opened(name) in st.session_state:
                st.rerun()
        if isinstance(problem, Absent) and form.fetch:
            if pressed:
                _download(name, form.fetch, problem.corpus, train_then=True)
            _without(name, form.fetch, problem.corpus)
        elif pressed and problem is not None:
            st.error(literal(problem))


def opened(name: str) -> str:
    """Where the session's state says that the form of a lab was opened in it."""
    return f"form-opened-{name}"


def _now(name: str) -> str:
    return f"train-now-{name}"


def _filled(name: str, form: TrainForm) -> tuple[RunConfig | None, Fault | None]:
    try:
        with refusing() as refused:
            config = form.settings()
        return (config, None) if not refused else (None, Shown(refused[0]))
    except Absent as absent:
        if form.fetch is None:
            st.error(literal(absent))
            return None, absent
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f":material/cloud_download: {literal(absent)} {form.fetch.advice}", width="stretch")
            asked = st.button("Fetch it", icon=":material/download:", key="fetch")
        if asked:
            _download(name, form.fetch, absent.corpus, train_then=False)
        return None, absent
    except Fault as fault:
        if not isinstance(fault, Shown):
            st.error(literal(fault))
        return None, fault


def _download(name: str, fetch: Fetch, corpus: str, *, train_then: bool) -> None:
    failed = fetch.download(corpus)
    st.session_state[FAILED] = (corpus, failed)
    if not failed:
        st.session_state[_now(name)] = train_then
        st.rerun()


def _without(name: str, fetch: Fetch, corpus: str) -> None:
    """Say why texts could not be had, where that was tried, and offer what needs no network."""
    tried, failed = st.session_state.get(FAILED, ("", ""))
    if tried != corpus or not failed:
        return
    st.warning(literal(failed), icon=":material/cloud_off:")
    if st.button(fetch.instead, icon=":material/play_arrow:", key="train-instead"):
        st.session_state[_now(name)] = True
        fetch.take_instead()
