"""The index at its address, which the browser fetches when somebody first searches."""

import asyncio

from starlette.middleware import Middleware
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from seqlab.classroom.person import Person
from seqlab.ui.finding.index import plain
from seqlab.ui.shell.door import inside

ADDRESS = "/words.json"


class Found:
    """Middleware behind the door that answers ``ADDRESS``."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or inside(scope) != ADDRESS:
            await self._app(scope, receive, send)
            return
        person: Person | None = scope.get("state", {}).get("person")
        leads = person is not None and person.in_class and person.teaches
        entries = await asyncio.to_thread(plain, leads=leads)
        await JSONResponse(entries, headers={"cache-control": "private, max-age=60"})(scope, receive, send)


FOUND = Middleware(Found)
