"""The checker finds what is wrong with a lesson's steps, tells it with its line, and opens each address once."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from seqlab import paths
from seqlab.data import corpora
from seqlab.errors import Fault
from seqlab.lessons.asked import typed
from seqlab.lessons.checker import Checker, OpenedPage, Report
from seqlab.lessons.reading import read
from seqlab.lessons.scene import Scene
from seqlab.training.library import Library
from tests.lessons.test_reading import FRONT

STEP = '''
## Look

```step
{settings}
```

Look.
'''
NAMES = frozenset({"word", "delay", "odd", "temperature", "text"})
LETTER = "ask: Which?\nanswer: letter\ncheck: {letter-said: {time: 4}}"


class Pages:
    """Pages that open at once: an Echo page with a word, or one that complains."""

    def __init__(self, library: Library) -> None:
        run = library.get("echo-variable-gru")
        self.scene = Scene(library, "echo", {}, run, None, typed(run, "remember", 3))
        self.opened: list[str] = []

    def __call__(self, page: str, address: Mapping[str, str]) -> OpenedPage:
        self.opened.append(page)
        if page == "nowhere":
            raise Fault("There is no page 'nowhere'.")
        complaints = ("The page says: odd.",) if "odd" in address else ()
        scene = replace(self.scene, address=address)
        return OpenedPage(frozenset({"explorer-echo", "train"}), NAMES, complaints, scene)


@pytest.fixture
def pages(tmp_path: Path) -> Pages:
    return Pages(Library(tmp_path, paths.checkpoints()))


@pytest.fixture
def checker(pages: Pages) -> Checker:
    return Checker(pages, Scene(pages.scene.library, ""))


def faults(checker: Checker, *settings: str) -> list[str]:
    steps = [STEP.format(settings=one) if one else "\n## Read\n\nRead.\n" for one in settings]
    return list(map(str, checker.faults(read(FRONT + "".join(steps), "lesson.md"))))


def test_a_sound_lesson_has_no_fault_and_each_address_is_opened_once(checker: Checker, pages: Pages) -> None:
    view = "open: /echo?word=remember&delay=3\n"
    assert faults(checker, f"{view}look: explorer-echo\n{LETTER}", "", LETTER, f"{view}look: [train, explorer-echo]",
                  "open: /echo?delay=3&word=remember", "check: {trained: {task: echo, accuracy: 0.9}}",
                  "check: {trained: {task: echo, accuracy: 0.8}}",
                  "check: {exact-code: {exercise: gru}}", "open: /stepper\ncheck: {changed: {quantity: z}}") == []
    assert pages.opened == ["echo", "stepper"]


@pytest.mark.parametrize(("settings", "said"), [
    ("open: /nowhere", "There is no page 'nowhere'"),
    ("open: /echo?odd=1", "The page says: odd."),
    ("open: /echo?dely=4", "reads no 'dely' in its address; there is delay."),
    ("open: /echo?word=abc&q=1", "reads no 'q' in its address; it reads delay, odd, temperature, text, word."),
    ("open: /echo\nlook: explorer", "no 'explorer' on the page to look at; there is explorer-echo"),
    (LETTER, "no text"),  # nothing was opened
    (f"open: /echo\n{LETTER.replace('4', '40')}", "no time t = 40"),
    (f"open: /echo\n{LETTER.replace('time: 4', 'time: 4, of: {run: none}')}", "no run none"),
    ("open: /echo\nask: Which?\nchoices: [a, b]\ncheck: {letter-said: {time: 4}}", "What is right, e, is not among"),
    ("open: /echo\nask: Which?\nchoices: [a, b]\ncheck: {option: {right: 3, because: so}}", "not among the choices"),
    ("open: /echo\nask: Who?\nanswer: number\ncheck: {value: {quantity: z, time: 1, unit: 1, tolerance: 9}}",
     "takes a wrong answer too"),
    ("open: /echo\nask: Where?\nanswer: places\ncheck: {where: {quantity: z, above: 2}}", "nowhere above 2"),
    ("open: /echo\nask: Where?\nanswer: places\ncheck: mistakes", "ask a snapshot from before (step 0, "),
    ("open: /echo\nask: Which?\nanswer: number\ncheck: fails-at-delay", "trained on, 0 to 8; ask a snapshot"),
    ("open: /echo?temperature=0.1\ncheck: {setting: {name: temperature, most: 0.3}}", "holds already"),
    ("open: /echo\ncheck: {setting: {name: temperature, least: 2, most: 1}}", "can never hold"),
    ("open: /echo\ncheck: {changed: {quantity: c}}", "to change; it has"),
    ("open: /echo\ncheck: {changed: {quantity: z, unit: 128}}", "no unit 128"),
    ("open: /echo\ncheck: {trained: {accuracy: 0.9, below: 0.5}}", "can never hold"),
    ("open: /echo\ncheck: {trained: {settings: {optimiser.lr: -1}}}", "No run can be so"),
])
def test_what_does_not_work_is_told_with_the_line_of_its_setting(settings: str, said: str, checker: Checker) -> None:
    found = faults(checker, "", settings)
    last = settings.count("\n")  # what is wrong stands in the last line
    assert len(found) == 1
    assert found[0].startswith(f"lesson.md, line {17 + last}: In “Look”: ")
    assert said in found[0]


def test_every_fault_of_a_step_is_told_and_a_page_that_did_not_open_hides_only_what_stays_on_it(
        checker: Checker) -> None:
    lines = [fault.partition(":")[0] for fault in faults(
        checker, "open: /echo?odd=1&dely=4\nlook: explorer\nask: Where?\nanswer: places\ncheck: mistakes",
        "open: /nowhere\nlook: train", LETTER, "look: explorer", "open: /echo\nlook: explorer")]
    assert lines == [f"lesson.md, line {line}" for line in (13, 13, 14, 17, 25, 53)]


def test_a_text_that_is_not_on_this_machine_is_told(checker: Checker, monkeypatch: pytest.MonkeyPatch) -> None:
    for there in (True, False):
        monkeypatch.setattr(corpora, "at_hand", lambda name, there=there: there)
        found = faults(checker, "open: /text?text=time-machine")
        assert bool(found) is not there
    assert "is not on this machine" in found[0]


def test_a_report_counts(checker: Checker) -> None:
    lesson = read(FRONT + STEP.format(settings="open: /nowhere"), "lesson.md")
    report = Report().plus(lesson, checker.faults(lesson)).plus(lesson, [])
    assert (report.lessons, report.steps, len(report.faults)) == (2, 2, 1)
