"""Somebody's browser that listens to the class's board, from the server's event loop."""

import asyncio
from collections.abc import Callable
from typing import Any

from seqlab.classroom.person import Person

News = tuple[int, dict[str, Any]]


class Listener:
    """What one page of a person has seen of the board; it costs nothing while nothing changes.

    A block of its own ends it: ``with board.listen(person) as listener``. It belongs to the event loop that made it;
    ``wake`` and ``end`` may be called from any thread.
    """

    def __init__(self, person: Person, since: int, read: Callable[[Person, int], News],
                 leave: Callable[["Listener"], None]) -> None:
        self.person, self.version, self.ended = person, since, False
        self._read, self._leave = read, leave
        self._loop, self._news = asyncio.get_running_loop(), asyncio.Event()

    def __enter__(self) -> "Listener":
        return self

    def __exit__(self, *error: object) -> None:
        self._leave(self)

    def news(self) -> dict[str, Any]:
        """What has changed since this was called last, by part; the version goes with it."""
        self._news.clear()
        self.version, news = self._read(self.person, self.version)
        return news

    async def wait(self, seconds: float) -> bool:
        """Wait for something new; whether there was any in time."""
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            return False
        return True

    def wake(self) -> None:
        """Say that something has changed."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._news.set)

    def later(self, seconds: float, do: Callable[[], None]) -> None:
        """Have something done in a while, unless the server stops before."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._loop.call_later, seconds, do)

    def end(self) -> None:
        """Say that the server stops."""
        self.ended = True
        self.wake()
