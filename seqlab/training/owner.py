"""Whose a run is, where several people share a server: a small file in its folder, which no zip file brings along."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol, runtime_checkable

from seqlab.errors import Fault
from seqlab.files import parse_json, refusal, write_aside

FILE = "owner.json"


@dataclass(frozen=True)
class Owner:
    """The id of the person to whom a run belongs, "" for whoever runs the server, and whether all may read it."""

    id: str = ""
    shared: bool = False


@runtime_checkable
class Owned(Protocol):
    """What has an owner: a run, by its folder."""

    @property
    def path(self) -> Path:
        """Its folder."""


@runtime_checkable
class Rights(Protocol):
    """What somebody may do with runs that did not come with seqlab."""

    @property
    def owner(self) -> str:
        """To whom a run belongs that they make."""

    def may_read(self, run: Owned) -> bool:
        """Whether they may see a run."""

    def may_change(self, run: Owned) -> bool:
        """Whether they may steer, rename, share or delete a run."""


class Everything:
    """The rights of the one person of a server, a terminal or a notebook."""

    owner = ""

    def may_read(self, run: Owned) -> bool:
        """Every run may be seen."""
        return True

    def may_change(self, run: Owned) -> bool:
        """Every run may be changed."""
        return True


def of(folder: Path) -> Owner:
    """Read whose a run is; one without the file, or with one that cannot be read, is of whoever runs the server."""
    try:
        facts = (folder / FILE).stat()
        return _read(folder / FILE, facts.st_mtime_ns, facts.st_ino)
    except (OSError, ValueError):
        return Owner()


def write(folder: Path, owner: Owner) -> None:
    """Write down whose a run is; raises Fault."""
    try:
        write_aside(folder / FILE, json.dumps({"owner": owner.id, "shared": owner.shared}).encode())
    except OSError as error:
        raise Fault(f"The owner of the run cannot be written: {refusal(error)}.") from None


@lru_cache(maxsize=4096)
def _read(file: Path, stamp: int, inode: int) -> Owner:
    content = parse_json(file.read_bytes())
    if not (isinstance(content, dict) and isinstance(content.get("owner"), str)
            and isinstance(content.get("shared"), bool)):
        raise ValueError("it is no owner")
    return Owner(content["owner"], content["shared"])
