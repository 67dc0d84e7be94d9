"""One person of a class has so many pages open and no more; others and the teacher are not touched by it."""

from contextlib import ExitStack

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from seqlab.classroom.person import TEACHER, Person
from seqlab.ui.shell.crowd import MOST, SENTENCE, STREAM, Crowd

HTML = {"accept": "text/html"}


async def page(request: Request) -> Response:
    return PlainTextResponse("a page")


async def stream(socket: WebSocket) -> None:
    await socket.accept()
    await socket.receive()


class Named:
    """Says who asks, as the door does, by a header."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        name = dict(scope.get("headers", [])).get(b"who", b"").decode()
        person = {"": None, "teacher": TEACHER}.get(name, Person(name, name))
        scope.setdefault("state", {})["person"] = person
        await self.app(scope, receive, send)


@pytest.mark.parametrize(("name", "most"), [("ana", MOST), ("teacher", None), ("", None)])
def test_a_pupil_opens_so_many_pages(name: str, most: int | None) -> None:
    client = TestClient(Named(Crowd(Starlette(routes=[Route("/echo", page), WebSocketRoute(STREAM, stream)]))))

    def open_page(who: str = name) -> int:
        return client.get("/echo", headers={**HTML, "who": who}).status_code

    with client, ExitStack() as sockets:
        for _ in range(most or MOST + 3):
            assert open_page() == 200
            sockets.enter_context(client.websocket_connect(STREAM, headers={"who": name}))
        if most:
            assert client.get("/echo", headers={**HTML, "who": name}).text == SENTENCE
            assert client.get("/echo", headers={"who": name}).status_code == 200, "what is no page is not refused"
            with pytest.raises(WebSocketDisconnect), client.websocket_connect(STREAM, headers={"who": name}):
                pass
        assert open_page("bo") == 200
    with client:
        assert open_page() == 200, "the pages are closed"
