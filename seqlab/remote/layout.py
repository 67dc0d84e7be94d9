"""What lies among the runs, as far as a mirror must know: what goes first, what is fetched when it is asked for."""

import hashlib
import json
import os
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import NamedTuple

STATUS, METRICS, JOURNAL, CONFIG = "status.json", "metrics.jsonl", "control.jsonl", "config.json"
LOCK = "optimiser/.lock"  # held by whoever trains a run on this machine
SNAPSHOTS = ("optimiser/", "weights/")  # large, and of use to those alone who look into a run
ACTIVE = ("queued", "running", "paused")
TRASH = ".trash"
HIDDEN = (".class", ".people", ".sweeps", ".units")  # what belongs to all runs together

ROOT_FILES = (".settings.json",)  # what lies beside the folders
PIN = "pinned"


class Local(NamedTuple):
    """A file as it is here: what changes when it is written, and what a reader would read if it is a small one."""

    stamp: str
    content: bytes | None


def is_large(name: str) -> bool:
    """Whether a file is fetched only when somebody asks for it."""
    return name.startswith(SNAPSHOTS)


def may_go(unit: str, name: str) -> bool:
    """Whether a file that is missing here was deleted by seqlab, where nobody trains: a cache may have been cleared."""
    return unit in HIDDEN or name == PIN


def rank(name: str) -> tuple[int, str]:
    """The place of a file among those that are sent: a snapshot before the numbers that tell of it, the state last."""
    last = (STATUS, METRICS)
    return (next((place for place, start in enumerate(SNAPSHOTS) if name.startswith(start)), 2)
            if name not in last else 4 - last.index(name)), name


def scan(folder: Path, only: Collection[str] = ()) -> dict[str, Local]:
    """Every file of a folder by its name, without those that are hidden; or ``only`` some.

    What goes last is read first: when a status says that a step is done, its snapshot is among what is listed after.
    """
    if only:
        return {name: local for name in only if (local := look(folder, name))}
    found: dict[str, Local] = {}
    try:
        top = sorted((entry for entry in os.scandir(folder) if not entry.name.startswith(".")),
                     key=lambda entry: rank(entry.name), reverse=True)
    except OSError:
        return found
    for entry in top:
        if entry.is_file() and (local := look(folder, entry.name)):
            found[entry.name] = local
    for entry in top:
        if entry.is_dir():
            for name in _below(folder, entry.name):
                if local := look(folder, name):
                    found[name] = local
    return found


def _below(folder: Path, part: str) -> Iterator[str]:
    for place, folders, names in os.walk(folder / part):
        folders[:] = [name for name in folders if not name.startswith(".")]
        inside = Path(place).relative_to(folder).as_posix()
        yield from (f"{inside}/{name}" for name in names if not name.startswith("."))


def look(folder: Path, name: str) -> Local | None:
    """A file as it is now; None where it is gone. A status that was only touched is the same as before."""
    file = folder / name
    try:
        facts = file.stat()
        content = whole(name, file.read_bytes()) if name == STATUS else None
    except OSError:
        return None
    if content is not None:
        return Local(hashlib.sha256(content).hexdigest()[:16], content)
    return Local(f"{facts.st_ino}-{facts.st_size}-{facts.st_mtime_ns}", None)


def whole(name: str, content: bytes) -> bytes:
    """What of a file is written to its end: a line without one is still being written."""
    return content.rpartition(b"\n")[0] + b"\n" if name.endswith(".jsonl") and content else content


def is_active(status: bytes | None) -> bool:
    """Whether a status says that its run is trained, or will be."""
    try:
        return json.loads(status or b"{}").get("state", "queued") in ACTIVE if status else False
    except (ValueError, AttributeError):
        return False


def units(root: Path) -> set[str]:
    """What is here among the runs: folders, each by its name; those in the trash with its name in front."""
    found = set()
    for place in ("", f"{TRASH}/"):
        try:
            entries = list(os.scandir(root / place))
        except OSError:
            continue
        found |= {place + entry.name for entry in entries if entry.is_dir() and is_unit(place + entry.name)}
    return found


def is_unit(name: str) -> bool:
    """Whether a folder among the runs is one that all machines have: not one that is just being made."""
    return bool(name) and (not name.removeprefix(f"{TRASH}/").startswith(".") or name in HIDDEN)
