"""A run as one zip file: written for a download, and read from an upload with every check before it counts."""

import re
import shutil
import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from io import BufferedIOBase
from pathlib import Path

from seqlab.errors import Fault
from seqlab.training import metrics, origin, samples, snapshots, unit_names, words
from seqlab.training.run import Run
from seqlab.training.validation import validate

LIMIT_BYTES = 200 * 2**20
LIMIT_FILES = 400
_KNOWN = re.compile(r"(config\.json|metrics\.jsonl|samples\.jsonl|words\.txt|status\.json|passport\.json|origin\.json"
                    r"|units\.json|control\.jsonl|(weights|optimiser)/step-\d{8}\.safetensors)")
_FOLDERS = ("", "weights", "optimiser")
_CHUNK = 2**20


def write(run: Run) -> Path:
    """Write a run to a temporary zip file, which the caller deletes; raises Fault where it cannot be read.

    It holds the snapshots, and for the newest one what it takes to go on from there.
    """
    run.config, run.status  # noqa: B018 (a run that cannot be read is no download)
    with tempfile.NamedTemporaryFile(prefix="seqlab-", suffix=".zip", delete=False) as file:
        try:
            with zipfile.ZipFile(file, "w") as archive:
                _fill(archive, run)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
    return Path(file.name)


def read(source: BufferedIOBase | Path, folder: Path) -> None:
    """Unpack a zip file into a new folder and check it; raises Fault, and then leaves nothing behind."""
    folder.mkdir(parents=True)
    try:
        _unpack(source, folder)
        validate(folder)
    except Fault:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, OverflowError, struct.error):
        shutil.rmtree(folder, ignore_errors=True)
        raise Fault("This is not a whole zip file; download it again and upload it unchanged.") from None
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _fill(archive: zipfile.ZipFile, run: Run) -> None:
    for name in ("config.json", "status.json", "passport.json", origin.FILE, metrics.FILE, samples.FILE, words.FILE):
        file = run.path / name
        if file.exists():
            content = file.read_bytes()
            whole = content.rpartition(b"\n")[0] + b"\n" if name.endswith(".jsonl") else content
            archive.writestr(f"{run.id}/{name}", whole, zipfile.ZIP_DEFLATED)
    if unit_names.file(run).exists():
        archive.write(unit_names.file(run), f"{run.id}/{unit_names.FILE}", zipfile.ZIP_DEFLATED)
    for file in _snapshot_files(run):
        # The schedule may delete a snapshot of a live run at any moment.
        if file.exists():
            archive.write(file, f"{run.id}/{file.parent.name}/{file.name}")


def _snapshot_files(run: Run) -> Iterator[Path]:
    steps = run.snapshots()
    if not steps:
        return
    newest = snapshots.file(run.path, "optimiser", steps[-1])
    room = LIMIT_BYTES * 0.9
    if newest.exists():
        room -= newest.stat().st_size
        yield newest
    size = snapshots.file(run.path, "weights", steps[-1]).stat().st_size
    left_out = set(snapshots.surplus(steps, max(2, int(room // size))))
    yield from (snapshots.file(run.path, "weights", step) for step in steps if step not in left_out)


def _unpack(source: BufferedIOBase | Path, folder: Path) -> None:
    with zipfile.ZipFile(source) as archive:
        members = archive.infolist()
        if len(members) > LIMIT_FILES:
            raise Fault(f"The zip file holds {len(members)} files; a run has at most {LIMIT_FILES}.")
        if sum(member.file_size for member in members) > LIMIT_BYTES:
            raise Fault(_too_large())
        names = _names(members)
        for part in _FOLDERS:
            (folder / part).mkdir(exist_ok=True)
        room = LIMIT_BYTES
        for member, name in names.items():
            room -= _inflate(archive, member, folder / name, min(room, _largest(name)))


def _names(members: list[zipfile.ZipInfo]) -> dict[zipfile.ZipInfo, str]:
    """Say where each member belongs in the run's folder; raises Fault for anything a run does not have."""
    for member in members:
        if "\\" in member.filename or member.filename.startswith("/") or ".." in member.filename.split("/"):
            raise Fault("The zip file holds a path that leads outside the run, so nothing of it was kept.")
        if stat.S_IFMT(member.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise Fault("The zip file holds a link or another special file, so nothing of it was kept.")
        if member.flag_bits & 1:
            raise Fault("The zip file is locked with a password; make one without.")
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Fault("The zip file is packed in a way that is not read here; make it anew as a usual zip.")
    tops = {member.filename.partition("/")[0] for member in members}
    own_folder = len(tops) == 1 and all("/" in member.filename for member in members)
    names: dict[zipfile.ZipInfo, str] = {}
    for member in members:
        name = member.filename.partition("/")[2] if own_folder else member.filename
        if member.is_dir() and name.rstrip("/") in _FOLDERS:
            continue
        if not _KNOWN.fullmatch(name):
            raise Fault(f"The zip file holds {_shown(name)!r}, which is not part of a run, so nothing of it was kept.")
        if name in names.values():
            raise Fault(f"The zip file holds {name!r} twice, so nothing of it was kept.")
        names[member] = name
    return names


def _inflate(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, room: int) -> int:
    """Write one member out; what it says of its size is not believed. Returns the bytes written."""
    written = 0
    with archive.open(member) as packed, open(target, "xb") as file:
        while chunk := packed.read(_CHUNK):
            written += len(chunk)
            if written > room:
                raise Fault(_too_large() if target.suffix == ".safetensors" else
                            f"{target.name} of the zip file is larger than that of any run, so nothing of it was kept.")
            file.write(chunk)
    return written


def _largest(name: str) -> int:
    """How many bytes a file of a run may have, by its name."""
    if name in (origin.FILE, unit_names.FILE):
        return origin.MOST_BYTES if name == origin.FILE else unit_names.MOST_BYTES
    return {".json": 2**20, ".jsonl": 32 * 2**20, ".txt": 16 * 2**20}.get(Path(name).suffix, LIMIT_BYTES)


def _shown(name: str) -> str:
    return name if len(name) <= 60 else f"{name[:57]}…"


def _too_large() -> str:
    return f"The zip file unpacks to more than {LIMIT_BYTES // 2**20} MB; a run must be smaller."
