"""What a server has ready before anybody asks."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from seqlab.ui.shell import navigation, services, starting


def test_the_pages_are_there_before_the_first_browser_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    said = list[str]()

    @asynccontextmanager
    async def engine(app: object) -> AsyncIterator[None]:
        said.append("begins")
        yield
        said.append("ends")

    async def life() -> None:
        async with starting.lifespan(None):
            while not navigation._found.cache_info().currsize:
                await asyncio.sleep(0.01)
            said.append("ready")

    monkeypatch.setattr(services, "lifespan", engine)
    navigation._found.cache_clear()
    asyncio.run(asyncio.wait_for(life(), 60))
    assert said == ["begins", "ready", "ends"]
