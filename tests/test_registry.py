import sys
from pathlib import Path

import pytest

from seqlab.registry import discover


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
    assert list(discover(package.name, "PART")) == ["ant", "asp", "bee"]


def test_a_name_is_taken_once(package: Path) -> None:
    write(package, "a", "PART = Part(name='bee')")
    write(package, "b", "PART = Part(name='bee')")
    with pytest.raises(ValueError, match="two parts named 'bee'"):
        discover(package.name, "PART")


def test_a_package_without_parts_has_none(package: Path) -> None:
    write(package, "helper", "OTHER = 1")
    assert discover(package.name, "PART") == {}


def test_a_broken_part_is_not_hidden(package: Path) -> None:
    write(package, "a", "PART = Part()")
    with pytest.raises(AttributeError, match="name"):
        discover(package.name, "PART")
