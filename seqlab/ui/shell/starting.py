"""What a server does when it starts, beside its engine: it has its pages ready before the first browser asks."""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from seqlab.ui.shell import services
from seqlab.ui.shell.navigation import pages


@asynccontextmanager
async def lifespan(app: object) -> AsyncIterator[None]:
    """Start and end the engine with the server; pages are imported while a browser loads its part."""
    async with services.lifespan(app):
        loading = asyncio.create_task(asyncio.to_thread(_load))
        yield
        await asyncio.wait([loading])


def _load() -> None:
    """Import every page; the collector need not look at them again."""
    pages()
    gc.freeze()
