"""A class that stays: 26 sessions follow the newest run, train in turn, and the server's memory is read each minute.

    python -m tests.benchmarks.lasting
    python -m tests.benchmarks.lasting --minutes 2
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from seqlab.training import status
from seqlab.training.run import Run
from tests.benchmarks.server import memory
from tests.benchmarks.sessions import Session
from tests.benchmarks.table import Row, show
from tests.support.servers import Server, serving

SOCKETS, MINUTES, AT_ONCE = 26, 10, 4
MINUTE, WARM_UP, LOOK = 60.0, 10.0, 4.0  # seconds; each session looks whether it is its turn every LOOK seconds
SETTLED = 3  # minutes after which a class has all pages, workers and caches that it will have
GROWTH = 1.15  # of what it was then, at the end
BUTTON = "Train a new one"


@dataclass
class Class:
    """Whose turn it is to train; a session presses when it is its own, and fewer than AT_ONCE networks train."""

    server: Server
    end: float
    turn: int = 0
    sessions: list[Session] = field(default_factory=list)
    read: list[float] = field(default_factory=list)  # MB at the end of each minute

    def runs(self) -> list[Run]:
        """All runs so far."""
        return [Run(folder) for folder in self.server.runs.glob("*-*") if (folder / status.FILE).exists()]

    async def attend(self, place: int) -> None:
        """Open the page, follow what trains, and train when it is one's turn, to the end."""
        async with Session(self.server.url) as session:
            self.sessions.append(session)
            await session.rerun()
            while time.monotonic() < self.end:
                if self.turn % SOCKETS == place and sum(run.status.active for run in self.runs()) < AT_ONCE:
                    self.turn += 1
                    await session.rerun(press=BUTTON)
                await session.follow(LOOK)

    async def watch(self) -> None:
        """Read the memory of the server and its workers at the end of each minute."""
        while time.monotonic() < self.end:
            await asyncio.sleep(MINUTE)
            self.read.append(await asyncio.to_thread(memory, self.server))
            print(f"minute {len(self.read)}: {self.read[-1]:.0f} MB, {len(self.runs())} runs", file=sys.stderr)

    async def stay(self) -> None:
        """All of it."""
        await asyncio.gather(self.watch(), *map(self.attend, range(SOCKETS)))


def rows(minutes: int = MINUTES) -> Iterator[Row]:
    """Measure on a server of its own without shipped runs, so that each page shows the newest one."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "shipped").mkdir()
        with serving(Path(folder) / "runs", SEQLAB_CHECKPOINTS=f"{folder}/shipped") as server:
            time.sleep(WARM_UP)
            before = memory(server)
            lesson = Class(server, time.monotonic() + minutes * MINUTE)
            asyncio.run(lesson.stay())
            states = [run.status.state for run in lesson.runs()]
    yield Row("memory before anybody came", before, unit="MB")
    for minute, megabytes in enumerate(lesson.read, 1):
        yield Row(f"memory of {SOCKETS} sessions that train in turn, minute {minute}", megabytes, unit="MB")
    first = lesson.read[min(SETTLED, len(lesson.read)) - 1]
    yield Row("the last minute against the third", lesson.read[-1] / first, GROWTH, "at most",
              note=f"{len(states)} runs, {states.count('finished')} finished, one server")
    yield Row("exceptions seen by them", float(sum(session.exceptions for session in lesson.sessions)), 0, "at most")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=int, default=MINUTES, help="how long the class stays")
    raise SystemExit(not show(list(rows(parser.parse_args().minutes))))
