"""Texts and tables of one's own: in a class each sees their own, and those that a readable run learned from."""

import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from seqlab.classroom import limits, ownership, room
from seqlab.errors import Fault
from seqlab.files import refusal
from seqlab.training.config import RunConfig
from seqlab.training.run import Run
from seqlab.ui.shell.services import library
from seqlab.ui.shell.visitor import visitor

FOLDER = "texts"  # of a person: an empty file for each text that they have added, which lies where all texts are
_OWN = re.compile(r"(text|table|reviews)-[0-9a-f]{16}")
T = TypeVar("T")


def own_place() -> Path:
    """Where lies what the visitor has that is no run: names of units, results of exercises, marks of texts."""
    return ownership.place(visitor(), library().root)


def add(size: int, store: Callable[[], T], name_of: Callable[[T], str]) -> T:
    """Store a text of ``size`` bytes and note whose it is; raises Fault, also where it is too long for the class."""
    person, here = visitor(), room.current()
    if here is not None:
        limits.require_short(person, here.keys.limits, size)
    stored = store()
    if not person.teaches:
        try:
            (own_place() / FOLDER).mkdir(parents=True, exist_ok=True)
            (own_place() / FOLDER / name_of(stored)).touch()
        except OSError as error:
            raise Fault(f"The text cannot be kept: {refusal(error)}.") from None
    return stored


def visible(names: Iterable[str]) -> list[str]:
    """Those of some texts that the visitor may open."""
    if visitor().teaches:
        return list(names)
    readable = _read_by_runs()
    return [name for name in names if _is_mine(name) or name in readable]


def checked(name: str) -> str:
    """Pass the name of a text through that the visitor may open; raises Fault for one of somebody else's."""
    if visible([name]):
        return name
    raise Fault(f"The text {name} belongs to somebody else; add one of your own, or choose another.")


def require_text(config: RunConfig) -> None:
    """Refuse a run that would learn from somebody else's text; raises Fault."""
    corpus = config.task.get("corpus")
    if isinstance(corpus, str):
        checked(corpus)


def _is_mine(name: str) -> bool:
    return not _OWN.fullmatch(name) or (own_place() / FOLDER / name).is_file()


def _read_by_runs() -> set[str]:
    """The texts that runs have learned from which the visitor may read."""
    names = set[str]()
    for run in library().runs():
        with suppress(Fault):
            names.add(_corpus(run))
    return names


def _corpus(run: Run) -> str:
    return str(run.config.task.get("corpus", ""))
