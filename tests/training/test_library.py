
import io
import json
import os
import re
import shutil
import stat
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save

from seqlab.errors import Fault
from seqlab.training import archive, library, status
from seqlab.training.fork import go_on
from seqlab.training.library import Library
from seqlab.training.run import Run, create
from seqlab.training.session import train
from tests.support.runs import small_config


@pytest.fixture
def shelf(trained: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Library:
    """A library with one shipped run and one own; it unpacks in this process (test_intake.py has the other)."""
    monkeypatch.setattr(library.intake, "unpack", archive.read)
    shutil.copytree(trained.path, tmp_path / "shipped" / "echo-shipped")
    shutil.copytree(trained.path, tmp_path / "own" / "echo-own")
    return Library(tmp_path / "own", tmp_path / "shipped")


def test_it_lists_own_runs_newest_first_then_the_shipped(shelf: Library) -> None:
    newer = create(shelf.root, small_config())
    assert [run.id for run in shelf.runs()] == [newer.id, "echo-own", "echo-shipped"]
    assert shelf.is_shipped(shelf.get("echo-shipped"))
    assert not shelf.is_shipped(shelf.get("echo-own"))


def test_an_empty_place_is_an_empty_list(tmp_path: Path) -> None:
    assert Library(tmp_path / "a", tmp_path / "b").runs() == []


def test_a_broken_run_is_listed_with_its_reason_and_can_be_deleted(shelf: Library) -> None:
    (shelf.root / "half").mkdir()
    (shelf.root / "echo-own" / "config.json").write_text("{")
    assert [run.id for run in shelf.runs()] == ["echo-shipped"]
    assert {broken.id for broken in shelf.broken()} == {"half", "echo-own"}
    assert all(broken.reason.endswith(".") for broken in shelf.broken())
    shelf.delete("half")
    assert {broken.id for broken in shelf.broken()} == {"echo-own"}


@pytest.mark.parametrize("run_id", ["../own/echo-own", "", ".", "..", ".trash", "/etc", "a/b", "A", "x" * 200, "a\x00b",
                                    "echo-own\n", "nope"])
def test_no_other_id_finds_anything(shelf: Library, run_id: str) -> None:
    with pytest.raises(Fault):
        shelf.get(run_id)
    with pytest.raises(Fault):
        shelf.restore(run_id)


def test_rename_keeps_the_id(shelf: Library) -> None:
    run = shelf.rename(shelf.get("echo-own"), "  A  better\nname ")
    assert (run.id, run.name) == ("echo-own", "A better name")
    with pytest.raises(Fault, match="80"):
        shelf.rename(run, "x" * 81)
    with pytest.raises(Fault, match="came with seqlab"):
        shelf.rename(shelf.get("echo-shipped"), "mine")


def test_delete_can_be_undone(shelf: Library) -> None:
    gone = shelf.delete(shelf.get("echo-own"))
    assert [run.id for run in shelf.runs()] == ["echo-shipped"]
    with pytest.raises(Fault):
        shelf.delete("echo-own")
    assert shelf.restore(gone).weights()
    with pytest.raises(Fault, match="again"):
        shelf.restore(gone)
    with pytest.raises(Fault, match="came with seqlab"):
        shelf.delete("echo-shipped")


def test_a_run_in_training_is_not_deleted(shelf: Library) -> None:
    run = shelf.get("echo-own")
    status.write(run.path, run.status, state="running")
    with pytest.raises(Fault, match="stop it first"):
        shelf.delete(run)


def test_the_trash_is_emptied_after_a_week(shelf: Library) -> None:
    shelf.delete("echo-own")
    os.utime(shelf.root / ".trash" / "echo-own", (time.time() - 8 * 86400,) * 2)
    (shelf.root / "other").mkdir()
    shelf.delete("other")
    with pytest.raises(Fault, match="no longer"):
        shelf.restore("echo-own")


def test_out_and_in_again(shelf: Library) -> None:
    run = shelf.get("echo-own")
    file = shelf.export_zip(run)
    back = shelf.import_zip(file)
    file.unlink()
    assert back.id != run.id
    assert back.config == run.config
    assert back.snapshots() == run.snapshots()
    assert all(np.array_equal(back.weights()[name], array) for name, array in run.weights().items())
    assert back.metrics()["loss"].tolist() == run.metrics()["loss"].tolist()
    assert back.status.state == "finished"
    assert back.passport == run.passport
    new = go_on(back, shelf.root)
    assert train(new.path).step == 120


def test_a_live_run_comes_in_stopped(shelf: Library) -> None:
    run = shelf.get("echo-own")
    status.write(run.path, run.status, state="running", message="<b>hello</b>", pid=1)
    with (run.path / "metrics.jsonl").open("a") as file:
        file.write('{"step": 9')
    back = shelf.import_zip(shelf.export_zip(run))
    assert (back.status.state, back.status.message, back.status.pid) == ("stopped", "Uploaded.", 0)


def members(run: Run) -> dict[str, bytes]:
    """The smallest zip that is a run."""
    names = ("config.json", "status.json", "metrics.jsonl", "passport.json", "weights/step-00000060.safetensors")
    return {name: (run.path / name).read_bytes() for name in names}


def packed(files: dict[str, bytes]) -> io.BytesIO:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in files.items():
            file.writestr(name, content)
    buffer.seek(0)
    return buffer


def config_with(run: Run, **changes: object) -> bytes:
    return json.dumps(json.loads((run.path / "config.json").read_bytes()) | changes).encode()


def status_with(run: Run, **changes: object) -> bytes:
    return json.dumps(json.loads((run.path / "status.json").read_bytes()) | changes).encode()


def metrics_with(run: Run, **changes: object) -> bytes:
    return json.dumps(json.loads((run.path / "metrics.jsonl").read_bytes().splitlines()[0]) | changes).encode() + b"\n"


def weights_with(run: Run, name: str, change: Callable[[np.ndarray], np.ndarray]) -> bytes:
    weights = dict(run.weights())
    return save(weights | {name: change(weights[name])})


W = "weights/step-00000060.safetensors"
HOSTILE: dict[str, tuple[Callable[[Run], dict[str, bytes | None]], str]] = {
    "path upwards": (lambda run: {"../evil.json": b"x"}, "outside"),
    "path upwards inside": (lambda run: {"weights/../../evil.json": b"x"}, "outside"),
    "absolute path": (lambda run: {"/etc/evil": b"x"}, "outside"),
    "windows path": (lambda run: {"..\\evil": b"x"}, "outside"),
    "pickle": (lambda run: {"model.pkl": b"x"}, "model.pkl"),
    "torch pickle": (lambda run: {"weights/step-00000060.pt": b"x"}, "not part of a run"),
    "foreign file": (lambda run: {"run.sh": b"x"}, "run.sh"),
    "NaN weights": (lambda run: {W: weights_with(run, "decoder.bias", lambda a: a * np.nan)}, "not finite"),
    "wrong shape": (lambda run: {W: weights_with(run, "decoder.bias", lambda a: a[:-1])}, "do not fit"),
    "whole numbers": (lambda run: {W: weights_with(run, "decoder.bias", lambda a: a.astype(np.int32))}, "floating"),
    "torn weights": (lambda run: {W: members(run)[W][:50]}, "damaged"),
    "huge header": (lambda run: {W: b"\xff" * 16}, "damaged"),
    "torn optimiser": (lambda run: {W.replace("weights", "optimiser"): b"torn"}, "damaged"),
    "unknown model": (lambda run: {"config.json": config_with(run, network={"model": "mamba"})}, "mamba"),
    "unknown task": (lambda run: {"config.json": config_with(run, task={"name": "chess"})}, "task"),
    "foreign setting": (lambda run: {"config.json": config_with(run, evil=1)}, "evil|Evil"),
    "hidden size 0": (lambda run: {"config.json": config_with(run, network={"hidden": 0})}, "at least 1"),
    "hidden size 100000": (lambda run: {"config.json": config_with(run, network={"hidden": 100_000})}, "at most 2048"),
    "torn config": (lambda run: {"config.json": b'{"task"'}, "not whole"),
    "no config": (lambda run: {"config.json": None}, "no config"),
    "no weights": (lambda run: {W: None}, "no weights"),
    "torn status": (lambda run: {"status.json": b"{"}, "status.json"),
    "torn metrics": (lambda run: {"metrics.jsonl": b'{"step": 1'}, "metrics.jsonl"),
    "foreign column": (lambda run: {"metrics.jsonl": b'{"step": 1, "evil": 2}\n'}, "columns"),
    "infinite metrics": (lambda run: {"metrics.jsonl": re.sub(rb'"loss": [^,]*', b'"loss": -Infinity',
                                                              members(run)["metrics.jsonl"])}, "not finite"),
    "torn samples": (lambda run: {"samples.jsonl": b'{"step": 1'}, "samples.jsonl"),
    "foreign samples": (lambda run: {"samples.jsonl": b'{"step": 1, "samples": [["a", "b"]]}\n'}, "where it leaves"),
    "bottomless samples": (lambda run: {"samples.jsonl": b"[" * 100_000}, "too deep"),
    "late start": (lambda run: {"status.json": status_with(run, started=1e300)}, "status.json"),
    "huge step": (lambda run: {"status.json": status_with(run, step=10**30)}, "status.json"),
    "negative step": (lambda run: {"status.json": status_with(run, step=-1)}, "status.json"),
    "accuracy of 1e300": (lambda run: {"status.json": status_with(run, evaluation=1e300)}, "status.json"),
    "deep status": (lambda run: {"status.json": b'{"step": ' + b"[" * 100_000}, "status.json"),
    "deep config": (lambda run: {"config.json": b'{"task": ' + b"[" * 100_000}, "not whole"),
    "half a character": (lambda run: {"samples.jsonl": b'{"step": 1, "samples": [["\\ud800", null]]}\n'}, "half a"),
    "half a character in the passport": (lambda run: {"passport.json": b'{"a": "\\udfff"}'}, "passport"),
    "deep metrics": (lambda run: {"metrics.jsonl": b"[" * 100_000}, "too deep"),
    "metrics beyond numbers": (lambda run: {"metrics.jsonl": metrics_with(run, loss=10**400)}, "beyond"),
    "metrics at step 1e30": (lambda run: {"metrics.jsonl": metrics_with(run, step=10**30)}, "beyond"),
    "many lines": (lambda run: {"metrics.jsonl": metrics_with(run) * 200_001}, "more than 200,000 lines"),
    "a long line": (lambda run: {"metrics.jsonl": b" " * 9_000_000}, "too long"),
    "a large config": (lambda run: {"config.json": b" " * 2_000_000}, "larger than that of any run"),
    "many words": (lambda run: {"words.txt": b"\n" * 1_000_000}, "words"),
    "large weights": (lambda run: {W: members(run)[W] + bytes(10_000_000)}, "too large"),
    "deep passport": (lambda run: {"passport.json": b'{"a": {"b": 1}}'}, "passport"),
    "large passport": (lambda run: {"passport.json": json.dumps({"a": "x" * 30_000}).encode()}, "passport"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_zip_is_one_sentence_and_leaves_nothing(shelf: Library, case: str) -> None:
    spoil, word = HOSTILE[case]
    files = members(shelf.get("echo-own")) | spoil(shelf.get("echo-own"))
    refuse(shelf, packed({name: content for name, content in files.items() if content is not None}), word)


def refuse(shelf: Library, file: io.BytesIO | Path, word: str) -> None:
    before = sorted(path for path in shelf.root.parent.rglob("*"))
    with pytest.raises(Fault, match=word) as fault:
        shelf.import_zip(file)
    assert sorted(path for path in shelf.root.parent.rglob("*")) == before
    said = str(fault.value)
    assert said.endswith(".")
    assert "\n" not in said
    assert str(shelf.root) not in said
    assert ".import" not in said


def test_the_smallest_good_zip_comes_in(shelf: Library) -> None:
    assert shelf.import_zip(packed(members(shelf.get("echo-own")))).weights()


@pytest.mark.parametrize("content", [b"", b"PK", b"not a zip at all", b"PK\x03\x04" + b"\0" * 100])
def test_what_is_no_zip_is_refused(shelf: Library, content: bytes) -> None:
    refuse(shelf, io.BytesIO(content), "not a whole zip")


def test_a_zip_with_flipped_bytes_is_refused(shelf: Library) -> None:
    content = bytearray(packed(members(shelf.get("echo-own"))).getvalue())
    for place in range(200, 400):
        content[place] ^= 0xFF
    refuse(shelf, io.BytesIO(bytes(content)), ".")


@pytest.mark.parametrize("way", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_zip_packed_otherwise_is_refused(shelf: Library, way: int) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", way) as file:
        file.writestr("config.json", b"{}")
    refuse(shelf, buffer, "usual zip")


def test_a_link_in_the_zip_is_refused(shelf: Library) -> None:
    buffer = packed(members(shelf.get("echo-own")))
    with zipfile.ZipFile(buffer, "a") as file:
        link = zipfile.ZipInfo("control.jsonl")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        file.writestr(link, "/etc/passwd")
    refuse(shelf, buffer, "link")


def test_a_file_twice_is_refused(shelf: Library) -> None:
    buffer = packed(members(shelf.get("echo-own")))
    with zipfile.ZipFile(buffer, "a") as file, pytest.warns(UserWarning, match="Duplicate"):
        file.writestr("config.json", "{}")
    refuse(shelf, buffer, "twice")


def test_too_many_files_are_refused(shelf: Library) -> None:
    refuse(shelf, packed({f"weights/step-{n:08d}.safetensors": b"" for n in range(500)}), "500 files")


def test_a_zip_that_says_it_is_huge_is_refused(shelf: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "LIMIT_BYTES", 100_000)
    refuse(shelf, packed(members(shelf.get("echo-own")) | {"control.jsonl": b"\0" * 200_000}), "unpacks to more")


def test_a_bomb_that_lies_about_its_size_is_refused(shelf: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = packed(members(shelf.get("echo-own")) | {"control.jsonl": b"\0" * 5_000_000})
    content = bomb.getvalue().replace((5_000_000).to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    monkeypatch.setattr(archive, "LIMIT_BYTES", 1_000_000)
    refuse(shelf, io.BytesIO(content), ".")


def test_a_full_disk_at_an_upload_leaves_nothing(shelf: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(source: Path, target: Path) -> None:
        raise OSError(28, "No space left on device", str(target))
    buffer = packed(members(shelf.get("echo-own")))
    monkeypatch.setattr(library.os, "replace", full)
    refuse(shelf, buffer, "the disk is full")
