"""The class of this server, if it has one: its secrets and its people, read again where the file has changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from seqlab.classroom import secrets, token
from seqlab.classroom.person import Person
from seqlab.classroom.roster import Roster
from seqlab.classroom.secrets import ClassKeys


@dataclass(frozen=True)
class Room:
    """A class: its folder, its secrets, its people."""

    folder: Path
    keys: ClassKeys
    roster: Roster

    def person_of(self, cookies: Mapping[str, str]) -> Person | None:
        """Who is asking, by the cookies of a browser; None for somebody who has not joined."""
        return token.read(self.keys, self.roster, cookies.get(self.keys.cookie, ""))


def current() -> Room | None:
    """The class of this server; None where it has none. Raises Fault where its secrets cannot be read."""
    folder = secrets.folder()
    return None if folder is None else _room(folder, secrets.read(folder))


@lru_cache(maxsize=8)
def _room(folder: Path, keys: ClassKeys) -> Room:
    return Room(folder, keys, Roster(folder, keys))
