"""Class: the teacher sees who is here and what each trains, and has a hand on all of it."""

import streamlit as st

from seqlab.classroom import room
from seqlab.ui.runs.frames import head
from seqlab.ui.shell.page import Page, Section
from seqlab.ui.shell.visitor import visitor
from seqlab.ui.studios.teacher.room_view import room_view


def _class(page: Page) -> None:
    there, teaches = room.current() is not None, visitor().teaches
    head(page, page.caption if there and teaches else "")
    if not there:
        st.info(page.empty)
    elif not teaches:
        st.warning("This page is the teacher's: it shows what everybody does. Open another one from the menu.",
                   icon=":material/lock:")
    else:
        room_view()


PAGE = Page(
    "classroom", "Class", ":material/groups:", Section.NONE, 1, _class, teachers=True,
    caption="Choose a card to open that screen, to stop, clear, share or send networks, or to take the person out.",
    empty="This server has no class. Start one with `seqlab class` in a terminal: people join by a QR code, and here "
          "stands what each of them trains.")
