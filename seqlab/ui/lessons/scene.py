"""What a check of a lesson may read: the page behind the panel as it stands now, and what the visitor has done."""

import time
from contextlib import suppress

import streamlit as st

from seqlab.errors import Fault
from seqlab.lessons.scene import Scene
from seqlab.reference import change_text
from seqlab.reference.changed import Changes
from seqlab.training.run import Run
from seqlab.ui.runs.picker import PICKED
from seqlab.ui.shell.deeds import exact_since
from seqlab.ui.shell.in_view import in_view
from seqlab.ui.shell.services import library

_BEGAN = "lesson-began-"  # in the session's state, by step


def begin(at: str) -> None:
    """Note when a step was opened first."""
    st.session_state.setdefault(f"{_BEGAN}{at}", time.time())


def scene_of(at: str, page: str) -> Scene:
    """The page as it stands now, for the checks of a step."""
    address = {name: value for name, value in st.query_params.items() if name != "lesson"}
    began: float = st.session_state.get(f"{_BEGAN}{at}", time.time())
    seen = in_view(page)
    run = seen.run if seen else _chosen(address)
    return Scene(library(), page, address, run, _snapshot(run, address), seen.given if seen else None,
                 _changes(address), began, exact_since(began))


def _chosen(address: dict[str, str]) -> Run | None:
    """The network that the page's picker shows, where the page shows no sequence."""
    with suppress(Fault):
        wanted = address.get("run") or st.session_state.get(PICKED)
        return library().get(wanted) if wanted else None
    return None


def _snapshot(run: Run | None, address: dict[str, str]) -> int | None:
    """The snapshot that the address names; None is the newest."""
    with suppress(Fault):
        step = address.get("step", "")
        return int(step) if run and step.isdecimal() and int(step) in run.snapshots() else None
    return None


def _changes(address: dict[str, str]) -> Changes:
    with suppress(Fault):  # the page says what is wrong with it
        return change_text.read(address["change"]) if "change" in address else ()
    return ()
