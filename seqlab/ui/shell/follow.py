"""The teacher's page leads: what may be shown, and what a page that is led lets go of."""

import re
from urllib.parse import parse_qsl, urlencode

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from seqlab.classroom import ownership, room
from seqlab.classroom.board import Address, Board, board_of
from seqlab.classroom.person import TEACHER
from seqlab.errors import Fault
from seqlab.training.run import Run
from seqlab.ui.shell.navigation import pages
from seqlab.ui.shell.services import everything

TEACHERS_PAGE = "classroom"
MOST_NAMES = 60  # in an address
_SEEN, _IN_VAIN = "address-of-", "in-vain-"  # what seqlab.ui.shell.choices keeps of a name in the address
_RACE = re.compile(r"[0-9a-f]{6}")


def board() -> Board | None:
    """The board of this server's class; None where it has none."""
    here = room.current()
    return None if here is None else board_of(here.folder)


def checked_place(place: Address) -> Address:
    """Return an address that the class can be led to, and let all read the runs that it names; raises Fault."""
    if place.page not in pages() or place.page == TEACHERS_PAGE:
        raise Fault("This page cannot be shown to the class; open another one.")
    try:
        query = parse_qsl(place.query, keep_blank_values=True, max_num_fields=MOST_NAMES)
    except ValueError:
        raise Fault("This address is too long to be shown to the class.") from None
    for name, value in query:
        for run in _named(name, value):
            ownership.share(TEACHER, run, True)
    return Address(page=place.page, query=urlencode(query))


def _named(name: str, value: str) -> list[Run]:
    """Runs that an address names and that the class may not see yet."""
    known = everything()
    if name == "race" and _RACE.fullmatch(value):
        runs = [Run(path) for path in known.root.glob(f"race-{value}-*")]
    else:
        try:
            runs = [known.get(value)] if len(value) > 5 else []
        except Fault:
            runs = []
    return [run for run in runs if not known.is_shipped(run) and not ownership.is_shared(run)]


def forget_absent() -> None:
    """Let go of what the address does not name any more, where it was changed from outside the page's widgets.

    So is a page that is led, and one to which somebody goes back. Text fields do so by themselves.
    """
    context, state = get_script_run_ctx(), st.session_state
    if context is None or not context.is_history_navigation:
        return
    listed = [str(key).removeprefix(_SEEN) for key in state if str(key).startswith(_SEEN)]
    for name in listed:
        if name not in st.query_params and state[f"{_SEEN}{name}"] is not None:
            for key in (name, f"{_SEEN}{name}", f"{_IN_VAIN}{name}"):
                state.pop(key, None)
