"""Every shipped lesson works: its views open, what it points at is there, its checks can be missed and met."""

from pathlib import Path

import pytest

from seqlab.figures import components
from seqlab.lessons.checker import Checker
from seqlab.lessons.library import shelf
from seqlab.lessons.reading import read
from seqlab.lessons.scene import Scene
from seqlab.training.library import Library
from seqlab.ui.lessons.driven import opened, read_by
from seqlab.ui.runs.train_bar import PART
from tests.lessons.test_reading import FRONT


def test_every_step_of_every_shipped_lesson_works(shipped: Path, tmp_path: Path) -> None:
    known = shelf()
    assert known.faults == ()
    lessons = [lesson for lesson in known.lessons.values() if lesson.origin == "shipped"]
    checker = Checker(opened, Scene(Library(tmp_path), ""))
    assert [str(fault) for lesson in lessons for fault in checker.faults(lesson)] == []
    assert checker.seen
    for lesson in lessons:
        assert any(step.check and not step.check.asks for step in lesson.steps), f"{lesson.file}: nothing is made"
        assert 5 <= lesson.minutes <= 15


def test_a_page_that_complains_or_is_not_there_is_told(shipped: Path, tmp_path: Path) -> None:
    steps = "".join(f"\n## Look\n\n```step\n{settings}\n```\n\nLook.\n" for settings in (
        "open: /echo?run=nobody&dely=4", "open: /nowhere", "open: /check?task=gru\nlook: [code-gru, chek]"))
    said = [str(fault) for fault in Checker(opened, Scene(Library(tmp_path), "")).faults(read(FRONT + steps, "x.md"))]
    assert len(said) == 4
    for sentence, part in zip(said, ("There is no run nobody", "no 'dely' in its address; there is delay",
                                     "no page 'nowhere'", "there is check"), strict=True):
        assert part in sentence


@pytest.mark.parametrize(("page", "address", "letters"), [
    ("stepper", {"run": "hello-gru", "word": "hello", "snapshot": "0"}, "hello"),
    ("attention", {"word": "abc", "delay": "1"}, "abc·"), ("hello", {}, "hello"),
    ("sampling", {"run": "text-gru", "prompt": "the end"}, "the␣end"), ("check", {}, ""),
    ("echo", {"run": "echo-variable-gru", "word": "abc", "delay": "1", "step": "61"}, "abc·")])
def test_what_a_page_shows_is_what_a_check_reads(page: str, address: dict[str, str], letters: str,
                                                 shipped: Path) -> None:
    shown = opened(page, address)
    scene, snapshot = shown.scene, address.get("snapshot") or address.get("step")
    assert shown.names.issuperset(address)
    assert "".join(scene.given.letters_in if scene.given else "") == letters
    assert scene.run is None or scene.run.id == address.get("run", scene.run.id)
    assert scene.step == (None if snapshot is None else int(snapshot))


def test_what_is_read_in_the_browser_alone_is_known_of_every_component_that_reads_there() -> None:
    readers = {path.parent.name for path in components.HERE.rglob("*.js") if "recalled(" in path.read_text(
        encoding="utf-8")} - {"kit"}
    assert len(readers) > 3
    assert all(read_by(name) for name in readers)
    assert not [name for name in readers if PART in read_by(name)]  # the frame takes it out of the address
    assert read_by("explorer") == {"step", "layer", "order", "pin"}
