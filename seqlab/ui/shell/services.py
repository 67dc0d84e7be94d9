"""What one server shares among all its pages: the engine and the library of runs."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache

from seqlab import paths
from seqlab.training.engine import Engine
from seqlab.training.library import Library


@cache
def engine() -> Engine:
    """The one engine of this process; its workers start in the background."""
    return Engine(paths.runs())


@cache
def library() -> Library:
    """All runs: those shipped with seqlab and those made here."""
    return Library()


@asynccontextmanager
async def lifespan(_: object) -> AsyncIterator[None]:
    """Start the engine with the server and end it with the server."""
    engine()
    # What was imported so far lives as long as the server; the collector need not look at it again.
    gc.freeze()
    yield
    engine().close()
