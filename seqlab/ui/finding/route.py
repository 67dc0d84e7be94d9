"""What the browser fetches to answer in words: everything that can be found, and the sentence of every label."""

import asyncio
import json
from hashlib import sha256
from typing import Any

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from seqlab.classroom.ownership import place
from seqlab.classroom.person import ANYONE, Person
from seqlab.ui.finding.index import plain
from seqlab.ui.finding.said import sentences
from seqlab.ui.shell.door import inside
from seqlab.ui.shell.services import everything

FOUND_AT, SAID_AT = "/words.json", "/said.json"


class Found:
    """Middleware behind the door that answers ``FOUND_AT`` and ``SAID_AT``."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; what the browser has already is not sent again."""
        if scope["type"] != "http" or inside(scope) not in (FOUND_AT, SAID_AT):
            await self._app(scope, receive, send)
            return
        if inside(scope) == SAID_AT:
            answer: Any = sentences()
        else:
            answer = await asyncio.to_thread(_found, scope.get("state", {}).get("person") or ANYONE)
        body = json.dumps(answer, ensure_ascii=False).encode()
        headers = {"cache-control": "private, no-cache", "etag": f'"{sha256(body).hexdigest()[:20]}"'}
        fresh = Request(scope).headers.get("if-none-match") == headers["etag"]
        await Response(b"" if fresh else body, 304 if fresh else 200, headers, "application/json")(
            scope, receive, send)


def _found(person: Person) -> list[dict[str, Any]]:
    """Everything that a person can find, their own lessons among it."""
    return plain(place(person, everything().root), leads=person.in_class and person.teaches)


FOUND = Middleware(Found)
