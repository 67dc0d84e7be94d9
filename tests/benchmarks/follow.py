"""A teacher and 30 followers: how long after the teacher's move a pupil's picture has left the server, or stands there.

    python -m tests.benchmarks.follow
"""

import asyncio
import json
import tempfile
import time
import urllib.request
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import numpy as np
import websockets
from playwright.async_api import Browser, Page, async_playwright
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.typing import Origin, Subprotocol

from seqlab.classroom import secrets, token
from seqlab.classroom.person import TEACHER, Person
from seqlab.classroom.roster import Roster
from tests.benchmarks.table import Row, show
from tests.support.browser import PHONE
from tests.support.chromium import QUIET, executable
from tests.support.servers import serving

SOCKETS, TABS, PAUSE = 28, 2, 4.0
WORDS = ("kayak", "banana", "zigzag", "rhythm", "pizza", "sphinx", "jukebox", "quick")


class Follower:
    """A pupil's browser without the browser: it listens, and asks for the page again when the teacher has moved."""

    def __init__(self, url: str, cookie: str) -> None:
        self.url, self.cookie = url, cookie
        self.seen: dict[str, float] = {}  # when the picture of a word had come
        self.exceptions = 0

    async def attend(self, ready: asyncio.Event) -> None:
        """Open the page and follow until cancelled."""
        address = f"ws://{urlsplit(self.url).netloc}/_stcore/stream"
        async with websockets.connect(address, subprotocols=[Subprotocol("streamlit")],
                                      max_size=None, origin=Origin(self.url),
                                      additional_headers={"cookie": self.cookie}) as socket:
            await self._page(socket, "")
            async for line in news(self.url, self.cookie):
                ready.set()
                if '"query": "word=' in line:
                    word = line.rpartition('"query": "word=')[2].partition('"')[0]
                    await self._page(socket, urlencode({"word": word}))
                    self.seen[word] = time.monotonic()

    async def _page(self, socket: websockets.ClientConnection, query: str) -> None:
        """Ask for the page as a browser does that goes to an address; return when the picture has come."""
        message = BackMsg()
        script = message.rerun_script
        script.page_name, script.query_string, script.is_history_navigation = "echo", query, bool(query)
        await socket.send(message.SerializeToString())
        while True:
            answer = ForwardMsg()
            data = await socket.recv()
            assert isinstance(data, bytes)
            answer.ParseFromString(data)
            if answer.WhichOneof("type") == "delta":
                self.exceptions += answer.delta.new_element.WhichOneof("type") == "exception"
            if answer.WhichOneof("type") == "script_finished":
                return


async def news(url: str, cookie: str) -> AsyncIterator[str]:
    """The lines of the class's stream."""
    where = urlsplit(url)
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    writer.write(f"GET /class/events HTTP/1.1\r\nHost: {where.netloc}\r\nCookie: {cookie}\r\n\r\n".encode())
    try:
        while line := await reader.readline():
            yield line.decode()
    finally:
        writer.close()


def move(url: str, teacher: str, word: str) -> None:
    """What the teacher's page sends when it has another word."""
    given = json.dumps({"at": {"page": "echo", "query": f"word={word}"}}).encode()
    with urllib.request.urlopen(urllib.request.Request(f"{url}/class/show", given, {"cookie": teacher})) as answer:
        assert answer.status == 200


async def phone(browser: Browser, url: str, cookie: str) -> Page:
    """A pupil's phone on the page that the teacher shows."""
    context = await browser.new_context(**PHONE)
    name, _, value = cookie.partition("=")
    await context.add_cookies([{"name": name, "value": value, "url": url}])
    page = await context.new_page()
    await page.goto(f"{url}/echo")
    await page.locator(".explorer[data-id]").wait_for(timeout=120_000)
    return page


async def watched(page: Page, before: str) -> float:
    """When a picture of another word stands on a phone."""
    while await page.locator(".explorer").get_attribute("data-id") == before:
        await asyncio.sleep(0.01)
    return time.monotonic()


async def lesson(url: str, cookies: list[str], teacher: str) -> tuple[list[float], list[float], int]:
    """Move the teacher through words; the seconds of all sockets and all phones, and the exceptions."""
    sockets, phones = [], []
    async with async_playwright() as play:
        browser = await play.chromium.launch(executable_path=executable(), args=QUIET)
        tabs = [await phone(browser, url, cookie) for cookie in cookies[SOCKETS:]]
        pupils = [Follower(url, cookie) for cookie in cookies[:SOCKETS]]
        ready = [asyncio.Event() for _ in pupils]
        tasks = [asyncio.create_task(one.attend(event)) for one, event in zip(pupils, ready, strict=True)]
        await asyncio.gather(*(event.wait() for event in ready))
        for word in WORDS:
            before = [await page.locator(".explorer").get_attribute("data-id") or "" for page in tabs]
            start = time.monotonic()
            await asyncio.to_thread(move, url, teacher, word)
            phones += [end - start for end in await asyncio.gather(*map(watched, tabs, before))]
            while not all(word in one.seen for one in pupils):
                await asyncio.sleep(0.02)
            sockets += [one.seen[word] - start for one in pupils]
            await asyncio.sleep(PAUSE)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await browser.close()
    return sockets, phones, sum(one.exceptions for one in pupils)


def rows() -> Iterator[Row]:
    """Measure on a server of its own with a class of 30."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        keys = secrets.make(folder / "class")
        people = Roster(folder / "class", keys)

        def cookie(person: Person) -> str:
            return f"{keys.cookie}={token.make(keys, person)}"

        cookies = [cookie(people.join(f"Pupil {k}")[0]) for k in range(SOCKETS + TABS)]
        with serving(folder / "runs", SEQLAB_CLASS=str(folder / "class")) as server:
            sockets, phones, exceptions = asyncio.run(lesson(server.url, cookies, cookie(TEACHER)))
    for label, seconds in ((f"{SOCKETS} sockets have the picture", sockets), (f"{TABS} phones show it", phones)):
        yield Row(f"after the teacher's move, {label}, p95", float(np.quantile(seconds, 0.95)), 2.0, "at most", "s",
                  f"p50 {np.quantile(seconds, 0.5):.2f} s, {len(WORDS)} words, {SOCKETS + TABS} followers")
    yield Row("exceptions seen by them", exceptions, 0, "at most")


if __name__ == "__main__":
    raise SystemExit(not show(list(rows())))
