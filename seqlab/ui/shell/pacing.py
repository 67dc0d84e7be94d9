"""Timed parts of pages: one is drawn anew when there is news of what it shows, and no more often than the server can.

The browser asks whenever a part's timer is due; here, before Streamlit, most of that is answered by doing nothing.
"""

import secrets
import time
from collections.abc import Callable, Hashable
from contextlib import suppress
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec
from weakref import WeakValueDictionary

import streamlit as st
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.runtime.scriptrunner_utils.script_run_context import ThreadState

from seqlab.errors import Fault
from seqlab.ui.shell.crowd import STREAM
from seqlab.ui.shell.door import inside

P = ParamSpec("P")
News = Callable[[], Hashable]

HEADER = b"x-seqlab-socket"  # tells a script through which socket its page asks; whatever a browser sends is taken out
SHARE = 0.5  # of a core, for all that timers ask for: the rest is for hands
BESIDE = 0.008  # seconds that Streamlit takes for a part beside what the part itself takes
LONGEST = 5.0  # seconds after which a part is drawn whatever is known of it
FORGOTTEN = 10.0  # seconds without a question after which a timer is none any more
GONE = 120.0  # and after which nothing is known of it: a hidden page asks once a minute


@dataclass
class _Part:
    """A timed part of one page: what was known when it was drawn last, when that was, and what it cost."""

    news: News
    seen: Hashable
    drawn: float
    asked: float
    cost: float = 0.0


class _Socket:
    """The timed parts of the page behind one socket, by Streamlit's ids of them."""

    def __init__(self) -> None:
        self.parts: dict[str, _Part] = {}

    def keep(self, id: str, part: _Part) -> None:
        """Note how a part was drawn, and let go of those whose timers have ended, with the runs that they show."""
        since = part.asked - GONE
        self.parts = {known: one for known, one in self.parts.items() if one.asked > since} | {id: part}

    def lets(self, id: str) -> bool:
        """Whether a part is drawn anew now; one that is not known here always is."""
        part, now = self.parts.get(id), time.monotonic()
        if part is None:
            return True
        part.asked = now
        waited = now - part.drawn
        if waited < min(LONGEST, part.cost * _timers(now) / SHARE) or (waited < LONGEST and _known(part)):
            return False
        part.drawn = now  # further questions wait until it has been
        return True


_sockets: WeakValueDictionary[str, _Socket] = WeakValueDictionary()


def paced(draw: Callable[P, None], news: News) -> Callable[P, None]:
    """Have a timed part of a page drawn only where ``news`` says something else than at the last time.

    To be made a fragment of. ``news`` is asked outside of any page, often: it should cost no more than a look at files.
    """
    @wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> None:
        id, socket = ThreadState.get().fragment_id, _sockets.get(st.context.headers.get(HEADER.decode(), ""))
        if id is None or socket is None:
            draw(*args, **kwargs)
            return
        seen, began = _said(news), time.thread_time()
        try:
            draw(*args, **kwargs)
        finally:
            now = time.monotonic()
            socket.keep(id, _Part(news, seen, now, now, time.thread_time() - began + BESIDE))
    return drawn


class Pacing:
    """Middleware that lets a page's timers through to Streamlit where there is something to draw."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or hold one socket."""
        if scope["type"] != "websocket" or inside(scope) != STREAM:
            await self._app(scope, receive, send)
            return
        socket, name = _Socket(), secrets.token_hex(8)
        _sockets[name] = socket
        headers = [pair for pair in scope["headers"] if pair[0].lower() != HEADER]

        async def due() -> Message:
            while True:
                message = await receive()
                timed = _timed(message)
                if timed is None or socket.lets(timed):
                    return message

        await self._app({**scope, "headers": [*headers, (HEADER, name.encode())]}, due, send)


def _timed(message: Message) -> str | None:
    """The part that a page asks for because its timer is due; None where it asks for something else."""
    asked = BackMsg()
    with suppress(DecodeError):  # Streamlit says what it thinks of it
        asked.ParseFromString(message.get("bytes") or b"")
    return asked.rerun_script.fragment_id if asked.rerun_script.is_auto_rerun else None


def _timers(now: float) -> int:
    return sum(now - part.asked < FORGOTTEN for socket in list(_sockets.values()) for part in list(
        socket.parts.values()))


def _known(part: _Part) -> bool:
    return _said(part.news) == part.seen


def _said(news: News) -> Hashable:
    """What is known; that there is nothing any more is news, too."""
    try:
        return news()
    except (Fault, OSError) as gone:
        return str(gone)


PACING = Middleware(Pacing)
