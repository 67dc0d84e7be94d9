"""The shipped lessons, each a document to read beforehand or afterwards; what helps, and what it is for, is folded."""

import re

from seqlab.lessons.lesson import Lesson, Step
from seqlab.lessons.library import shelf
from seqlab.ui.shell.navigation import pages

_TO_PAGE = re.compile(r"\]\(/([\w-]*)(?:\?[^)\s]*)?\)")


def documents() -> dict[str, str]:
    """Every lesson by its name, and an index."""
    lessons = [lesson for lesson in shelf().lessons.values() if lesson.origin == "shipped"]
    return {f"lessons/{lesson.name}.md": _lesson(lesson) for lesson in lessons} | {"lessons/index.md": _index(lessons)}


def _index(lessons: list[Lesson]) -> str:
    rows = (f"| [{lesson.title}]({lesson.name}.md) | {lesson.minutes} | {lesson.summary} | {lesson.makes} |"
            for lesson in lessons)
    names = "\n".join(lesson.name for lesson in lessons)
    return ("# Lessons\n\n| | minutes | | made at its end |\n|---|---|---|---|\n" + "\n".join(rows)
            + f"\n\n```{{toctree}}\n:hidden:\n\n{names}\n```\n")


def _lesson(lesson: Lesson) -> str:
    steps = "\n".join(_step(number, step) for number, step in enumerate(lesson.steps, 1))
    return (f"# {lesson.title}\n\n{lesson.summary}\n\n**{lesson.minutes} minutes**, at whose end you have made: "
            f"{lesson.makes}\n\n{steps}\n{_folded('For the teacher', lesson.teacher)}")


def _step(number: int, step: Step) -> str:
    parts = [f"## {number}. {step.title}", _led(step.words)]
    if step.page in pages():
        parts.append(f"On the page {_link(step.page)}.")
    if step.question:
        parts += [f"**{step.question.ask}**", "\n".join(f"- {choice}" for choice in step.question.choices)]
    if step.hints:
        parts.append(_folded("Hints", "\n".join(f"1. {hint}" for hint in step.hints)))
    return "\n\n".join(part for part in parts if part) + "\n"


def _folded(label: str, text: str) -> str:
    return f"<details>\n<summary>{label}</summary>\n\n{_led(text)}\n\n</details>\n"


def _led(text: str) -> str:
    """Words whose links to pages lead to where the site describes them."""
    return _TO_PAGE.sub(lambda link: f"]({_place(link[1] or 'home')})", text)


def _link(page: str) -> str:
    return f"[{pages()[page].title}]({_place(page)})"


def _place(page: str) -> str:
    known = pages().get(page)
    return "../docs/PAGES.md" + (f"#{known.title.lower().replace(' ', '-')}" if known else "")
