"""What a lesson is: a few steps, each with words, a view of a page, a question and a check."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from seqlab.errors import Fault
from seqlab.lessons.check import Check
from seqlab.lessons.scene import Answer, Scene, Verdict

VERSION = 1  # of the format of lessons
Origin = Literal["shipped", "folder", "uploaded"]


class LessonFault(Fault):
    """Something in a lesson's file is wrong: in which file, at which line, and what to do."""

    def __init__(self, name: str, line: int, sentence: str) -> None:
        super().__init__(f"{name}, line {line}: {sentence}")
        self.line = line


@dataclass(frozen=True)
class Question:
    """What a step asks: a choice among ``choices``, a number, a letter, or the places (times) where something holds."""

    kind: Literal["choice", "number", "letter", "places"]
    ask: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Step:
    """One step: a ``title``, its ``words`` in Markdown, and what goes with them.

    ``page`` and ``address`` are the view that it opens, ``look`` the keys of what is outlined there; empty, the page
    stays as it is. With a ``question`` the ``check`` judges its answer, else what the person did; without a check the
    step is done once it was read. ``hints`` come one after another. ``line`` is where it begins in its file, ``lines``
    where its settings stand.
    """

    title: str
    words: str
    page: str = ""
    address: dict[str, str] = field(default_factory=dict)
    look: tuple[str, ...] = ()
    question: Question | None = None
    check: Check | None = None
    hints: tuple[str, ...] = ()
    line: int = 1
    lines: Mapping[str, int] = field(default_factory=dict)

    def judge(self, answer: Answer | None, scene: Scene) -> Verdict:
        """Judge an answer, or what was done; a step without a check is right once it was read."""
        if self.check is None:
            return Verdict(True, "")
        return self.check.judge(answer, scene, self.question.choices if self.question else ())


@dataclass(frozen=True)
class Lesson:
    """A lesson as its file has it.

    ``name`` stands in the address, ``number`` orders the shipped ones (0: it has none). ``minutes`` is how long it
    takes, ``makes`` what the person has made at its end, ``teacher`` the teacher's note in Markdown. ``source`` is the
    text of its file.
    """

    name: str
    title: str
    number: int
    minutes: int
    summary: str
    makes: str
    teacher: str
    steps: tuple[Step, ...]
    version: int = VERSION
    origin: Origin = "shipped"
    source: str = field(default="", repr=False)

    @property
    def file(self) -> str:
        """The name of its file."""
        return f"{self.number:02d}-{self.name}.md" if self.number else f"{self.name}.md"

    @property
    def reading(self) -> float:
        """Minutes that its words take to read, at 200 words a minute; without the teacher's note."""
        return words_in(self) / WORDS_PER_MINUTE


WORDS_PER_MINUTE = 200


def words_in(lesson: Lesson) -> int:
    """How many words a person reads in a lesson: titles, words, questions, choices and hints."""
    texts = [lesson.title, lesson.summary, *(part for step in lesson.steps for part in (
        step.title, step.words, *step.hints,
        *((step.question.ask, *step.question.choices) if step.question else ())))]
    return sum(len(text.split()) for text in texts)
