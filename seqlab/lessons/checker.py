"""Drives every step of lessons without a person: the view opens, what is pointed at is there, the check can be met.

How a page is opened is given from outside; each distinct address is opened once.
"""

import difflib
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace

from seqlab.data import corpora
from seqlab.errors import Fault
from seqlab.lessons.check import Check, Computed
from seqlab.lessons.lesson import Lesson, LessonFault, Question, Step
from seqlab.lessons.scene import Answer, Scene

MOST_LISTED = 30  # names in a sentence
TEXTS = ("text", "data")  # names in an address behind which a text stands, in the Text and the Sentiment lab


@dataclass(frozen=True)
class OpenedPage:
    """A page as it was opened: what stands on it, and what a check may read.

    ``keys`` are those of all that stands on it, ``names`` those that it reads in an address, ``complaints`` what it
    says is wrong.
    """

    keys: frozenset[str]
    names: frozenset[str]
    complaints: tuple[str, ...]
    scene: Scene


Opener = Callable[[str, Mapping[str, str]], OpenedPage]


@dataclass(frozen=True)
class Report:
    """What a look at lessons gave: how many steps there were, and all that is wrong."""

    lessons: int = 0
    steps: int = 0
    faults: tuple[str, ...] = ()

    def plus(self, lesson: Lesson, faults: Iterable[LessonFault]) -> "Report":
        """Add a lesson and what is wrong with it."""
        return Report(self.lessons + 1, self.steps + len(lesson.steps), (*self.faults, *map(str, faults)))


@dataclass
class Checker:
    """Opens pages by ``opens``, each address once, and looks at every step of a lesson.

    ``spare`` is a scene in whose library runs may be made, for checks that want one; nobody else's runs are there.
    """

    opens: Opener
    spare: Scene
    seen: dict[tuple[str, tuple[tuple[str, str], ...]], OpenedPage] = field(default_factory=dict)

    def faults(self, lesson: Lesson) -> list[LessonFault]:
        """Everything that is wrong with a lesson's steps.

        Steps that stay on a page which did not open are passed over: what is wrong with them, nobody can know.
        """
        here: OpenedPage | None = OpenedPage(frozenset(), frozenset(), (), Scene(self.spare.library, ""))
        found = list[LessonFault]()
        for step in lesson.steps:
            said = list[tuple[str, str]]()
            try:
                here = self._opened(step) if step.page else here
            except Fault as fault:
                here, said = None, [("open", str(fault))]
            if here is not None:
                said = self._said(step, here)
            found += [LessonFault(lesson.file, step.lines.get(setting, step.line), f"In “{step.title}”: {sentence}")
                      for setting, sentence in said]
        return found

    def _said(self, step: Step, here: OpenedPage) -> list[tuple[str, str]]:
        """What is wrong with a step on its page, each with the setting that it is about."""
        opens = [*here.complaints, *_unread(step, here)] if step.page else []
        try:
            wrong = self._wrong(step, here.scene)
        except Fault as fault:
            wrong = [str(fault)]
        return [(setting, sentence) for setting, sentences in (("open", opens), ("look", _unseen(step, here)),
                                                               ("check", wrong)) for sentence in sentences]

    def _opened(self, step: Step) -> OpenedPage:
        for name in filter(None, map(step.address.get, TEXTS)):
            _require_at_hand(name)
        key = step.page, tuple(sorted(step.address.items()))
        if key not in self.seen:
            self.seen[key] = self.opens(step.page, step.address)
        return self.seen[key]

    def _wrong(self, step: Step, scene: Scene) -> list[str]:
        """What is wrong with a step's check."""
        check = step.check
        if check is None:
            return []
        if step.question is not None:
            return _of_answers(check, step.question, scene)
        assert check.kind.deed is not None
        fresh = replace(scene, library=self.spare.library, began=time.time())  # runs of checks before are older
        if check.judge(None, fresh).right:
            return [f"The check {check.kind.name} holds already when the step is opened; ask for something to do."]
        done = check.judge(None, check.kind.deed(check.settings, fresh))
        return [] if done.right else [f"The check {check.kind.name} can never hold: {done.sentence}"]


def _require_at_hand(name: str) -> None:
    """Refuse a text that would have to be fetched first; what is no name of a text is the page's own to refuse."""
    there = True
    with suppress(Fault):
        there = corpora.at_hand(name)
    if not there:
        raise Fault(f"The text {name} is not on this machine, so the page cannot show it; fetch it there once, or take "
                    "another one.")


def _unread(step: Step, here: OpenedPage) -> list[str]:
    """Names in the address that the page does not read: it stands as if they were not there."""
    return [f"The page reads no {name!r:.40} in its address{_near(name, here.names) or _among(here.names)}."
            for name in step.address if name not in here.names]


def _among(names: Iterable[str]) -> str:
    return f"; it reads {', '.join(sorted(names)[:MOST_LISTED])}"


def _unseen(step: Step, here: OpenedPage) -> list[str]:
    """What is not on the page to look at; whether a picture has the part that stands behind a /, Chromium tells."""
    return [f"There is no {key!r} on the page to look at{_near(key, here.keys)}." for key in step.look
            if key.partition("/")[0] not in here.keys]


def _near(key: str, keys: Iterable[str]) -> str:
    match = difflib.get_close_matches(key, list(keys), 3, 0.4)
    return f"; there is {', '.join(match)}" if match else ""


def _of_answers(check: Check, question: Question, scene: Scene) -> list[str]:
    right = check.computed(scene)
    answer = right_answer(right, question)
    if answer is None:
        return [f"What is right, {right.answer if isinstance(right.answer, str) else ''}, is not among the choices."]
    faults = []
    if not check.judge(answer, scene, question.choices).right:
        faults.append(f"The check {check.kind.name} does not take its own answer.")
    if any(check.judge(wrong, scene, question.choices).right for wrong in wrong_answers(right, question)):
        faults.append(f"The check {check.kind.name} takes a wrong answer too; make its tolerance smaller.")
    return faults


def right_answer(right: Computed, question: Question) -> Answer | None:
    """The answer that a person must give; None where it cannot be given."""
    if question.kind == "choice":
        if isinstance(right.answer, str):
            return right.answer if right.answer in question.choices else None
        assert isinstance(right.answer, int)
        return question.choices[right.answer] if right.answer < len(question.choices) else None
    return right.answer


def wrong_answers(right: Computed, question: Question) -> list[Answer]:
    """Answers that are wrong: the other choices, another letter, twice and minus the number, a place more and less."""
    if question.kind == "choice":
        mine = right_answer(right, question)
        return [choice for choice in question.choices if choice != mine]
    if isinstance(right.answer, frozenset):
        return [right.answer | {max(right.answer) + 1}, right.answer - {max(right.answer)} or frozenset({10_000})]
    if isinstance(right.answer, str):
        return [f"{right.answer}?"]
    return [0.0, 2 * right.answer, -right.answer] if right.answer else [1.0]
