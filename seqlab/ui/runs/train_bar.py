"""The form of a new network that learns from texts, and the button that trains it and fetches its texts first."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from seqlab.errors import Fault
from seqlab.training.config import RunConfig
from seqlab.ui.runs.training_panel import train, train_button
from seqlab.ui.shell.faults import attempt

FAILED = "fetch-failed"  # what could not be had, and why


class Absent(Fault):
    """Texts are not on this machine; ``corpus`` is their name, and they can be fetched."""

    def __init__(self, sentence: str, corpus: str) -> None:
        super().__init__(sentence)
        self.corpus = corpus


@dataclass(frozen=True)
class TrainBar:
    """What differs from lab to lab.

    ``settings`` draws the form and makes its config (raises Absent); ``fetch`` downloads texts by their name and
    returns what went wrong, or an empty text; ``advice`` follows the sentence about what is missing; ``instead`` is the
    label of the button that offers what needs no network, and ``take_instead`` sets the form to it and draws again.
    """

    name: str
    settings: Callable[[], RunConfig]
    fetch: Callable[[str], str]
    advice: str
    instead: str
    take_instead: Callable[[], None]

    @property
    def _now(self) -> str:
        return f"train-now-{self.name}"  # the button was pressed, and what was missing is there in the next run

    def draw(self, place: Any) -> None:
        """Draw the form of a new network, and in ``place`` the button that trains it."""
        told = st.container()
        with st.expander("Settings for a new one", icon=":material/tune:", key="settings"):
            config, problem = self._filled()
        pressed = train_button(place) or st.session_state.pop(self._now, False)
        with told:
            if pressed and config is not None:
                attempt(lambda: train(config))
                st.rerun()
            if pressed and isinstance(problem, Absent):
                self._fetch(problem.corpus, train_then=True)
            elif pressed and problem is not None:
                st.error(str(problem))
            if isinstance(problem, Absent):
                self._without(problem.corpus)

    def _filled(self) -> tuple[RunConfig | None, Fault | None]:
        try:
            return self.settings(), None
        except Absent as absent:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(f":material/cloud_download: {absent} {self.advice}", width="stretch")
                asked = st.button("Fetch it", icon=":material/download:", key="fetch")
            if asked:
                self._fetch(absent.corpus, train_then=False)
            return None, absent
        except Fault as fault:
            st.error(str(fault))
            return None, fault

    def _fetch(self, corpus: str, *, train_then: bool) -> None:
        failed = self.fetch(corpus)
        st.session_state[FAILED] = (corpus, failed)
        if not failed:
            st.session_state[self._now] = train_then
            st.rerun()

    def _without(self, corpus: str) -> None:
        """Say why texts could not be had, where that was tried, and offer what needs no network."""
        tried, failed = st.session_state.get(FAILED, ("", ""))
        if tried != corpus or not failed:
            return
        st.warning(failed, icon=":material/cloud_off:")
        if st.button(self.instead, icon=":material/play_arrow:", key="train-instead"):
            st.session_state[self._now] = True
            self.take_instead()
