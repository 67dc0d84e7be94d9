"""The cards of all lessons, with how far the visitor is in each, and under them a lesson of one's own."""

from html import escape
from pathlib import Path

import streamlit as st

from seqlab.lessons.lesson import Lesson
from seqlab.lessons.progress import Progress
from seqlab.ui.lessons import kept
from seqlab.ui.lessons.opened import OpenStep, link_to, shelf, titled
from seqlab.ui.shell.foreign import literal
from seqlab.ui.shell.style import style
from seqlab.ui.shell.visitor import visitor
from seqlab.ui.studios.lessons.own import forget, own_lesson

COLUMNS = 3


def cards() -> None:
    """Draw a card for each lesson; the first that is not done is the one to go on with."""
    style(Path(__file__).with_name("lessons.css"))
    known = shelf()
    for sentence in known.faults:
        st.warning(literal(sentence), icon=":material/error:")
    lessons = list(known.lessons.values())
    if not lessons:
        st.info("No lesson is here. Add one from a file below.")
    progress = kept.known()
    following = next((lesson for lesson in lessons if not progress.finished(lesson)), None)
    for first in range(0, len(lessons), COLUMNS):
        for lesson, column in zip(lessons[first:first + COLUMNS], st.columns(COLUMNS), strict=False):
            with column.container(border=True, height="stretch", vertical_alignment="distribute",
                                  key=f"lesson-card-{lesson.name}"):
                _card(lesson, progress, ready=lesson is following)
    own_lesson(opens=not lessons)


def _card(lesson: Lesson, progress: Progress, *, ready: bool) -> None:
    st.html(f'<div class="lesson-card"><h2>{escape(titled(lesson))}</h2>'
            f'<p class="lesson-facts">{facts(lesson, progress)}</p><p>{escape(lesson.summary)}</p>'
            f'<p class="lesson-makes"><b>At the end:</b> {escape(lesson.makes)}</p></div>')
    with st.container(horizontal=True, vertical_alignment="center", key=f"lesson-acts-{lesson.name}"):
        st.html(_start(lesson, progress, ready=ready))
        with st.popover("More", icon=":material/more_horiz:", key=f"lesson-more-{lesson.name}"):
            _more(lesson, progress)


def facts(lesson: Lesson, progress: Progress) -> str:
    """Say how long a lesson takes and how far the visitor is; a bar shows the same."""
    done, steps = len(progress.done(lesson)), len(lesson.steps)
    said = "<b class=done>✓ Done</b>" if done == steps else f"{done} of {steps} done" if done else f"{steps} steps"
    own = {"uploaded": " · your own", "folder": " · of this server"}.get(lesson.origin, "")
    return f"{lesson.minutes} min · {said}{own}<progress max={steps} value={done} aria-hidden=true></progress>"


def _start(lesson: Lesson, progress: Progress, *, ready: bool) -> str:
    done, steps = len(progress.done(lesson)), len(lesson.steps)
    says = "Once more" if done == steps else "Go on" if done else "Start"
    where = OpenStep(lesson, progress.last(lesson) if 0 < done < steps else 1)
    return (f'<a class="lesson-go{" on" if ready else ""}" target="_self" href="{escape(link_to(where))}" '
            f'aria-label="{says}: {escape(lesson.title)}">{says}</a>')


def _more(lesson: Lesson, progress: Progress) -> None:
    st.download_button("Download", lesson.source, lesson.file, "text/markdown", on_click="ignore",
                       icon=":material/download:", key=f"lesson-file-{lesson.name}",
                       help="The file of this lesson: a start for one of your own.")
    if progress.done(lesson):
        st.button("Forget what is done", icon=":material/restart_alt:", key=f"lesson-again-{lesson.name}",
                  on_click=kept.begin_again, args=(lesson,))
    if lesson.origin == "uploaded":
        st.button("Delete", icon=":material/delete:", key=f"lesson-delete-{lesson.name}", on_click=forget,
                  args=(lesson,), help="Download it first if you want it back.")
    if visitor().teaches:
        st.markdown("**Teacher's note**")
        st.markdown(lesson.teacher)
