"""The command ``seqlab lesson check``: every step of one lesson or of all is driven, and what is wrong is told."""

import functools
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tyro.conf import Positional

from seqlab import paths
from seqlab.lessons.checker import Checker, Report
from seqlab.lessons.lesson import Lesson, LessonFault, words_in
from seqlab.lessons.library import read_file, shelf
from seqlab.lessons.scene import Scene
from seqlab.numerals import counted
from seqlab.training.library import Library

Say = Callable[[str], None]


def check_lessons(file: Positional[Path | None] = None) -> None:
    """Drive every step of a lesson: its view opens, what it points at is there, its check can be met and missed.

    Args:
        file: The lesson; without one, all that are shipped, and those in the folder SEQLAB_LESSONS.
    """
    if not checked(file, functools.partial(print, flush=True)):
        raise SystemExit(1)


def checked(file: Path | None, say: Say) -> bool:
    """Check the lesson in a file, or all that are shipped or in the named folder; returns whether nothing is wrong.

    Pages are opened with no runs but the shipped ones, so that a person's own hide nothing. Raises Fault where there is
    no such file.
    """
    lessons, unreadable = _of_file(file) if file else _all()
    found = _driven(lessons, say) if lessons else Report()
    faults = (*unreadable, *found.faults)
    for fault in faults:
        say(fault)
    say(", ".join((counted(found.lessons + len(unreadable), "lesson"), counted(found.steps, "step"),
                   counted(len(faults), "fault"))))
    return not faults


def _of_file(file: Path) -> tuple[Sequence[Lesson], Sequence[str]]:
    try:
        return [read_file(file)], ()
    except LessonFault as fault:
        return (), [str(fault)]


def _all() -> tuple[Sequence[Lesson], Sequence[str]]:
    known = shelf()
    return list(known.lessons.values()), known.faults


def _driven(lessons: Sequence[Lesson], say: Say) -> Report:
    found = Report()
    with TemporaryDirectory(prefix="seqlab-lessons-", ignore_cleanup_errors=True) as folder:
        paths.keep_runs_in(Path(folder))  # before anything opens the folder of runs
        from seqlab.ui.lessons.driven import closed, opened

        checker = Checker(opened, Scene(Library(Path(folder)), ""))
        try:
            for lesson in lessons:
                faults = checker.faults(lesson)
                found = found.plus(lesson, faults)
                say(f"{lesson.file}: {counted(len(lesson.steps), 'step')}, {words_in(lesson):,} words, "
                    f"{lesson.reading:.1f} min of reading, {counted(len(faults), 'fault')}")
        finally:
            closed()
    return found
