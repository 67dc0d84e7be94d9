import sys
from pathlib import Path
from types import SimpleNamespace as Part
from typing import Protocol, runtime_checkable

import pytest

from seqlab.models import models
from seqlab.reference.core import cores
from seqlab.registry import VARIABLE, discover
from seqlab.tasks import tasks


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty package of a name of its own, on the path."""
    folder = tmp_path / f"parts_of_{tmp_path.name}"
    folder.mkdir()
    (folder / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    yield folder
    for name in [name for name in sys.modules if name.startswith(folder.name)]:
        del sys.modules[name]


def write(package: Path, module: str, text: str) -> None:
    (package / f"{module}.py").write_text(f"from types import SimpleNamespace as Part\n{text}\n")


def test_one_new_file_is_found(package: Path) -> None:
    write(package, "b", "PART = Part(name='bee')")
    write(package, "a", "PART = (Part(name='ant'), Part(name='asp'))")
    write(package, "helper", "OTHER = 1")
    assert list(discover(package.name, "PART", Part)) == ["ant", "asp", "bee"]


def test_a_name_is_taken_once(package: Path) -> None:
    write(package, "a", "PART = Part(name='bee')")
    write(package, "b", "PART = Part(name='bee')")
    with pytest.raises(ValueError, match="second part named 'bee'"):
        discover(package.name, "PART", Part)


def test_a_package_without_parts_has_none(package: Path) -> None:
    write(package, "helper", "OTHER = 1")
    assert discover(package.name, "PART", Part) == {}


def test_a_broken_part_is_not_hidden(package: Path) -> None:
    write(package, "a", "PART = Part()")
    with pytest.raises(AttributeError, match="name"):
        discover(package.name, "PART", Part)


@runtime_checkable
class Speaks(Protocol):
    name: str

    def speak(self) -> None: ...


def test_a_part_of_another_kind_is_not_left_out_in_silence(package: Path) -> None:
    write(package, "a", "PART = Part(name='bee')")
    with pytest.raises(TypeError, match=r"PART of .*\.a is a SimpleNamespace, which is no Speaks: it lacks speak"):
        discover(package.name, "PART", Speaks)


def own_tasks(package: Path, text: str) -> None:
    (package / "tasks").mkdir()
    write(package, "tasks/__init__", "")
    write(package, "tasks/mine", text)


TASK = "from dataclasses import replace\nfrom seqlab.tasks.hello import TASK as HELLO\nTASK = replace(HELLO, name={!r})"


def test_a_person_s_own_package_adds_parts(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own_tasks(package, TASK.format("goodbye"))
    assert "goodbye" not in tasks()
    monkeypatch.setenv(VARIABLE, f"{package.name}, ")
    assert list(tasks())[-1] == "goodbye"
    assert set(models()) == set(cores())


def test_it_may_not_take_a_name_of_seqlab_s(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own_tasks(package, TASK.format("echo"))
    monkeypatch.setenv(VARIABLE, package.name)
    with pytest.raises(ValueError, match=r"tasks\.mine has a second part named 'echo'"):
        tasks()


def test_a_misspelt_package_is_no_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "no_such_parts")
    with pytest.raises(ModuleNotFoundError, match="no_such_parts"):
        tasks()
