"""What a check of a lesson may read: the page behind the panel as it stands now, and what the visitor has done."""

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

import streamlit as st

from seqlab.errors import Fault
from seqlab.lessons.scene import Scene
from seqlab.reference import change_text
from seqlab.reference.changed import Changes
from seqlab.training.library import Library
from seqlab.training.run import Run
from seqlab.ui.runs.picker import PICKED
from seqlab.ui.shell.deeds import exact_since
from seqlab.ui.shell.in_view import SEEN, InView, in_view
from seqlab.ui.shell.services import library

_BEGAN = "lesson-began-"  # in the session's state, by step


def begin(at: str) -> None:
    """Note when a step was opened first."""
    st.session_state.setdefault(f"{_BEGAN}{at}", time.time())


def scene_of(at: str, page: str) -> Scene:
    """The page as it stands now, for the checks of a step."""
    began: float = st.session_state.get(f"{_BEGAN}{at}", time.time())
    in_view(page)  # what another page showed is no part of the scene
    return replace(noted(library(), page, st.query_params.to_dict(), st.session_state.get), began=began,
                   exact=exact_since(began))


def noted(library: Library, page: str, query: Mapping[str, str], state: Callable[[str], Any]) -> Scene:
    """A page as its address and its session's ``state`` say it stands."""
    address = {name: value for name, value in query.items() if name != "lesson"}
    seen: InView | None = state(SEEN)
    run = seen.run if seen else _chosen(library, address.get("run") or state(PICKED))
    return Scene(library, page, address, run, _snapshot(run, address), seen.given if seen else None, _changes(address))


def _chosen(library: Library, wanted: str | None) -> Run | None:
    """The network that the page's picker shows, where the page shows no sequence."""
    with suppress(Fault):
        return library.get(wanted) if wanted else None
    return None


def _snapshot(run: Run | None, address: dict[str, str]) -> int | None:
    """The snapshot that the address names; None is the newest. In pictures that have all of them it is called step."""
    with suppress(Fault):
        step = address.get("snapshot") or address.get("step", "")
        return int(step) if run and step.isdecimal() and int(step) in run.snapshots() else None
    return None


def _changes(address: dict[str, str]) -> Changes:
    with suppress(Fault):  # the page says what is wrong with it
        return change_text.read(address["change"]) if "change" in address else ()
    return ()
