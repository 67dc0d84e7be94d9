"""What the teacher shows the class: an address, a pointer, a question, and whether all pause; all who listen learn it.

Each part has the version at which it changed last, so whoever comes back gets just what has changed meanwhile.
"""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from seqlab.classroom.listening import Listener
from seqlab.classroom.person import Person
from seqlab.classroom.rounds import Kind, Round, Truth, asked
from seqlab.errors import Fault
from seqlab.files import write_aside

log = logging.getLogger("seqlab")

LONGEST_ADDRESS, MOST_ROUNDS, MOST_LISTENERS, MOST_OF_ONE = 4000, 100, 2000, 12
PUBLIC = ("place", "frozen", "pointer", "round")  # parts that all see; the teacher has more
GRACE = 30.0  # seconds that a class stays paused and led without its teacher's page
_GONE = "This question is over; the next one comes by itself."


class Address(BaseModel):
    """A page of seqlab by its name, and the query of its address."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    page: str = Field(max_length=40, pattern=r"^[a-z0-9-]*$")
    query: str = Field("", max_length=LONGEST_ADDRESS)


class Pointer(BaseModel):
    """Where the teacher points: an element of the page by its name, and the place in it as fractions."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(max_length=120)
    x: float = Field(ge=-1, le=2, allow_inf_nan=False)
    y: float = Field(ge=-1, le=2, allow_inf_nan=False)


@dataclass(frozen=True)
class Present:
    """Somebody who has a page open now, and where they are."""

    person: Person
    at: Address | None


