"""What one server shares among all its pages: the engine and the library of runs."""

import gc
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any

from seqlab.training.engine import Engine
from seqlab.training.library import Library

ROOT = Path(__file__).parents[3]


def runs_folder() -> Path:
    """Where live and uploaded runs are kept: ``SEQLAB_RUNS``, else ``runs`` beside app.py."""
    return Path(os.environ.get("SEQLAB_RUNS") or ROOT / "runs")


def shipped_folder() -> Path:
    """Where the shipped runs are: ``SEQLAB_CHECKPOINTS``, else ``checkpoints`` beside app.py."""
    return Path(os.environ.get("SEQLAB_CHECKPOINTS") or ROOT / "checkpoints")


@cache
def engine() -> Engine:
    """The one engine of this process; its workers start in the background."""
    return Engine(runs_folder())


@cache
def library() -> Library:
    """All runs: those shipped with seqlab and those made here."""
    return Library(runs_folder(), shipped_folder())


@asynccontextmanager
async def lifespan(_: Any) -> AsyncIterator[None]:
    """Start the engine with the server and end it with the server."""
    engine()
    # What was imported so far lives as long as the server; the collector need not look at it again.
    gc.freeze()
    yield
    engine().close()
