"""How many pages one person of a class has open at once: each is a session, which takes memory of the server."""

from collections import Counter

from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from seqlab.classroom.person import Person
from seqlab.ui.shell.door import inside

STREAM = "/_stcore/stream"
MOST = 12
SENTENCE = (f"You have {MOST} pages of this class open, and more would slow the others down: close some, then reload "
            "this one.")


class Crowd:
    """Middleware behind the door that opens no page to a pupil who has too many; the teacher may have any number."""

    def __init__(self, app: ASGIApp) -> None:
        self._app, self._pages = app, Counter[str]()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or hold one socket."""
        person: Person | None = scope.get("state", {}).get("person")
        if person is None or person.teaches:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket" and inside(scope) == STREAM:
            await self._hold(person, scope, receive, send)
        elif self._pages[person.id] >= MOST and _opens_a_page(scope):
            await PlainTextResponse(SENTENCE, 429)(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _hold(self, person: Person, scope: Scope, receive: Receive, send: Send) -> None:
        if self._pages[person.id] >= MOST:
            await WebSocketClose(1008, SENTENCE)(scope, receive, send)
            return
        self._pages[person.id] += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._pages[person.id] -= 1
            if not self._pages[person.id]:
                del self._pages[person.id]


def _opens_a_page(scope: Scope) -> bool:
    wanted = Headers(scope=scope).get("accept", "")
    return scope["type"] == "http" and scope["method"] == "GET" and "text/html" in wanted


CROWD = Middleware(Crowd)
