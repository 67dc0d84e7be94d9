"""Who is in a class: one small file a person, made when somebody joins; a short code brings them back."""

import os
import secrets
import threading
import time
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from seqlab.classroom.person import TEACHER, TEACHER_NAME, Person
from seqlab.classroom.secrets import LETTERS, ClassKeys, plain, same
from seqlab.errors import Fault
from seqlab.files import refusal, write_aside

MOST_PEOPLE, LONGEST_NAME, MOST_MARKS = 500, 40, 2  # MOST_MARKS: accents in a row on one letter
RETURN_LETTERS = 8
SEEN_SECONDS = 20.0  # between two notes of when somebody was seen last
_FOLDER, _JOINER = "people", "\u200d"  # the joiner stands inside emoji of several
_BLANK = "\u115f\u1160\u2800\u3164\uffa0"  # count as letters or signs, and nobody sees them


@dataclass(frozen=True)
class Member:
    """A person of a class, when they joined and when they were seen last, as unix times."""

    person: Person
    joined: float
    seen: float


class _Stored(BaseModel):
    """The file of a person."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    nickname: str = Field(min_length=1, max_length=LONGEST_NAME + 8)
    joined: float = Field(ge=0, allow_inf_nan=False)


class Roster:
    """The people of the class in ``folder``; safe to use from several threads."""

    def __init__(self, folder: Path, keys: ClassKeys) -> None:
        self._folder, self._keys = folder / _FOLDER, keys
        self._lock = threading.Lock()
        self._names: set[str] | None = None  # of everybody, as they are compared

    def join(self, nickname: str) -> tuple[Person, str]:
        """Take somebody in under a nickname; returns the person and their return code. Raises Fault.

        Where the name is taken already, a number is put behind it.
        """
        name = checked_name(nickname)
        with self._lock:
            known = self._known_names()
            if len(known) >= MOST_PEOPLE:
                raise Fault(f"This class is full: it has {MOST_PEOPLE} people. Ask the teacher to remove some.")
            names = (name, *(f"{name} {count}" for count in range(2, MOST_PEOPLE + 2)))
            person = Person(f"p{secrets.token_hex(5)}", next(one for one in names if compared(one) not in known))
            self._write(person, time.time(), "You cannot be taken in")
            known.add(compared(person.nickname))
        return person, self.return_code(person)

    def back(self, code: str) -> Person:
        """Find the person of a return code; raises Fault where there is none."""
        given = plain(code)
        matches = [member.person for member in self.members() if same(given, plain(self.return_code(member.person)))]
        if not matches:
            raise Fault("Nobody in this class has this return code; check each letter, or join anew with the class's "
                        "code.")
        return matches[0]

    def return_code(self, person: Person) -> str:
        """The code with which a person comes back on another device: it follows from the class's key and the id."""
        number, letters = int(self._keys.sign(f"back {person.id}"), 16), ""
        for _ in range(RETURN_LETTERS):
            number, place = divmod(number, len(LETTERS))
            letters += LETTERS[place]
        return f"{letters[:4]}-{letters[4:]}"

    def get(self, person_id: str) -> Person | None:
        """The person of an id; None where nobody in this class has it."""
        if person_id == TEACHER.id:
            return TEACHER
        member = self._member(self._file(person_id)) if _is_id(person_id) else None
        return member.person if member else None

    def members(self) -> list[Member]:
        """Everybody who has joined, in the order in which they did; files that are none are left out."""
        members = filter(None, map(self._member, self._folder.glob("p*.json")))
        return sorted(members, key=lambda member: (member.joined, member.person.id))

    def seen(self, person: Person) -> None:
        """Note that a person is here now."""
        file = self._file(person.id)
        with suppress(OSError):
            if person.role == "pupil" and time.time() - file.stat().st_mtime > SEEN_SECONDS:
                os.utime(file)

    def remove(self, person: Person) -> None:
        """Take a person out of the class: their cookie and return code end, their runs stay. Raises Fault."""
        try:
            with self._lock:
                self._names = None
                if _is_id(person.id):
                    self._file(person.id).unlink(missing_ok=True)
        except OSError as error:
            raise Fault(f"{person.nickname} cannot be removed: {refusal(error)}.") from None

    def restore(self, member: Member) -> None:
        """Take somebody in again who was removed: their cookie and return code count as before. Raises Fault."""
        name = member.person.nickname
        with self._lock:
            if self._file(member.person.id).exists():
                return
            known = self._known_names()
            if compared(name) in known:
                raise Fault(f"Somebody else is called {name} by now, so they cannot come back under that name.")
            self._write(member.person, member.joined, f"{name} cannot be taken in")
            known.add(compared(name))

    def _write(self, person: Person, joined: float, refused: str) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            stored = _Stored(nickname=person.nickname, joined=joined)
            write_aside(self._file(person.id), stored.model_dump_json().encode(), mode=0o600)
        except OSError as error:
            raise Fault(f"{refused}: {refusal(error)}.") from None

    def _known_names(self) -> set[str]:
        if self._names is None:
            self._names = {compared(member.person.nickname) for member in self.members()}
        return self._names

    def _file(self, person_id: str) -> Path:
        return self._folder / f"{person_id}.json"

    def _member(self, file: Path) -> Member | None:
        try:
            facts = file.stat()
            stored = _read(file, facts.st_ino, facts.st_size)
        except (OSError, ValidationError):
            return None
        return Member(Person(file.stem, stored.nickname), stored.joined, facts.st_mtime)


def checked_name(nickname: str) -> str:
    """Return a nickname as it is shown: one line of characters that can be seen; raises Fault for one that cannot be.

    It stays foreign text: letters, emoji, what looks like HTML or Markdown.
    """
    if len(nickname) > 10 * LONGEST_NAME:
        raise Fault(f"This name is too long; a nickname has at most {LONGEST_NAME} characters.")
    whole = unicodedata.normalize("NFC", nickname.encode(errors="replace").decode())
    name = " ".join("".join(filter(_is_shown, whole)).split()).strip(_JOINER)
    if not any(unicodedata.category(sign)[0] in "LNPS" for sign in name):
        raise Fault("Type a nickname that others can see, such as your first name.")
    if len(name) > LONGEST_NAME:
        raise Fault(f"This name has {len(name)} characters; a nickname has at most {LONGEST_NAME}.")
    if _stacked(name) > MOST_MARKS:
        raise Fault("This name has too many accents on one letter; take a plainer one.")
    if compared(name) == compared(TEACHER_NAME):
        raise Fault(f"{TEACHER_NAME} is the name of the teacher here; take another nickname.")
    return name


def _is_shown(sign: str) -> bool:
    return (sign.isprintable() or sign.isspace() or sign == _JOINER) and sign not in _BLANK


def compared(name: str) -> str:
    """A name as it is compared with others: one that only looks like another is the same."""
    return unicodedata.normalize("NFKC", name).replace(_JOINER, "").casefold()


def _stacked(name: str) -> int:
    """The most accents in a row."""
    longest = run = 0
    for sign in name:
        run = run + 1 if unicodedata.category(sign) in ("Mn", "Me") else 0
        longest = max(longest, run)
    return longest


def _is_id(text: str) -> bool:
    return len(text) == 11 and text[0] == "p" and all(sign in "0123456789abcdef" for sign in text[1:])


@lru_cache(maxsize=1024)
def _read(file: Path, inode: int, size: int) -> _Stored:
    return _Stored.model_validate_json(file.read_bytes())
