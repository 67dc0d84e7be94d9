"""The door of a class: nobody sees a page, a file or a socket of this server who has not joined.

Without a class it lets everybody through. All its links are relative, so that they hold under any base path and proxy.
"""

import asyncio
import re
from collections.abc import Mapping
from urllib.parse import parse_qs

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from seqlab.classroom import room, secrets, token
from seqlab.classroom.attempts import Attempts
from seqlab.classroom.invitation import invitation
from seqlab.classroom.person import TEACHER, Person
from seqlab.classroom.room import Room
from seqlab.errors import Fault
from seqlab.ui.shell.follow import TEACHERS_PAGE
from seqlab.ui.shell.invite_page import inviting
from seqlab.ui.shell.join_page import Typed, joining, leaving, refusing

DOORS = ("/join", "/teach", "/leave", "/invite")
HEALTH = ("/_stcore/health", "/_stcore/script-health-check")
MOST_BYTES = 500_000  # of a form; a nickname of 10,000 emoji is answered in a sentence of its own
_PAGE = re.compile(r"[A-Za-z0-9_-]{0,60}(\?[!-~]{0,1500})?")
_LOOPBACK = ("127.0.0.1", "::1")
_ELSEWHERE = Fault("This form came from another website, so nothing was done; open the page of your class and try "
                   "again.")


