"""What is kept of a visitor's lessons, on any device: the steps that are done, and where they were."""

from seqlab.lessons import progress
from seqlab.lessons.lesson import Lesson
from seqlab.lessons.progress import Progress
from seqlab.ui.lessons.opened import OpenStep
from seqlab.ui.shell.own_texts import own_place


def known() -> Progress:
    """How far the visitor is in every lesson."""
    return progress.read(own_place())


def is_done(opened: OpenStep) -> bool:
    """Whether the visitor has done a step."""
    return opened.number in known().done(opened.lesson)


def mark(opened: OpenStep) -> None:
    """Note that a step is done."""
    progress.mark(own_place(), opened.lesson, opened.number)


def visit(opened: OpenStep) -> None:
    """Note where the visitor is."""
    progress.visit(own_place(), opened.lesson, opened.number)


def begin_again(lesson: Lesson) -> None:
    """Forget what was done of a lesson."""
    progress.begin_again(own_place(), lesson)
