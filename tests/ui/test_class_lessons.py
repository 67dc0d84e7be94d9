"""Lessons in a class: each person has a progress of their own, the teacher sees all of it, and has the notes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from seqlab.classroom import ownership
from seqlab.classroom.person import TEACHER
from seqlab.lessons import progress
from seqlab.lessons.library import shelf
from tests.support.classes import SmallClass, small_class
from tests.support.pages import html, opened, words


@pytest.fixture
def known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallClass]:
    with small_class(tmp_path, monkeypatch) as known:
        yield known


def test_the_teacher_sees_how_far_each_is_and_a_pupil_only_their_own(known: SmallClass) -> None:
    first, *_ = shelf().lessons.values()
    steps = range(1, len(first.steps) + 1)
    for person, done in ((known.ana, steps), (known.bo, steps[:2])):
        own = ownership.place(person, known.root)
        for step in done:
            progress.visit(own, first, step)
            progress.mark(own, first, step)
    known.sits(known.bo)
    mine = opened("lessons")
    assert not mine.exception
    assert f"2 of {len(steps)} done" in html(mine)
    assert "✓ Done" not in html(mine)
    assert "Teacher's note" not in words(mine)
    known.sits(TEACHER)
    page = opened("classroom")
    assert not page.exception
    table = html(page, "class-lessons")
    assert '>Ana</th><td class="done">✓ done</td>' in table
    assert f">Bo</th><td>2 of {len(steps)}, at 2</td>" in table
    assert first.title in table
    assert "Teacher's note" in words(opened("lessons"))