class Door:
    """Middleware that answers ``/join``, ``/teach``, ``/leave`` and ``/invite``, and lets through who has joined."""

    def __init__(self, app: ASGIApp) -> None:
        self._app, self._attempts = app, Attempts()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request or socket."""
        if scope["type"] not in ("http", "websocket") or secrets.folder() is None or inside(scope) in HEALTH:
            await self._app(scope, receive, send)
            return
        try:
            here = room.current()
            assert here is not None  # there is a folder
            person = here.person_of(HTTPConnection(scope).cookies)
        except Fault as fault:  # a class whose secrets are gone lets nobody in
            await _refuse(scope, receive, send, PlainTextResponse(str(fault), 503))
            return
        answer = await self._answer(here, person, Request(scope, receive)) if scope["type"] == "http" else None
        if answer is not None:
            await answer(scope, receive, send)
        elif person is None:
            await _refuse(scope, receive, send, _unknown(scope))
        else:
            here.roster.seen(person)
            scope.setdefault("state", {})["person"] = person
            await self._app(scope, receive, send)

    async def _answer(self, here: Room, person: Person | None, request: Request) -> Response | None:
        """Answer what is for the door itself; None for everything else."""
        doors = dict(zip(DOORS, (self._join, self._teach, self._leave, self._invite), strict=True))
        door = doors.get(inside(request.scope))
        if door is None or request.method not in ("GET", "HEAD", "POST"):
            return None
        if request.method == "POST" and request.headers.get("sec-fetch-site", "same-origin") == "cross-site":
            return HTMLResponse(refusing(str(_ELSEWHERE)), 403)
        return await door(here, person, request)

    async def _join(self, here: Room, person: Person | None, request: Request) -> Response:
        if request.method != "POST":
            typed = _typed(dict(request.query_params))
            return RedirectResponse(f"./{typed.wanted}", 303) if person else HTMLResponse(joining(typed))
        typed = Typed()
        try:
            typed = _typed(await _form(request))
            joined = await self._enter(here, typed, caller(request))
        except Fault as fault:
            return HTMLResponse(joining(typed, fault=str(fault)), 403)
        return _with_cookie(here, joined, request, f"./{typed.wanted}")

    async def _enter(self, here: Room, typed: Typed, address: str) -> Person:
        """Take in who knows the code, or who has been here before; raises Fault."""
        await self._attempts.turn(address)
        if typed.back:
            joined = await asyncio.to_thread(here.roster.back, typed.back)
        else:
            if not secrets.same_code(typed.code, here.keys.code):
                raise Fault("This is not the code of this class; look at the teacher's screen again." if typed.code
                            else "Type the code of the class; the teacher shows it.")
            self._attempts.right(address)
            joined, _ = await asyncio.to_thread(here.roster.join, typed.nickname)
            return joined
        self._attempts.right(address)
        return joined

    async def _teach(self, here: Room, person: Person | None, request: Request) -> Response:
        try:
            await self._attempts.turn(caller(request))
        except Fault as fault:
            return HTMLResponse(refusing(str(fault)), 429)
        if not secrets.same(request.query_params.get("key", ""), here.keys.teacher):
            return HTMLResponse(refusing("This is not the teacher's link of this class; it may be of an older one. "
                                         "Whoever started the server sees the right one there."), 403)
        self._attempts.right(caller(request))
        return _with_cookie(here, TEACHER, request, f"./{TEACHERS_PAGE}")

    async def _leave(self, here: Room, person: Person | None, request: Request) -> Response:
        if person is None:
            return RedirectResponse("./join", 303)
        if request.method != "POST":
            code = "" if person.teaches else here.roster.return_code(person)
            return HTMLResponse(leaving(person.nickname, code))
        answer = RedirectResponse("./join", 303)
        answer.set_cookie(here.keys.cookie, max_age=0, path=None)
        return answer

    async def _invite(self, here: Room, person: Person | None, request: Request) -> Response | None:
        if person is None:
            return None
        if not person.teaches:
            return HTMLResponse(refusing("The teacher alone shows the code of the class."), 403)
        return HTMLResponse(inviting(invitation(here.keys, f"{request.base_url}".rstrip("/") + _base())))


def inside(scope: Scope) -> str:
    """The path of a request below the base path that the server was started with."""
    path, base = str(scope["path"]), _base()
    return path.removeprefix(base) or "/" if base and (path == base or path.startswith(f"{base}/")) else path


def caller(request: Request) -> str:
    """The address of who asks; a proxy on this machine says whom it speaks for."""
    address = request.client.host if request.client else ""
    named = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    return named if named and address in _LOOPBACK else address


def _base() -> str:
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}" if base else ""


def _unknown(scope: Scope) -> Response:
    """What somebody gets who has not joined: the form where a browser opens a page, else a sentence."""
    request = HTTPConnection(scope)
    opens = scope.get("method") in ("GET", "HEAD") and "text/html" in request.headers.get("accept", "")
    if not opens:
        return PlainTextResponse("Join the class first: open the first page of this server.", 401)
    path = inside(scope)
    if _base() and scope["path"] == _base():  # relative links need the slash at the end
        return RedirectResponse(f"{_base().rpartition('/')[2]}/", 303)
    query = f"?{request.url.query}" if request.url.query else ""
    return HTMLResponse(joining(Typed(wanted=_page(f"{path.lstrip('/')}{query}")), "../" * (path.count("/") - 1)), 401)


async def _refuse(scope: Scope, receive: Receive, send: Send, answer: Response) -> None:
    if scope["type"] == "http":
        await answer(scope, receive, send)
        return
    await receive()
    await send({"type": "websocket.close", "code": 1008, "reason": "Join the class first."})


def _with_cookie(here: Room, person: Person, request: Request, target: str) -> Response:
    """Give a cookie and lead on; it names no path, so that it stays where the browser found the door."""
    answer = RedirectResponse(target, 303, headers={"cache-control": "no-store"})
    encrypted = "https" in (request.url.scheme, request.headers.get("x-forwarded-proto", "").partition(",")[0].strip())
    answer.set_cookie(here.keys.cookie, token.make(here.keys, person), max_age=token.DAYS * 24 * 3600,
                      path=None, httponly=True, samesite="lax", secure=encrypted)
    return answer


async def _form(request: Request) -> Mapping[str, str]:
    """The fields of a form; raises Fault for one that is too long or none."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            raise Fault("This is far too long for a code and a nickname; type shorter ones.")
    try:
        fields = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=20)
    except ValueError:
        raise Fault("What the browser sent cannot be read; type code and nickname again.") from None
    return {name: values[0] for name, values in fields.items()}


def _typed(fields: Mapping[str, str]) -> Typed:
    text = {name: fields.get(name, "") for name in ("code", "nickname", "back", "wanted")}
    return Typed(text["code"], text["nickname"], text["back"], _page(text["wanted"]))


def _page(wanted: str) -> str:
    """The address of a page of this server, or the first one; nothing that leads elsewhere."""
    return wanted if _PAGE.fullmatch(wanted) and f"/{wanted.partition('?')[0]}" not in DOORS else ""


DOOR = Middleware(Door)
