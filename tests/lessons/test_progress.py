"""What a person has done of a lesson stays, in bounds, and what is gone or broken is no noise."""

from pathlib import Path
from threading import Thread

import pytest

from seqlab.lessons import progress
from seqlab.lessons.library import FOLDER
from seqlab.lessons.progress import FILE, MOST_LESSONS, begin_again, mark, read, visit
from seqlab.lessons.reading import read as read_lesson
from seqlab.training.library import Library
from tests.lessons.test_reading import FRONT, TEXT

LESSON = read_lesson(TEXT, "my-lesson.md")  # of three steps
SHORT = read_lesson(FRONT + "\n## One\n\nOne.\n", "my-lesson.md")


def test_steps_stay_done_and_the_place_is_kept(tmp_path: Path) -> None:
    assert (read(tmp_path).done(LESSON), read(tmp_path).last(LESSON)) == (frozenset(), 1)
    for step in (1, 3):
        mark(tmp_path, LESSON, step)
    visit(tmp_path, LESSON, 2)
    known = read(tmp_path)
    assert (known.done(LESSON), known.last(LESSON), known.finished(LESSON)) == ({1, 3}, 2, False)
    mark(tmp_path, LESSON, 2)
    assert read(tmp_path).finished(LESSON)
    assert read(tmp_path).last(LESSON) == 2
    begin_again(tmp_path, LESSON)
    assert (read(tmp_path).done(LESSON), read(tmp_path).last(LESSON)) == (frozenset(), 1)


def test_a_lesson_that_became_shorter_has_only_its_steps(tmp_path: Path) -> None:
    mark(tmp_path, LESSON, 1)
    mark(tmp_path, LESSON, 3)
    visit(tmp_path, LESSON, 3)
    assert (read(tmp_path).done(SHORT), read(tmp_path).last(SHORT)) == ({1}, 1)
    assert read(tmp_path).finished(SHORT)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"lessons": {"my-lesson": {"done": [99]}}}', b"\xff"])
def test_what_cannot_be_read_is_as_nothing_and_is_written_anew(content: bytes, tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / FILE).write_bytes(content)
    assert read(tmp_path).done(LESSON) == frozenset()
    mark(tmp_path, LESSON, 1)
    assert read(tmp_path).done(LESSON) == {1}


def test_a_folder_that_cannot_be_written_is_no_noise(tmp_path: Path) -> None:
    (tmp_path / FOLDER).write_text("in the way")
    mark(tmp_path, LESSON, 1)
    assert read(tmp_path).done(LESSON) == frozenset()


def test_the_oldest_of_too_many_lessons_goes_and_the_latest_is_known(tmp_path: Path,
                                                                     monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_LESSONS >= 100
    monkeypatch.setattr(progress, "MOST_LESSONS", 3)
    lessons = [read_lesson(TEXT, f"lesson-{letter}.md") for letter in "abcd"]
    for lesson in (*lessons[:3], lessons[0], lessons[3]):
        mark(tmp_path, lesson, 1)
    assert [bool(read(tmp_path).done(lesson)) for lesson in lessons] == [True, False, True, True]
    assert read(tmp_path).latest == "lesson-d"


def test_two_tabs_lose_nothing_of_each_other(tmp_path: Path) -> None:
    tabs = [Thread(target=mark, args=(tmp_path, read_lesson(TEXT, f"lesson-{place}.md"), 1)) for place in range(8)]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()
    assert len(read(tmp_path).steps) == 8


def test_what_is_kept_is_no_run(tmp_path: Path) -> None:
    mark(tmp_path, LESSON, 1)
    library = Library(tmp_path, tmp_path / "none")
    assert (library.runs(), library.broken()) == ([], [])