class Board:
    """What one class is shown; safe to use from several threads. A restart keeps the question and its answers."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._lock = folder / "rounds", threading.RLock()
        self._version = time.time_ns() // 1_000_000  # greater than any of a server before this one
        self._changed = dict.fromkeys((*PUBLIC, "here", "answers"), self._version)
        self._place: Address | None = None
        self._pointer: Pointer | None = None
        self._frozen = False
        self._rounds = self._read()
        self._listeners: set[Listener] = set()
        self._at: dict[str, Address] = {}

    @property
    def place(self) -> Address | None:
        """What the teacher shows to all who follow; None where nobody is led."""
        return self._place

    @property
    def frozen(self) -> bool:
        """Whether the pupils' pages pause."""
        return self._frozen

    @property
    def round(self) -> Round | None:
        """The question that stands there, answered or revealed."""
        return self._rounds[-1] if self._rounds and not self._rounds[-1].closed else None

    def rounds(self) -> list[Round]:
        """Every question of this class that is kept, in their order."""
        with self._lock:
            return list(self._rounds)

    def show(self, place: Address | None) -> None:
        """Lead all who follow to an address, or nobody any more."""
        with self._lock:
            if place != self._place:
                self._place = place
                self._tell("place")

    def freeze(self, frozen: bool) -> None:
        """Pause the pupils' pages, or let them go on."""
        with self._lock:
            if frozen != self._frozen:
                self._frozen = frozen
                self._tell("frozen")

    def point(self, pointer: Pointer | None) -> None:
        """Show where the teacher points, or nothing."""
        with self._lock:
            if pointer != self._pointer:
                self._pointer = pointer
                self._tell("pointer")

    def ask(self, text: str, choices: tuple[str, ...], kind: Kind = "choice",
            about: dict[str, Any] | None = None) -> Round:
        """Put a question to the class, in place of one that stands there; raises Fault for one nobody can answer."""
        new = asked(text, choices, kind, about or {})
        with self._lock:
            if self._rounds and new.id <= self._rounds[-1].id:
                new = new.model_copy(update={"id": self._rounds[-1].id + 1})
            self._rounds = [*self._rounds, new][-MOST_ROUNDS:]
            self._keep(new)
            self._tell("round")
        return new

    def answer(self, person: Person, round_id: int, given: str) -> None:
        """Count a person's answer; raises Fault where it is late, the second one, or none that there is."""
        with self._lock:
            one = self._the(round_id)
            if one.truth is not None:
                raise Fault("The answer is out already, so this one does not count any more.")
            if person.id in one.answers:
                raise Fault(f"You have answered {one.answers[person.id]} already; an answer stays.")
            answers = one.answers | {person.id: one.checked(given)}
            self._put(one.model_copy(update={"answers": answers}))
            self._tell("answers", only=person.id)

    def reveal(self, round_id: int, truth: Truth) -> None:
        """Show the class what came out; raises Fault where the question is gone."""
        with self._lock:
            self._put(self._the(round_id).model_copy(update={"truth": truth}))
            self._tell("round")

    def take_down(self) -> None:
        """Take the question away; its answers stay in the results."""
        with self._lock:
            if self.round is not None:
                self._put(self.round.model_copy(update={"closed": True}))
                self._tell("round")

    def listen(self, person: Person, since: int = 0) -> Listener:
        """Begin to listen as somebody who saw version ``since`` last; raises Fault where there are too many."""
        with self._lock:
            mine = sum(listener.person.id == person.id for listener in self._listeners)
            if len(self._listeners) >= MOST_LISTENERS or (mine >= MOST_OF_ONE and not person.teaches):
                raise Fault("You have this class open in too many tabs; close some of them.")
            known = since if since <= self._version else 0
            listener = Listener(person, known, self._news, self._leave)
            self._listeners.add(listener)
            self._tell("here")
        return listener

    def moved(self, person: Person, at: Address) -> None:
        """Note where a pupil is."""
        with self._lock:
            if self._at.get(person.id) != at and any(one.person.id == person.id for one in self._listeners):
                self._at[person.id] = at
                self._tell("here")

    def present(self) -> dict[str, Present]:
        """Who has a page open now, by id; the teacher is not among them."""
        with self._lock:
            people = {listener.person.id: listener.person for listener in self._listeners}
            return {id: Present(person, self._at.get(id)) for id, person in people.items() if not person.teaches}

    def close(self) -> None:
        """End all listening: the server stops."""
        with self._lock:
            for listener in self._listeners:
                listener.end()

    def _leave(self, listener: Listener) -> None:
        with self._lock:
            self._listeners.discard(listener)
            if not any(one.person.id == listener.person.id for one in self._listeners):
                self._at.pop(listener.person.id, None)
            if listener.person.teaches:
                listener.later(GRACE, self._release)
            self._tell("here")

    def _release(self) -> None:
        """Let the class go on where the teacher's page is gone for good."""
        with self._lock:
            if not any(listener.person.teaches for listener in self._listeners):
                self.freeze(False)
                self.show(None)
                self.point(None)

    def _news(self, person: Person, since: int) -> tuple[int, dict[str, Any]]:
        """What has changed for a person since a version, and the version that it is now."""
        with self._lock:
            parts: dict[str, Callable[[], Any]] = {
                "place": lambda: self._place and self._place.model_dump(), "frozen": lambda: self._frozen,
                "pointer": lambda: self._pointer and self._pointer.model_dump(),
                "round": lambda: self.round and self.round.seen_by(person.id, teaches=person.teaches)}
            if person.teaches:
                parts["here"] = lambda: len(self.present())
            changed = self._changed | {"round": max(self._changed["round"], self._changed["answers"])}
            return self._version, {part: read() for part, read in parts.items() if changed[part] > since or not since}

    def _tell(self, part: str, only: str = "") -> None:
        self._version += 1
        self._changed[part] = self._version
        for listener in self._listeners:
            if part in PUBLIC or listener.person.teaches or listener.person.id == only:
                listener.wake()

    def _the(self, round_id: int) -> Round:
        if self.round is None or self.round.id != round_id:
            raise Fault(_GONE)
        return self.round

    def _put(self, one: Round) -> None:
        self._rounds = [*self._rounds[:-1], one]
        self._keep(one)

    def _keep(self, one: Round) -> None:
        """Write a question down; where the disk refuses, the memory has it still and the next answer tries again."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_aside(self._folder / f"{one.id}.json", one.model_dump_json().encode(), mode=0o600)
            for old in sorted(self._folder.glob("[0-9]*.json"), key=lambda file: int(file.stem))[:-MOST_ROUNDS]:
                old.unlink(missing_ok=True)
        except (OSError, ValueError) as problem:
            log.warning("the answers of the class are in memory alone: %s", problem)

    def _read(self) -> list[Round]:
        """The questions of a server before this one; a file that is none is left out."""
        known = []
        for file in self._folder.glob("[0-9]*.json"):
            with suppress(OSError, ValidationError):
                known.append(Round.model_validate_json(file.read_bytes()))
        return sorted(known, key=lambda one: one.id)[-MOST_ROUNDS:]


@lru_cache(maxsize=8)
def board_of(folder: Path) -> Board:
    """The one board of the class in a folder."""
    return Board(folder)
