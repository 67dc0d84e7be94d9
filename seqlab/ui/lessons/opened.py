"""Which step of which lesson is open: the address says so as NAME.STEP, and the session remembers it on other pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from seqlab.errors import Fault
from seqlab.lessons import library
from seqlab.lessons.lesson import Lesson, Step
from seqlab.ui.shell.navigation import HOME, address, pages
from seqlab.ui.shell.own_texts import own_place
from seqlab.ui.shell.presenting import ADDRESS as PRESENT

ADDRESS = "lesson"
_STATE = "lesson-open"  # in the session's state: a page that is opened from the menu has another address


@dataclass(frozen=True)
class OpenStep:
    """A step of a lesson, by its number from 1 on."""

    lesson: Lesson
    number: int

    @property
    def at(self) -> str:
        """Its name in the address."""
        return f"{self.lesson.name}.{self.number}"

    @property
    def step(self) -> Step:
        """What its file says of it."""
        return self.lesson.steps[self.number - 1]

    @property
    def before(self) -> "OpenStep | None":
        """The step before it; None before the first."""
        return OpenStep(self.lesson, self.number - 1) if self.number > 1 else None

    @property
    def after(self) -> "OpenStep | None":
        """The step after it; None after the last."""
        return OpenStep(self.lesson, self.number + 1) if self.number < len(self.lesson.steps) else None

    @property
    def view(self) -> Step | None:
        """The step whose view it has: its own, or that of the last step before it that opens one."""
        return next((step for step in reversed(self.lesson.steps[:self.number]) if step.page), None)

    @property
    def query(self) -> dict[str, str]:
        """What its address says behind the page."""
        return {**(self.view.address if self.view else {}), ADDRESS: self.at}


def shelf() -> library.Shelf:
    """All lessons that the visitor can open."""
    return library.shelf(own_place())


def titled(lesson: Lesson) -> str:
    """The title of a lesson, with its number if it has one."""
    return f"{lesson.number} · {lesson.title}" if lesson.number else lesson.title


def href(page: str, query: Mapping[str, str]) -> str:
    """Write a link to a page, as it is from every other one."""
    return f"{'./' if page == HOME else page}?{urlencode(query)}"


def link_to(opened: OpenStep) -> str:
    """Write a link that opens a step, on its page and in its state."""
    return href(opened.view.page if opened.view else HOME, opened.query)


def step_named(at: str) -> OpenStep:
    """Find a step by its name in the address; a lesson's name alone is its first one. Raises Fault."""
    name, _, number = at.partition(".")
    lesson = shelf().get(name)
    if number and not (number.isdecimal() and 1 <= int(number[:4]) <= len(lesson.steps)):
        raise Fault(f"There is no step {number[:20]!r} in this lesson; it has steps 1 to {len(lesson.steps)}.")
    return OpenStep(lesson, int(number or 1))


def open_step() -> OpenStep | None:
    """The step that is open, by the address or from before; None where no lesson runs. Raises Fault for an unknown one.

    Whoever goes back to an address without a lesson has left it.
    """
    wanted = st.query_params.get(ADDRESS)
    if wanted is None and not _went_back():
        wanted = st.session_state.get(_STATE)
    if not wanted:
        leave()
        return None
    try:
        opened = step_named(wanted)
    except Fault:
        leave()
        raise
    st.session_state[_STATE] = opened.at
    if st.query_params.get(ADDRESS) != opened.at:
        st.query_params[ADDRESS] = opened.at
    return opened


def leave() -> None:
    """Close the lesson; what was done stays done."""
    st.session_state.pop(_STATE, None)
    st.query_params.pop(ADDRESS, None)


def lead_on(opened: OpenStep, page: str, before: str) -> None:
    """Put the page as a step begins, where an address names the step and nothing else (``before`` was open)."""
    said, view = set(st.query_params) - {ADDRESS, PRESENT}, opened.view
    if said or before == opened.at or view is None or view.page not in pages():
        return
    if page != view.page or view.address:
        st.switch_page(address(view.page), query_params=opened.query)


def known_before() -> str:
    """The name of the step that was open when this page was drawn last; an empty text where none was."""
    return str(st.session_state.get(_STATE, ""))


def _went_back() -> bool:
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation
