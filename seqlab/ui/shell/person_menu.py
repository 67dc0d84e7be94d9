"""Who sits here, at the top of every page of a class: with the code to come back, and the way out."""

import streamlit as st

from seqlab.classroom import room
from seqlab.ui.shell.foreign import literal
from seqlab.ui.shell.visitor import visitor


def person_menu() -> None:
    """Draw the visitor's name and what opens under it; nothing where there is no class. Raises NotInClass."""
    here, person = room.current(), visitor()
    if here is None:
        return
    with st.container(key="person-menu"), st.popover(literal(person.nickname), icon=":material/person:"):
        if person.teaches:
            st.markdown("Code of the class")
            st.code(here.keys.code, language=None)
            st.html('<a href="invite" target="_blank">Show the class how to join</a>')
        else:
            st.markdown("Your return code")
            st.code(here.roster.return_code(person), language=None)
            st.caption("With it you come back to your networks, on any device.")
        st.html('<a class="way-on" href="leave" target="_self">Leave the class</a>')


def come_in(sentence: str) -> None:
    """Say why nothing is shown, and lead to where one joins."""
    st.warning(literal(sentence), icon=":material/door_open:")
    st.html('<a class="way-on" href="join" target="_self">Join the class</a>')
