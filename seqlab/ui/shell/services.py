"""What one server shares among all its pages: the engine and the library of runs."""

import asyncio
import gc
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import cache

from seqlab import paths
from seqlab.classroom import room
from seqlab.classroom.limits import outlived
from seqlab.classroom.ownership import PersonRights, owner_of
from seqlab.classroom.person import TEACHER
from seqlab.errors import Fault
from seqlab.training import settings, storage
from seqlab.training.engine import Engine
from seqlab.training.library import Library
from seqlab.training.memory import give_back
from seqlab.training.run import forget_unused_weights
from seqlab.ui.shell.visitor import visitor

log = logging.getLogger("seqlab")

UNUSED = 40.0  # seconds that weights are kept in memory after they were used last
PAUSE = 10.0  # seconds between two looks
TIDY = 60.0  # seconds between two looks at what runs take of the disk


@cache
def engine() -> Engine:
    """The one engine of this process; its workers start in the background. Raises Fault where a setting is wrong."""
    return Engine(paths.runs(), adopts=settings.read(paths.runs()).resume, at_once=_most_at_once)


def _most_at_once(owner: str) -> int | None:
    """How many runs of an owner may be in training; in a class all but the teacher have a limit."""
    with suppress(Fault):  # the class cannot be read at this moment, which its door says
        if owner not in ("", TEACHER.id) and (here := room.current()):
            return here.keys.limits.training
    return None


@cache
def everything() -> Library:
    """All runs, whoever they belong to: those shipped with seqlab and those made here."""
    return Library()


def library() -> Library:
    """The runs as the visitor sees them: all, or in a class their own, shared and shipped ones. Raises NotInClass."""
    person, known = visitor(), everything()
    return Library(known.root, known.shipped, PersonRights(person)) if person.in_class else known


@cache
def tidying() -> storage.Tidying:
    """What deletes old runs, where a quota or an age is set."""
    return storage.Tidying(everything())


async def _rest() -> None:
    """Give back what nobody has looked at for a while; the next one to look reads it from the disk again."""
    await asyncio.sleep(PAUSE)
    give_back()  # what starting up has left over
    tidied = 0.0
    while True:
        await asyncio.sleep(PAUSE)
        if time.monotonic() - tidied > TIDY:
            tidied = time.monotonic()
            await asyncio.to_thread(_tidy)
        if forget_unused_weights(UNUSED):
            give_back()


def _tidy() -> None:
    """Delete runs that go by a quota or an age, where one is set, and runs of a class that have had their days."""
    try:
        for name in tidying().look(settings.read(everything().root)):
            log.warning("%s was deleted: it was the oldest run that is not pinned", name)
        if here := room.current():
            pupils = [run for run in everything().runs(points=True)
                      if not everything().is_shipped(run) and owner_of(run) != TEACHER.id]
            for run in outlived(here.keys.limits, pupils):
                log.warning("%s goes to the trash: it is older than runs of this class become", run.id)
                everything().delete(run)
    except (Fault, OSError) as problem:
        log.warning("old runs are not deleted: %s", problem)


@asynccontextmanager
async def lifespan(_: object) -> AsyncIterator[None]:
    """Start the engine with the server and end it with the server."""
    engine()
    # What was imported so far lives as long as the server; the collector need not look at it again.
    gc.freeze()
    resting = asyncio.create_task(_rest())
    yield
    resting.cancel()
    engine().close()
