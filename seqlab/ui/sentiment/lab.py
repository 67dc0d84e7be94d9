"""The form of a new network and the button that trains it, and fetches its reviews first."""

from typing import Any

import streamlit as st

from seqlab.errors import Fault
from seqlab.training.config import RunConfig
from seqlab.ui.page import attempt
from seqlab.ui.sentiment.choice import STAND_IN, Absent, fetch, take
from seqlab.ui.sentiment.settings import sentiment_settings
from seqlab.ui.training_panel import train, train_button

NOW = "reviews-train-now"  # the button was pressed, and what was missing is there in the next run
FAILED = "reviews-failed"  # the collection that could not be had, and why


def train_bar(place: Any) -> None:
    """Draw the form of a new network, and in ``place`` the button that trains it."""
    told = st.container()
    with st.expander("Settings for a new one", icon=":material/tune:", key="settings"):
        config, problem = _filled()
    pressed = train_button(place) or st.session_state.pop(NOW, False)
    with told:
        if pressed and config is not None:
            attempt(lambda: train(config))
            st.rerun()
        if pressed and isinstance(problem, Absent):
            _fetch(problem.corpus, train_then=True)
        elif pressed and problem is not None:
            st.error(str(problem))
        if isinstance(problem, Absent):
            _without(problem.corpus)


def _filled() -> tuple[RunConfig | None, Fault | None]:
    try:
        return sentiment_settings(), None
    except Absent as absent:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f":material/cloud_download: {absent} **Train a new one** fetches it, and checks that it is the "
                        "published one.", width="stretch")
            asked = st.button("Fetch it", icon=":material/download:", key="fetch-reviews")
        if asked:
            _fetch(absent.corpus, train_then=False)
        return None, absent
    except Fault as fault:
        st.error(str(fault))
        return None, fault


def _fetch(corpus: str, *, train_then: bool) -> None:
    failed = fetch(corpus)
    st.session_state[FAILED] = (corpus, failed)
    if not failed:
        st.session_state[NOW] = train_then
        st.rerun()


def _without(corpus: str) -> None:
    """Say why a collection could not be had, where that was tried, and offer what needs no network."""
    tried, failed = st.session_state.get(FAILED, ("", ""))
    if tried != corpus or not failed:
        return
    st.warning(failed, icon=":material/cloud_off:")
    if st.button("Train on made-up reviews instead", icon=":material/play_arrow:", key="train-stand-in"):
        st.session_state[NOW] = True
        st.query_params.pop("data", None)
        take(**{"reviews": STAND_IN, "sentiment-recipe": "fast"})
