"""How far the class is in its lessons: a row for each person, a column for each lesson that somebody has begun."""

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

import streamlit as st

from seqlab.classroom import ownership
from seqlab.classroom.person import Person
from seqlab.lessons import progress
from seqlab.lessons.lesson import Lesson
from seqlab.lessons.progress import Progress
from seqlab.ui.lessons.opened import shelf, titled
from seqlab.ui.shell.faults import show_fault_inline
from seqlab.ui.shell.services import everything
from seqlab.ui.shell.style import style
from seqlab.ui.studios.teacher import acts

LOOK = 4.0  # seconds between two looks: a step takes minutes


def class_lessons() -> None:
    """Draw the table, folded, and keep it so."""
    with st.expander("Lessons of the class", icon=":material/signpost:"):
        style(Path(__file__).with_name("lessons.css"))
        st.fragment(_table, run_every=LOOK)()


@show_fault_inline
def _table() -> None:
    here, _ = acts.teaching()
    people = [member.person for member in here.roster.members()]
    st.html(table(people, {person.id: progress_of(person) for person in people}, list(shelf().lessons.values())))


def progress_of(person: Person) -> Progress:
    """How far a person of the class is."""
    return progress.read(ownership.place(person, everything().root))


def table(people: Sequence[Person], known: Mapping[str, Progress], lessons: Sequence[Lesson]) -> str:
    """Write who has done how much of each lesson; a person's own lessons are left out."""
    begun = [lesson for lesson in lessons if any(lesson.name in known[person.id].places for person in people)]
    if not begun:
        return "<p>Nobody has begun a lesson yet. They stand in the menu under Labs, or show one to all.</p>"
    heads = "".join(f'<th scope="col" title="{escape(lesson.title)}">{escape(titled(lesson))}</th>' for lesson in begun)
    rows = "".join(f'<tr><th scope="row">{escape(person.nickname)}</th>'
                   f'{"".join(_cell(lesson, known[person.id]) for lesson in begun)}</tr>' for person in people)
    return (f'<div class="class-lessons" role="region" tabindex="0" aria-label="Lessons of the class"><table>'
            f'<thead><tr><th scope="col">Who</th>{heads}</tr></thead><tbody>{rows}</tbody></table></div>')


def _cell(lesson: Lesson, known: Progress) -> str:
    if lesson.name not in known.places:
        return "<td></td>"
    if known.finished(lesson):
        return '<td class="done">✓ done</td>'
    return f"<td>{len(known.done(lesson))} of {len(lesson.steps)}, at {known.last(lesson)}</td>"
