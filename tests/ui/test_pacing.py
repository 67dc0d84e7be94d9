"""Timers of pages: what the server lets through, and what it answers by doing nothing."""

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from seqlab.errors import Fault
from seqlab.ui.shell import pacing

NAME = pacing.HEADER.decode()


class Tab:
    """A page behind one socket, with parts that a test draws; ``now`` is the clock's time."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now, self.headers, self.passed = 100.0, dict[str, str](), list[str]()
        self._inbox: list[dict[str, Any]] = []
        self._monkeypatch = monkeypatch
        clock = SimpleNamespace(monotonic=lambda: self.now, thread_time=lambda: self.spent)
        self.spent = 0.0
        monkeypatch.setattr(pacing, "time", clock)
        monkeypatch.setattr(pacing, "st", SimpleNamespace(context=SimpleNamespace(headers=self.headers)))

    def draw(self, part: str, news: Callable[[], object], cost: float = 0.0) -> None:
        """Draw a part as Streamlit does, which takes ``cost`` seconds."""
        self._monkeypatch.setattr(pacing, "ThreadState", SimpleNamespace(
            get=lambda: SimpleNamespace(fragment_id=part)))

        def spend() -> None:
            self.spent += cost
        pacing.paced(spend, news)()

    async def opened(self, story: Callable[[Callable[[bytes], Any]], Any], sent: str = "") -> None:
        """Tell a story inside an open socket: it is given what sends a message and says whether that went through."""
        async def app(scope: Any, receive: Any, send: Any) -> None:
            self.headers |= {key.decode(): value.decode() for key, value in scope["headers"]}

            async def through(data: bytes) -> bool:
                self._inbox += [{"type": "websocket.receive", "bytes": data}, {"type": "websocket.disconnect"}]
                passed = (await receive())["type"] == "websocket.receive"
                self._inbox.clear()
                return passed
            await story(through)

        async def receive() -> dict[str, Any]:
            return self._inbox.pop(0)
        scope = {"type": "websocket", "path": pacing.STREAM, "headers": [(pacing.HEADER, sent.encode())]}
        await pacing.Pacing(app)(scope, receive, None)  # type: ignore[arg-type]


@pytest.fixture
def tab(monkeypatch: pytest.MonkeyPatch) -> Tab:
    return Tab(monkeypatch)


def due(part: str) -> bytes:
    """What a browser sends when a part's timer is due."""
    message = BackMsg()
    message.rerun_script.fragment_id, message.rerun_script.is_auto_rerun = part, True
    return bytes(message.SerializeToString())


def test_a_part_is_drawn_anew_when_there_is_news_and_only_then(tab: Tab) -> None:
    async def story(through: Any) -> None:
        said = 1
        tab.draw("curves", lambda: said)
        tab.now += 1.0
        assert not await through(due("curves"))
        said = 2
        assert await through(due("curves"))
        tab.draw("curves", lambda: said)
        tab.now += 1.0
        assert not await through(due("curves"))
        tab.now += pacing.LONGEST
        assert await through(due("curves")), "what is known of a part may not be all"
    asyncio.run(tab.opened(story))


def test_only_timers_are_held_back(tab: Tab) -> None:
    async def story(through: Any) -> None:
        tab.draw("curves", lambda: 1)
        tab.now += 1.0
        pressed = BackMsg()
        pressed.rerun_script.fragment_id = "curves"
        assert await through(pressed.SerializeToString())
        assert await through(b"\xff\xffno message")
        assert await through(due("a part that nobody paces"))
    asyncio.run(tab.opened(story))


def test_a_run_that_is_gone_is_news(tab: Tab) -> None:
    async def story(through: Any) -> None:
        there = True

        def news() -> str:
            if not there:
                raise Fault("It was deleted.")
            return "there"
        tab.draw("curves", news)
        tab.now += 1.0
        there = False
        assert await through(due("curves"))
    asyncio.run(tab.opened(story))


def test_many_pages_wait_longer_so_that_all_timers_together_leave_time_for_hands(tab: Tab) -> None:
    async def story(through: Any) -> None:
        news = iter(range(10**6))
        parts, cost = [f"part {number}" for number in range(20)], 0.042
        for part in parts:
            tab.draw(part, lambda: next(news), cost)
        passed, tab_seconds = 0, 10.0
        for _ in range(int(tab_seconds / 0.5)):
            tab.now += 0.5
            for part in parts:
                if await through(due(part)):
                    passed += 1
                    tab.draw(part, lambda: next(news), cost)
        assert passed * (cost + pacing.BESIDE) <= pacing.SHARE * tab_seconds * 1.01
        assert passed >= 4 * len(parts), "each has its turn"
    asyncio.run(tab.opened(story))


def test_a_part_alone_is_drawn_at_every_news(tab: Tab) -> None:
    async def story(through: Any) -> None:
        news = iter(range(10**6))
        for _ in range(5):
            tab.draw("curves", lambda: next(news), 0.03)
            tab.now += 0.4
            assert await through(due("curves"))
    asyncio.run(tab.opened(story))


def test_what_a_browser_says_of_its_socket_counts_for_nothing(tab: Tab) -> None:
    async def story(through: Any) -> None:
        assert tab.headers[NAME] != "another's"
    asyncio.run(tab.opened(story, sent="another's"))


def test_a_socket_that_is_closed_is_forgotten(tab: Tab) -> None:
    async def story(through: Any) -> None:
        tab.draw("curves", lambda: 1)
        assert pacing._timers(tab.now) == 1
    asyncio.run(tab.opened(story))
    assert pacing._timers(tab.now) == 0


def test_nothing_is_known_of_a_part_whose_timer_has_ended(tab: Tab) -> None:
    async def story(through: Any) -> None:
        tab.draw("curves of an old run", lambda: 1)
        tab.draw("curves", lambda: 1)
        for _ in range(int(2 * pacing.GONE)):
            tab.now += 1.0
            await through(due("curves"))
        tab.draw("curves", lambda: 1)
        socket, = pacing._sockets.values()
        assert list(socket.parts) == ["curves"]
        assert await through(due("curves of an old run")), "one that is not known is drawn"
    asyncio.run(tab.opened(story))
