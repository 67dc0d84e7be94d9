"""What is kept of a visitor's lessons: the steps that are done, and where they were last."""

import streamlit as st

from seqlab.lessons.lesson import Lesson
from seqlab.ui.lessons.opened import OpenStep

_DONE, _LAST = "lessons-done", "lessons-last"


def done(lesson: Lesson) -> frozenset[int]:
    """The numbers of a lesson's steps that are done."""
    return frozenset(st.session_state.get(_DONE, {}).get(lesson.name, ()))


def mark(opened: OpenStep) -> None:
    """Note that a step is done."""
    st.session_state.setdefault(_DONE, {}).setdefault(opened.lesson.name, set()).add(opened.number)


def visit(opened: OpenStep) -> None:
    """Note where the visitor is."""
    st.session_state.setdefault(_LAST, {})[opened.lesson.name] = opened.number


def last(lesson: Lesson) -> int:
    """The step at which the visitor was last; the first for a lesson that was never open."""
    return min(int(st.session_state.get(_LAST, {}).get(lesson.name, 1)), len(lesson.steps))
