"""A class for tests: three people, a run of each kind, and whoever a test says sits in front of the page."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from seqlab.classroom import ownership, room, secrets, token
from seqlab.classroom.limits import Limits
from seqlab.classroom.person import TEACHER, Person
from seqlab.classroom.room import Room
from seqlab.training import status
from seqlab.training.owner import Owner, write
from seqlab.training.run import Run
from seqlab.ui.shell import visitor
from tests.support.pages import forget_folders
from tests.support.runs import random_run


@dataclass
class SmallClass:
    """``private``, ``shared`` and ``live`` are Ana's runs, ``teachers`` has no owner; ``sits`` says who looks."""

    here: Room
    root: Path
    ana: Person
    bo: Person
    private: Run
    shared: Run
    live: Run
    teachers: Run
    sits: Callable[[Person | None], None]


def finished(root: Path, name: str, state: str = "finished", owner: str = "", shared: bool = False) -> Run:
    """A run that was never trained, as it stands after its end."""
    run = random_run(root, name=name)
    status.write(run.path, run.status, state=state, step=30)
    if owner:
        write(run.path, Owner(owner, shared))
    return run


@contextmanager
def small_class(folder: Path, patch: pytest.MonkeyPatch, limits: Limits | None = None) -> Iterator[SmallClass]:
    """A class on this process's folders, with Bo in front of the page."""
    root = folder / "runs"
    root.mkdir()
    patch.setenv("SEQLAB_RUNS", str(root))
    patch.setenv("SEQLAB_CACHE", str(folder / "cache"))
    patch.setenv(secrets.VARIABLE, str(folder / "class"))
    secrets.make(folder / "class", limits=limits)
    forget_folders()
    here = room.current()
    assert here is not None
    (ana, _), (bo, _) = here.roster.join("Ana"), here.roster.join("Bo")

    def sits(person: Person | None) -> None:
        cookies = {here.keys.cookie: token.make(here.keys, person)} if person else {}
        patch.setattr(visitor, "cookies", lambda: cookies)

    sits(bo)
    known = SmallClass(here, root, ana, bo, finished(root, "Anas secret", owner=ana.id),
                       finished(root, "Anas gift", owner=ana.id, shared=True),
                       finished(root, "Anas live one", "paused", owner=ana.id, shared=True),
                       finished(root, "The teachers"), sits)
    assert ownership.owner_of(known.teachers) == TEACHER.id
    yield known
    forget_folders()
