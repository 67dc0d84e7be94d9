"""What this machine and the address had in common when they were last compared: one small file for each folder."""

import json
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from seqlab.files import write_aside


class Both(NamedTuple):
    """A file as both sides had it: the word at the address, the stamp here ("": not here yet), and its size.

    A token of "" means that it was written from here, and not seen there since.
    """

    token: str
    stamp: str
    size: int


class Known:
    """What is known of one folder; it outlives the process."""

    def __init__(self, place: Path, unit: str) -> None:
        self._file = place / f"{unit.replace('/', '~') or '~'}.json"
        self.files: dict[str, Both] = {}
        self.inode = 0  # of the folder here, by which one that was moved is known
        with suppress(OSError, ValueError, TypeError, KeyError):
            content = json.loads(self._file.read_bytes())
            self.files = {name: Both(*both) for name, both in content["files"].items()}
            self.inode = int(content["inode"])
        self._kept = dict(self.files)

    def keep(self, folder: Path) -> None:
        """Write it down where it has changed."""
        with suppress(OSError):
            inode = folder.stat().st_ino
            if self.files != self._kept or inode != self.inode:
                self.inode, self._kept = inode, dict(self.files)
                self._file.parent.mkdir(parents=True, exist_ok=True)
                write_aside(self._file, json.dumps({"inode": inode, "files": self.files}).encode())

    def take(self, other: "Known") -> None:
        """Know what another one knew, whose folder was moved."""
        self.files = dict(other.files)

    def forget(self) -> None:
        """Know nothing of it any more."""
        self.files, self._kept = {}, {}
        self._file.unlink(missing_ok=True)


def units(place: Path) -> set[str]:
    """The folders of which something is known."""
    return {file.stem.replace("~", "/") for file in place.glob("*.json") if file.stem != "~"}
