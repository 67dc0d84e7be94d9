"""The class at one look: everybody's cards, beside them what can be done; or, while it is empty, how to get in."""

from pathlib import Path

import streamlit as st

from seqlab.classroom.invitation import Invitation, invitation
from seqlab.classroom.room import Room
from seqlab.figures.pupils import small_multiples
from seqlab.figures.qr import LONGEST, qr_svg
from seqlab.ui.runs.picker import candidates, title
from seqlab.ui.shell.faults import attempt, show_fault_inline
from seqlab.ui.shell.labels import unique
from seqlab.ui.shell.services import library
from seqlab.ui.shell.style import style
from seqlab.ui.studios.teacher import acts, panel
from seqlab.ui.studios.teacher.lessons import class_lessons
from seqlab.ui.studios.teacher.people import Attendance, attendances, pupil, shown
from seqlab.ui.widgets.pupils import pupils

LOOK = 1.0  # seconds between two looks at the class
MOST_CARDS = 120
POSTER = '<a class="way-on" href="invite" target="_blank">Show the class how to join</a>'
_CHOSEN = "class-chosen"


def room_view() -> None:
    """Draw the class and keep it so; what stands still is drawn once."""
    style(Path(__file__).with_name("room_view.css"))
    with st.container(horizontal=True, vertical_alignment="center", key="class-tools"):
        st.html(POSTER, width="content")
        st.toggle("Show who is away", key="class-away", help="Also those whose page is closed now.")
        _send_any()
    st.fragment(_class, run_every=LOOK)()
    class_lessons()


@show_fault_inline
def _class() -> None:
    here, board = acts.teaching()
    people = attendances(here, board)
    if not people:
        st.session_state.pop(_CHOSEN, None)
        _nobody(here)
        acts.undo_button()  # the only one there was may have been removed
        return
    cards, beside = st.columns([3, 1], gap="medium")
    one = next((one for one in people if one.id == st.session_state.get(_CHOSEN)), None)
    with cards, st.container(key="class-list"):
        _cards(people, one)
    with beside:
        acts.undo_button()
        if one is None:
            panel.everybody(people)
            return
        with st.container(key="class-one"):
            st.button("All pupils", icon=":material/arrow_back:", key="class-all", on_click=_choose, args=("",))
            panel.person(one)


def _cards(people: list[Attendance], chosen: Attendance | None) -> None:
    near = shown(people, away=bool(st.session_state.get("class-away")))
    pupils(small_multiples(list(map(pupil, near[:MOST_CARDS])), chosen.id if chosen else ""), key="class-cards",
           on_pick=_choose)
    left_out = len(people) - min(len(near), MOST_CARDS)
    if left_out:
        st.caption(f"{left_out} more {'is' if left_out == 1 else 'are'} not shown here.")


def _choose(person: str) -> None:
    st.session_state[_CHOSEN] = person


def _nobody(here: Room) -> None:
    """Say how people get in, with all that they need."""
    st.info("Nobody has joined yet. Show the class this picture: a phone's camera opens the page to join. Or let them "
            "type the address, and then the code.", icon=":material/qr_code_2:")
    invited = _invited(here)
    picture, words = st.columns([1, 2])
    if len(invited.joining) <= LONGEST:
        says = "QR code that opens the page to join"
        picture.image(qr_svg(invited.joining, says), width="stretch", alt=says)
    with words:
        st.markdown("Address")
        st.code(invited.address, language=None)
        st.markdown("Code of the class")
        st.code(here.keys.code, language=None)


def _invited(here: Room) -> Invitation:
    """The invitation, whose address is that of this page where the server knows no other."""
    return invitation(here.keys, (st.context.url or "").partition("?")[0].rpartition("/")[0])


def _send_any() -> None:
    """Draw what sends any network to all; its list is made when the page is."""
    with st.popover("Send a network to all", icon=":material/send:"):
        titles = unique({id: title(run) for id, run in candidates().items()})
        wanted = st.selectbox("Network", list(titles), format_func=titles.__getitem__, key="class-send-what",
                              help="The network that opens on every screen.")
        st.caption("All who follow you are taken to its lab, and may read it from then on.")
        if wanted is not None:
            st.button("Send it", type="primary", icon=":material/send:", key="class-send", on_click=_send,
                      args=(wanted,))


def _send(run_id: str) -> None:
    attempt(lambda: acts.send(library().get(run_id)))
