"""The list of words beside a config: written once, kept through zip files and forks, checked when it comes back."""

import zipfile
from pathlib import Path

import pytest

from seqlab.errors import Fault
from seqlab.training import words
from seqlab.training.config import RunConfig
from seqlab.training.fork import fork
from seqlab.training.library import Library
from seqlab.training.run import Run, create
from seqlab.training.session import train

CONFIG = RunConfig(task={"name": "sentiment", "words": 50}, batch=8, steps=3, evaluate_every=3, device="cpu",
                   network={"model": "dense", "hidden": 4, "embedding": 3, "pooling": "max"})


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    made = create(tmp_path_factory.mktemp("runs"), CONFIG)
    assert train(made.path).state == "finished"
    return made


def test_a_run_knows_its_words(run: Run) -> None:
    found = run.vocabulary
    assert len(found) == 54
    assert found.symbols[:5] == ("∅", "⊢", "⏎", "\ufffd", "the")
    assert found.encode("the nonsense").tolist() == [4, 3]


def test_they_go_with_it(run: Run, tmp_path: Path) -> None:
    library = Library(tmp_path)
    packed = library.export_zip(run)
    uploaded = library.import_zip(packed)
    forked = fork(run, tmp_path)
    packed.unlink()
    for other in (uploaded, forked):
        assert other.vocabulary == run.vocabulary


@pytest.mark.parametrize(("content", "said"), [
    (b"the\nthe\n", "a word twice"), (b"a b\n", "one word"), ("∅\n".encode(), "a mark among"),
    (b"\xff\xfe", "not UTF-8"),
    ("\n".join(f"w{k}" for k in range(51)).encode(), "has 51 words, and the network knows at most 50"),
    (b"x" * 300, "at most 200 characters"), (None, "no words.txt")])
def test_a_list_that_cannot_be_is_refused(content: bytes | None, said: str, run: Run, tmp_path: Path) -> None:
    library = Library(tmp_path / "library")
    packed = library.export_zip(run)
    changed = tmp_path / "changed.zip"
    with zipfile.ZipFile(packed) as old, zipfile.ZipFile(changed, "w") as new:
        for member in old.infolist():
            if not member.filename.endswith(words.FILE):
                new.writestr(member, old.read(member))
            elif content is not None:
                new.writestr(member.filename, content)
    with pytest.raises(Fault, match=said):
        library.import_zip(changed)
    assert not [path for path in (tmp_path / "library").iterdir() if not path.name.startswith(".trash")]


def test_a_run_of_another_task_may_not_bring_words(trained: Run, tmp_path: Path) -> None:
    library = Library(tmp_path / "library")
    packed = library.export_zip(trained)
    with zipfile.ZipFile(packed, "a") as archive:
        archive.writestr(f"{trained.id}/{words.FILE}", b"the\n")
    with pytest.raises(Fault, match="knows at most 0"):
        library.import_zip(packed)
    with pytest.raises(Fault, match="no list of words"):
        trained.vocabulary  # noqa: B018


def test_other_texts_than_those_it_learned_from_are_told(tmp_path: Path) -> None:
    made = create(tmp_path, CONFIG)
    (made.path / words.FILE).write_text("other\n")
    status = train(made.path)
    assert status.state == "failed"
    assert "learned from other texts" in status.message
