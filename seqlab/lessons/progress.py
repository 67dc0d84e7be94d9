"""How far a person is in each lesson: the steps that are done, and where they were last; kept with what is theirs."""

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from seqlab.files import write_aside
from seqlab.lessons.lesson import Lesson
from seqlab.lessons.library import FOLDER
from seqlab.lessons.reading import MOST_STEPS

FILE = "progress.json"
MOST_LESSONS = 200  # that are kept; the one that was open longest ago goes first
_writing = threading.Lock()  # two tabs of one person must not lose each other's steps

Number = Annotated[int, Field(ge=1, le=MOST_STEPS)]


class _Entry(BaseModel):
    """One lesson in the file."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    done: frozenset[Number] = frozenset()
    last: Number = 1


class _Kept(BaseModel):
    """The file: lessons by name, the one that was open last at the end."""

    model_config = ConfigDict(extra="ignore")
    lessons: dict[Annotated[str, Field(max_length=60)], _Entry] = {}


@dataclass(frozen=True)
class Progress:
    """The steps that a person has done, from 1 on, and the step at which they were last, by the lesson's name."""

    steps: Mapping[str, frozenset[int]] = field(default_factory=dict)
    places: Mapping[str, int] = field(default_factory=dict)

    def done(self, lesson: Lesson) -> frozenset[int]:
        """The steps of a lesson that are done; of one that has fewer steps than it had, those that are still there."""
        return frozenset(step for step in self.steps.get(lesson.name, ()) if step <= len(lesson.steps))

    def last(self, lesson: Lesson) -> int:
        """The step at which the person was last; the first of a lesson that was never open."""
        return min(self.places.get(lesson.name, 1), len(lesson.steps))

    def finished(self, lesson: Lesson) -> bool:
        """Whether every step of a lesson is done."""
        return len(self.done(lesson)) == len(lesson.steps)

    @property
    def latest(self) -> str:
        """The name of the lesson that was open last; empty where none was."""
        return list(self.places)[-1] if self.places else ""


def read(own: Path) -> Progress:
    """How far the person is whose folder ``own`` is; what cannot be read is as if nothing had been done."""
    kept = _kept(own)
    return Progress({name: entry.done for name, entry in kept.lessons.items()},
                    {name: entry.last for name, entry in kept.lessons.items()})


def mark(own: Path, lesson: Lesson, step: int) -> None:
    """Note that a step is done; where the disk refuses, it is not kept."""
    _change(own, lesson, lambda entry: _Entry(done=entry.done | {step}, last=entry.last))


def visit(own: Path, lesson: Lesson, step: int) -> None:
    """Note where the person is; where the disk refuses, it is not kept."""
    _change(own, lesson, lambda entry: _Entry(done=entry.done, last=step))


def begin_again(own: Path, lesson: Lesson) -> None:
    """Forget what was done of a lesson."""
    _change(own, lesson, lambda entry: _Entry())


def _change(own: Path, lesson: Lesson, change: Callable[[_Entry], _Entry]) -> None:
    with _writing, suppress(OSError):
        kept = _kept(own)
        before = kept.lessons.get(lesson.name)
        after = change(before or _Entry())
        if after == before and next(reversed(kept.lessons)) == lesson.name:
            return
        kept.lessons.pop(lesson.name, None)
        names = [*kept.lessons][-MOST_LESSONS + 1:]
        content = _Kept(lessons={name: kept.lessons[name] for name in names} | {lesson.name: after})
        (own / FOLDER).mkdir(parents=True, exist_ok=True)
        write_aside(own / FOLDER / FILE, content.model_dump_json().encode())


def _kept(own: Path) -> _Kept:
    with suppress(OSError, ValidationError):
        return _Kept.model_validate_json((own / FOLDER / FILE).read_bytes())
    return _Kept()
