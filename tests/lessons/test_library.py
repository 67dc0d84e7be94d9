"""The lessons there are: of two with one name the first stays, and nobody's file takes another with it."""

from pathlib import Path

import pytest

from seqlab.errors import Fault
from seqlab.lessons import library
from seqlab.lessons.library import MOST_OWN, add, remove, shelf
from tests.lessons.test_reading import FRONT

STEP = "\n## Look\n\nLook.\n"
TEXT = FRONT + STEP


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "shipped"
    folder.mkdir()
    monkeypatch.setattr(library, "SHIPPED", folder)
    monkeypatch.delenv("SEQLAB_LESSONS", raising=False)
    (folder / "02-second.md").write_text(TEXT)
    (folder / "01-first.md").write_text(TEXT)
    return folder


def test_shipped_lessons_stand_in_their_order_and_lead_to_the_next(shipped: Path) -> None:
    known = shelf()
    assert list(known.lessons) == ["first", "second"]
    assert known.after(known.get("first")) == known.get("second")
    assert known.after(known.get("second")) is None
    with pytest.raises(Fault, match="no lesson 'third'"):
        known.get("third")


def test_a_folder_and_uploads_add_to_them_and_of_two_with_one_name_the_first_stays(
        shipped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, own = tmp_path / "folder", tmp_path / "own"
    folder.mkdir()
    monkeypatch.setenv("SEQLAB_LESSONS", str(folder))
    (folder / "first.md").write_text(TEXT.replace("A letter", "Another letter"))
    (folder / "of-the-school.md").write_text(TEXT)
    (folder / "broken.md").write_text("no lesson")
    (folder / "notes.txt").write_text("no lesson either")
    add(own, "mine.md", TEXT.encode())
    known = shelf(own)
    assert {name: lesson.origin for name, lesson in known.lessons.items()} == {
        "first": "shipped", "second": "shipped", "of-the-school": "folder", "mine": "uploaded"}
    assert known.get("first").title == "A letter comes back"
    assert [fault.partition(" ")[0] for fault in known.faults] == ["broken.md,", "first.md:"]
    assert "there is a shipped lesson first already" in known.faults[1]


def test_an_upload_is_replaced_by_its_newer_one_and_deleted_by_its_person(shipped: Path, tmp_path: Path) -> None:
    add(tmp_path, "mine.md", TEXT.encode())
    add(tmp_path, "03-mine.md", TEXT.replace("A letter", "A word").encode())
    assert shelf(tmp_path).get("mine").title == "A word comes back"
    assert shelf(tmp_path).faults == ()
    remove(tmp_path, shelf(tmp_path).get("mine"))
    assert "mine" not in shelf(tmp_path).lessons
    with pytest.raises(Fault, match="not one that you uploaded"):
        remove(tmp_path, shelf().get("first"))


def test_an_upload_that_cannot_be_kept_is_refused(shipped: Path, tmp_path: Path) -> None:
    with pytest.raises(Fault, match="shipped lesson first already"):
        add(tmp_path, "first.md", TEXT.encode())
    with pytest.raises(Fault, match="line 1"):
        add(tmp_path, "mine.md", b"nothing")
    for place in range(MOST_OWN):
        add(tmp_path, f"mine-{place}.md", TEXT.encode())
    with pytest.raises(Fault, match="the most there can be"):
        add(tmp_path, "one-more.md", TEXT.encode())
    add(tmp_path, "mine-3.md", TEXT.encode())
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(Fault, match="cannot be kept"):
        add(tmp_path / "file", "mine.md", TEXT.encode())


def test_a_file_that_was_changed_is_read_anew(shipped: Path) -> None:
    assert shelf().get("first").title == "A letter comes back"
    (shipped / "01-first.md").write_text(TEXT.replace("A letter", "Something else"))
    assert shelf().get("first").title == "Something else comes back"
