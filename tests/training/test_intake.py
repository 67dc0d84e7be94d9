"""A zip file is taken in by a process that may die, and the server's memory does not grow with what it holds."""

import io
import resource
import zipfile
from pathlib import Path

import pytest

from seqlab.errors import Fault
from seqlab.training import intake
from seqlab.training.library import Library
from seqlab.training.run import Run


def test_a_run_comes_in_and_a_fault_comes_out(trained: Run, tmp_path: Path) -> None:
    shelf = Library(tmp_path / "own", tmp_path / "shipped")
    packed = Library(trained.path.parent, tmp_path / "shipped").export_zip(trained)
    with packed.open("rb") as file:
        assert shelf.import_zip(file).config == trained.config
    packed.unlink()
    with pytest.raises(Fault, match="not a whole zip"):
        shelf.import_zip(io.BytesIO(b"no zip"))
    assert len(list(shelf.root.iterdir())) == 1


def test_what_costs_more_than_any_run_dies_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A list of entries alone may ask for gigabytes; here the limit is small instead."""
    monkeypatch.setattr(intake, "START", intake.START.replace("main()", "").replace(
        "import main;", "import main; from seqlab.training import intake; intake.MEMORY_BYTES = 2**29; main()"))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(2):
            archive.writestr(f"{number}", b"")
    many = bytearray(file.getvalue())
    start = many.index(b"PK\x01\x02")
    entry, end = bytes(many[start:many.index(b"PK\x01\x02", start + 1)]), many.index(b"PK\x05\x06")
    directory = entry * 2_000_000
    tail = bytearray(many[end:])
    tail[12:16], tail[16:20] = len(directory).to_bytes(4, "little"), start.to_bytes(4, "little")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(Fault, match="more time or memory"):
        intake.unpack(io.BytesIO(bytes(many[:start]) + directory + bytes(tail)), tmp_path / "run")
    assert not (tmp_path / "run").exists()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 * 2**10  # KiB: the file itself, twice
