"""What the pages of a class ask of the server beside Streamlit: the stream of news, answers, and the teacher's hand.

It stands behind the door, which says who asks, so nobody who has not joined comes here.
"""

import asyncio
import json
import re
import signal
import threading
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from seqlab.classroom import room
from seqlab.classroom.board import Address, Board, Pointer, board_of
from seqlab.classroom.listening import Listener
from seqlab.classroom.person import Person
from seqlab.classroom.room import Room
from seqlab.classroom.rounds import table
from seqlab.errors import Fault
from seqlab.files import parse_json
from seqlab.ui.shell.door import inside
from seqlab.ui.shell.follow import checked_place

PREFIX = "/class/"
BEAT = 15.0  # seconds between two signs of life: no proxy takes the stream for dead, no page for lost
MOST_BYTES = 20_000
_VERSION = re.compile(r"\d{1,15}")
_STREAM = {"cache-control": "no-store", "x-accel-buffering": "no"}  # a proxy must not keep news back
_TEACHERS = Fault("Only the teacher can do this.")


class _Given(BaseModel):
    """Base of what a page sends: exactly its fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class _Place(_Given):
    at: Address | None


class _Point(_Given):
    at: Pointer | None


class _Freeze(_Given):
    frozen: bool


class _Answer(_Given):
    round: int = Field(ge=0)
    answer: str = Field(max_length=1000)


class _Nothing(_Given):
    pass


@dataclass(frozen=True)
class _Call:
    """One thing that a page can ask for: what it sends, who may, and what is done."""

    given: type[_Given]
    do: Callable[[Board, Person, Any], None]
    teachers: bool = True


def _show(board: Board, person: Person, given: _Place) -> None:
    board.show(None if given.at is None else checked_place(given.at))


def _at(board: Board, person: Person, given: _Place) -> None:
    if given.at is not None:
        board.moved(person, given.at)


CALLS: Mapping[str, _Call] = {
    "show": _Call(_Place, _show),
    "point": _Call(_Point, lambda board, person, given: board.point(given.at)),
    "freeze": _Call(_Freeze, lambda board, person, given: board.freeze(given.frozen)),
    "over": _Call(_Nothing, lambda board, person, given: board.take_down()),
    "answer": _Call(_Answer, lambda board, person, given: board.answer(person, given.round, given.answer), False),
    "at": _Call(_Place, _at, False)}


class ClassRoutes:
    """Middleware that answers everything below ``/class/`` where the server has a class."""

    def __init__(self, app: ASGIApp) -> None:
        self._app, self._watched = app, False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        name = inside(scope).removeprefix(PREFIX) if scope["type"] == "http" else ""
        person, here = scope.get("state", {}).get("person"), room.current() if name else None
        if here is None or person is None or not inside(scope).startswith(PREFIX):
            await self._app(scope, receive, send)
            return
        try:
            answer = await self._answer(here, person, name, Request(scope, receive))
        except Fault as fault:
            answer = _said(str(fault), 409)
        await answer(scope, receive, send)

    async def _answer(self, here: Room, person: Person, name: str, request: Request) -> Response:
        board = board_of(here.folder)
        if request.method == "GET" and name == "events":
            self._watch()
            return _stream(board.listen(person, _since(request)), here, request)
        if request.method == "GET" and name == "answers.csv" and person.teaches:
            return _results(here, board)
        if request.method == "POST" and (call := CALLS.get(name)):
            return await _done(call, board, person, request)
        return _said("There is nothing of the class under this address.", 404)

    def _watch(self) -> None:
        """End the streams when the server is asked to stop: it would wait for them."""
        if self._watched or threading.current_thread() is not threading.main_thread():
            return
        self._watched = True
        for number in (signal.SIGINT, signal.SIGTERM):
            before = signal.getsignal(number)

            def stop(signum: int, frame: Any, before: Any = before) -> None:
                here = room.current()
                if here is not None:
                    board_of(here.folder).close()
                if callable(before):
                    before(signum, frame)

            signal.signal(number, stop)


def _stream(listener: Listener, here: Room, request: Request) -> Response:
    async def news() -> AsyncIterator[str]:
        with listener:
            yield "retry: 2000\n\n"
            while not listener.ended:
                parts = listener.news()
                if parts:
                    yield f"id: {listener.version}\ndata: {json.dumps(parts)}\n\n"
                if await listener.wait(BEAT):
                    continue
                yield "event: beat\ndata:\n\n"
                if here.person_of(request.cookies) is None:  # taken out of the class
                    return
                here.roster.seen(listener.person)

    return StreamingResponse(news(), media_type="text/event-stream", headers=_STREAM)


async def _done(call: _Call, board: Board, person: Person, request: Request) -> Response:
    if call.teachers and not person.teaches:
        raise _TEACHERS
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise Fault("This came from another website, so nothing was done.")
    try:
        given = call.given.model_validate(parse_json(await _body(request)))
    except (ValidationError, ValueError):
        raise Fault("The page sent something that cannot be read; reload it and try again.") from None
    await asyncio.to_thread(call.do, board, person, given)
    return _said("", 200)


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            raise Fault("This is far too long; send something shorter.")
    return bytes(body)


def _results(here: Room, board: Board) -> Response:
    names = {member.person.id: member.person.nickname for member in here.roster.members()}
    return Response(table(board.rounds(), names), media_type="text/csv; charset=utf-8",
                    headers={"content-disposition": 'attachment; filename="answers.csv"', "cache-control": "no-store"})


def _since(request: Request) -> int:
    """The version that a page has seen: the browser says it when it comes back by itself, the page when it woke up."""
    given = request.headers.get("last-event-id") or request.query_params.get("since", "")
    return int(given) if _VERSION.fullmatch(given) else 0


def _said(sentence: str, status: int) -> Response:
    return JSONResponse({"said": sentence}, status, headers={"cache-control": "no-store"})


CLASS = Middleware(ClassRoutes)
