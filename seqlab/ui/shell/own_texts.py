"""Texts and tables of one's own: in a class each sees their own, and those that a readable run learned from."""

import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from seqlab.classroom import limits, ownership, room
from seqlab.data import corpora
from seqlab.errors import Fault
from seqlab.files import refusal
from seqlab.training.config import RunConfig
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


def who_sees() -> str:
    """Say who can choose a text that is added."""
    return ("It is kept on the server of the class; only you and the teacher can choose it, unless you share a network "
            "that learned from it." if visitor().role == "pupil" else
            "It is kept on the machine where seqlab runs; whoever uses that seqlab can choose it too.")


def require_text(config: RunConfig) -> None:
    """Refuse a run that would learn from somebody else's text; raises Fault."""
    corpus = config.task.get("corpus")
    if isinstance(corpus, str):
        checked(corpus)


def _is_mine(name: str) -> bool:
    return not _OWN.fullmatch(name) or (own_place() / FOLDER / name).is_file() or _is_laid(name)


def _is_laid(name: str) -> bool:
    """Whether whoever runs the server laid a table ready for all."""
    with suppress(Fault):
        return name.startswith("table-") and name == corpora.laid_table()
    return False


def _read_by_runs() -> set[str]:
    """The texts from which runs have learned that others share; an own run, which may be uploaded, proves nothing."""
    names, own = set[str](), visitor().id
    for run in library().runs():
        with suppress(Fault):
            if ownership.owner_of(run) != own:
                names.add(str(run.config.task.get("corpus", "")))
    return names
