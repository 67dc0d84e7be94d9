"""A class: 30 people open the echo lab, 4 of them in Chromium, and all press Train at once.

    python -m tests.benchmarks.classroom
"""

import asyncio
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, Page

from seqlab.training import status
from seqlab.training.run import Run
from tests.benchmarks.dragging import drag
from tests.benchmarks.server import memory
from tests.benchmarks.sessions import Session
from tests.benchmarks.table import Row, show
from tests.support.chromium import browsing
from tests.support.servers import Server, serving

SOCKETS, BROWSERS = 26, 4
WARM_UP, FOLLOWED, LONGEST = 10.0, 25.0, 900.0
BUTTON = "Train a new one"


@dataclass
class Pupils:
    """The sessions without a browser; ``press`` lets them all train, and they follow their runs for a while."""

    url: str
    press: threading.Event = field(default_factory=threading.Event)
    opened: threading.Event = field(default_factory=threading.Event)
    pages: list[float] = field(default_factory=list)
    sessions: list[Session] = field(default_factory=list)

    def attend(self) -> None:
        """Open the page, press, follow; in a thread of its own."""
        asyncio.run(self._all())

    async def _all(self) -> None:
        self.sessions = [Session(self.url) for _ in range(SOCKETS)]
        here = asyncio.Semaphore(0)
        tasks = [asyncio.create_task(self._one(session, here)) for session in self.sessions]
        for _ in tasks:
            await here.acquire()
        self.opened.set()
        await asyncio.gather(*tasks)

    async def _one(self, session: Session, here: asyncio.Semaphore) -> None:
        async with session:
            self.pages.append(await session.rerun())
            here.release()
            while not self.press.is_set():
                await asyncio.sleep(0.01)
            await session.rerun(press=BUTTON)
            while not session.timers:
                await session.rerun()
            await session.follow(FOLLOWED)


@dataclass
class Moved:
    """When each run's curve had its first point and its second, and all runs' ends, in seconds from the press."""

    root: Path
    start: float = field(default_factory=time.monotonic)
    points: dict[str, list[float]] = field(default_factory=dict)

    def look(self) -> list[Run]:
        """Look once more; returns the runs."""
        runs = [Run(folder) for folder in self.root.glob("*-*") if (folder / status.FILE).exists()]
        now = time.monotonic() - self.start
        for run in runs:
            seen, count = self.points.setdefault(run.id, []), len(run.metrics()["step"])
            seen += [now] * (min(2, count) - len(seen))
        return runs

    def until(self, enough: int) -> float:
        """Seconds until so many curves have two points."""
        while sum(len(seen) == 2 for seen in self.points.values()) < enough:
            assert time.monotonic() - self.start < LONGEST, "some curves never moved"
            self.look()
            time.sleep(0.02)
        return time.monotonic() - self.start


def opened(browser: Browser, server: Server) -> Page:
    """The echo lab, drawn."""
    page = browser.new_context(viewport={"width": 1280, "height": 720}).new_page()
    page.goto(f"{server.url}/echo", timeout=120_000)
    page.get_by_role("button", name=BUTTON).wait_for(timeout=120_000)
    return page


def lesson(browser: Browser, server: Server) -> Iterator[Row]:
    """All press at once; what they see then, and how long it takes until all networks are trained."""
    pupils, pages = Pupils(server.url), [opened(browser, server) for _ in range(BROWSERS)]
    thread = threading.Thread(target=pupils.attend)
    thread.start()
    pupils.opened.wait()
    moved = Moved(server.runs)
    pupils.press.set()
    for page in pages:
        page.get_by_role("button", name=BUTTON).click(no_wait_after=True)
    everyone = moved.until(SOCKETS + BROWSERS)
    pages[0].get_by_role("slider", name="Delay", exact=True).wait_for(timeout=120_000)
    moves = drag(pages[0], "Delay")[1]
    thread.join()
    exceptions = sum(session.exceptions for session in pupils.sessions) + sum(
        page.get_by_test_id("stException").count() for page in pages)
    yield from beginnings(pupils, moved, everyone, moves, exceptions)
    for page in pages:  # a pupil's browser is on a machine of its own; here four of them would have most of two cores
        page.close()
    while any(run.status.active for run in moved.look()) and time.monotonic() - moved.start < LONGEST:
        time.sleep(0.5)
    yield from ends(moved)
    yield Row("memory of the server and its workers when all are trained", memory(server), unit="MB")


def beginnings(pupils: Pupils, moved: Moved, everyone: float, moves: list[float], exceptions: int) -> Iterator[Row]:
    """What they see in the first half minute."""
    first = [seen[0] for seen in moved.points.values()]
    answers = np.array([seconds for session in pupils.sessions for seconds in session.latencies])
    yield Row(f"{len(first)} press Train: every curve has its first point", max(first), 2.0, "at most", "s",
              f"half of them after {np.median(first):.2f} s; from the press, the pages' own work included")
    yield Row("every curve has moved", everyone, unit="s")
    yield Row("first page, all at once, p95", float(np.quantile(pupils.pages, 0.95)), unit="s",
              note=f"p50 {np.median(pupils.pages):.2f} s")
    yield Row("timed fragment while all train, p95", float(np.quantile(answers, 0.95)), unit="s",
              note=f"p50 {np.median(answers):.2f} s")
    yield Row("dragging the delay in Chromium meanwhile, p95", float(np.quantile(moves, 0.95)), 50, "at most", "ms",
              f"p50 {np.median(moves):.0f} ms")
    yield Row("exceptions", float(exceptions), 0, "at most")


def ends(moved: Moved) -> Iterator[Row]:
    """How long all of them took."""
    runs = moved.look()
    spent, ended = sum(run.status.seconds for run in runs), max(run.status.updated for run in runs)
    pressed = time.time() - (time.monotonic() - moved.start)
    yield Row("all of them trained", (ended - pressed) / 60, unit="min",
              note=f"{sum(run.status.state == 'finished' for run in runs)} finished; their own seconds of training: "
                   f"{spent:.0f} s, so {spent / 60:.1f} min one after another on one core")


def rows() -> Iterator[Row]:
    """Measure on a server of its own without shipped runs, so that each page shows its own."""
    with tempfile.TemporaryDirectory() as folder, browsing() as browser:
        (Path(folder) / "shipped").mkdir()
        with serving(Path(folder) / "runs", SEQLAB_CHECKPOINTS=f"{folder}/shipped") as server:
            time.sleep(WARM_UP)
            yield from lesson(browser, server)


if __name__ == "__main__":
    raise SystemExit(not show(list(rows())))
