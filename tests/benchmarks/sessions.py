"""A classroom: 24 sessions follow a live run over Streamlit's own protocol while two runs train.

    python -m tests.benchmarks.sessions
"""

import asyncio
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.benchmarks.table import Row, show
from tests.support.servers import serving

SESSIONS, SECONDS, WARM_UP = 24, 15.0, 10.0


class Session:
    """One browser without the browser: it opens the echo lab and re-runs its timed fragments when they are due."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.timers: dict[str, float] = {}
        self.buttons: dict[str, str] = {}
        self.asked: dict[str, float] = {}  # when each timer was due last
        self.latencies: list[float] = []
        self.exceptions = 0
        self.page = ""
        self.picture = float("nan")  # when the explorer's first picture came

    async def __aenter__(self) -> "Session":
        address = f"ws://{urlsplit(self.url).netloc}/_stcore/stream"
        self.socket = await websockets.connect(address, subprotocols=["streamlit"], max_size=None, origin=self.url)
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.socket.close()

    async def rerun(self, fragment: str = "", press: str = "") -> float:
        """Ask for a run of the page, or of one fragment, and return the seconds until it has ended."""
        start = time.monotonic()
        await self._ask(fragment, press)
        while self._read(await self.socket.recv()):
            pass
        return time.monotonic() - start

    async def _ask(self, fragment: str = "", press: str = "") -> None:
        message = BackMsg()
        script = message.rerun_script
        script.fragment_id, script.is_auto_rerun = fragment, bool(fragment)
        if fragment:
            script.page_script_hash = self.page
        else:
            script.page_name = "echo"
        if press:
            state = script.widget_states.widgets.add()
            state.id, state.trigger_value = self.buttons[press], True
        await self.socket.send(message.SerializeToString())

    def _read(self, data: str | bytes) -> bool:
        """Note what a message says of the page; whether the run goes on."""
        message = ForwardMsg()
        message.ParseFromString(data)
        kind = message.WhichOneof("type")
        if kind == "navigation":
            self.page = message.navigation.page_script_hash
        elif kind == "auto_rerun":
            self.timers[message.auto_rerun.fragment_id] = message.auto_rerun.interval
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            element = message.delta.new_element
            self.exceptions += element.WhichOneof("type") == "exception"
            if element.bidi_component.component_name.endswith("explorer") and np.isnan(self.picture):
                self.picture = time.monotonic()  # the frame around the page is a component too
            if element.WhichOneof("type") == "button":
                self.buttons[element.button.label] = element.button.id
        return kind != "script_finished"

    async def follow(self, seconds: float) -> None:
        """Ask whenever a timer of the page is due, as a browser does, and note how long each answer took.

        A timer that the server has nothing new for has no answer.
        """
        timers = [asyncio.create_task(self._tick(fragment, every)) for fragment, every in self.timers.items()]
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._listen()
        for timer in timers:
            timer.cancel()

    async def _tick(self, fragment: str, every: float) -> None:
        while True:
            await asyncio.sleep(every)
            self.asked[fragment] = time.monotonic()
            await self._ask(fragment)

    async def _listen(self) -> None:
        """Read what comes; an answer is counted from the last time that its timer was due."""
        fragment = ""
        while True:
            data = await self.socket.recv()
            message = ForwardMsg.FromString(data)
            fragment = message.delta.fragment_id or fragment
            if not self._read(data) and fragment:
                self.latencies.append(time.monotonic() - self.asked.get(fragment, time.monotonic()))
                fragment = ""


async def newcomer(url: str) -> float:
    """Seconds until the server has sent a new session its first picture."""
    async with Session(url) as session:
        start = time.monotonic()
        await session.rerun()
        return session.picture - start


async def classroom(url: str) -> list[Session]:
    """Start two runs and let all sessions follow the newer one."""
    async with Session(url) as teacher:
        await teacher.rerun()
        for _ in range(2):
            await teacher.rerun(press="Train a new one")
            await asyncio.sleep(WARM_UP / 2)  # the first picture and the curves of each are there by then
    sessions = [Session(url) for _ in range(SESSIONS)]

    async def attend(session: Session) -> None:
        async with session:
            await session.rerun()
            assert session.timers, "the page does not follow a live run"
            await session.follow(SECONDS)

    await asyncio.gather(*map(attend, sessions))
    return sessions


def rows() -> Iterator[Row]:
    """Measure on a server of its own that has no shipped runs, so that the page opens with the newest live one."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "shipped").mkdir()
        with serving(Path(folder) / "runs", SEQLAB_CHECKPOINTS=f"{folder}/shipped") as server:
            sessions = asyncio.run(classroom(server.url))
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder) / "runs") as server:
        time.sleep(WARM_UP)
        pictures = [asyncio.run(newcomer(server.url)) for _ in range(10)]
    yield Row("a new session's first picture has left the server", float(np.median(pictures)), 0.7, "at most", "s",
              "without a browser; an empty Streamlit page takes Chromium about a second on two cores")
    latencies = np.array([seconds for session in sessions for seconds in session.latencies])
    yield Row(f"{SESSIONS} sessions polling while two runs train, p95", float(np.quantile(latencies, 0.95)), 0.5,
              "at most", "s", f"p50 {np.quantile(latencies, 0.5):.3f} s, {len(latencies) / SECONDS:.0f} runs/s")
    yield Row("exceptions seen by them", float(sum(session.exceptions for session in sessions)), 0, "at most")


if __name__ == "__main__":
    raise SystemExit(not show(list(rows())))
