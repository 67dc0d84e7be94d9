"""What every page stands in: title, theme, navigation."""

from contextlib import nullcontext
from pathlib import Path

import streamlit as st

from seqlab.classroom.person import Person
from seqlab.errors import Fault
from seqlab.ui.lessons.opened import known_before, lead_on
from seqlab.ui.lessons.panel import panel, step_here
from seqlab.ui.shell import follow, presenting
from seqlab.ui.shell.class_bar import class_bar
from seqlab.ui.shell.navigation import HOME, menu, pages
from seqlab.ui.shell.one_by_one import PAGES
from seqlab.ui.shell.person_menu import come_in, person_menu
from seqlab.ui.shell.style import style
from seqlab.ui.shell.visitor import NotInClass, visitor
from seqlab.ui.widgets.frame import FINDING_STYLE, frame

ICON = Path(__file__).with_name("icon.png")


def main() -> None:
    """Draw the frame and run the page that the address asks for."""
    # Before the menu, or the browser asks the internet for the page's icon; the title after it, when the page is known.
    st.set_page_config(page_icon=str(ICON), layout="wide", initial_sidebar_state="collapsed")
    try:
        person = visitor()
    except Fault as fault:
        come_in(str(fault))
        return
    try:
        with PAGES.turn():
            _draw(person)
    except NotInClass as fault:  # a session that ends while it is drawn has no cookie any more
        come_in(str(fault))


def _draw(person: Person) -> None:
    heads = menu(person)
    page = st.navigation(heads, position="top")
    name = page.url_path or HOME
    st.set_page_config(page_title=pages()[name].tab)
    before, opened = known_before(), step_here()
    if opened:
        lead_on(opened, name, before)
    follow.forget_absent()
    with st.container(key="frame"):
        wish = frame(key="page-frame", role=person.role if person.in_class else "", page=name,
                     step=opened.at if opened else "", look=opened.step.look if opened else (),
                     head=pages()[name].section.value)
    presenting.follow(wish)
    style(Path(__file__).with_name("frame.css"), FINDING_STYLE.read_text(encoding="utf-8"), presenting.rules())
    person_menu()
    if person.in_class:
        class_bar(person, wish, name)
    # frame.css shows it on a narrow screen alone; a menu for each page, so that it shuts when another page opens.
    with st.container(key="phone-menu"), st.popover(page.title, icon=":material/menu:", key=f"menu-{page.url_path}"):
        for head, part in heads.items():
            if head:
                st.caption(head)
            for known in part:
                if known.visibility == "visible":
                    st.page_link(known)
    with panel(opened, name) if opened else nullcontext():
        page.run()


if __name__ == "__main__":
    main()
