"""The headers of an answer, without a server."""

import asyncio
from typing import Any

import pytest
from starlette.datastructures import Headers

from seqlab.ui.shell.headers import CLOSED, Answers, foreign


def answered(path: str, host: bytes) -> tuple[int, dict[str, str]]:
    sent: list[dict[str, Any]] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]})
        await send({"type": "http.response.body", "body": b""})

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "path": path, "method": "GET", "headers": [(b"host", host)]}
    asyncio.run(Answers(app)(scope, receive, send))
    return sent[0]["status"], {name.decode(): value.decode() for name, value in sent[0]["headers"]}


def test_only_this_server_is_named() -> None:
    status, headers = answered("/", b"lab.example:8501")
    assert status == 200
    assert headers["content-type"] == "text/html"
    assert "connect-src 'self' data: blob: ws://lab.example:8501 wss://lab.example:8501" in (
        headers["content-security-policy"])
    assert "'sha256-" in headers["content-security-policy"]


def test_nobody_frames_a_page_or_gives_it_code() -> None:
    headers = answered("/", b"x")[1]
    policy = {name: values for name, *values in map(str.split, headers["content-security-policy"].split("; "))}
    for name in ("default-src", "frame-ancestors", "base-uri", "form-action"):
        assert policy[name] == ["'self'"]
    assert policy["object-src"] == ["'none'"]
    assert not {"'unsafe-inline'", "'unsafe-eval'", "data:", "*"} & {*policy["script-src"]}
    assert (headers["x-content-type-options"], headers["x-frame-options"]) == ("nosniff", "SAMEORIGIN")


@pytest.mark.parametrize("host", [b"", b"a; script-src *", b"x" * 300])
def test_a_host_that_is_none_adds_nothing(host: bytes) -> None:
    policy = answered("/", host)[1]["content-security-policy"]
    assert "ws:" not in policy
    assert "*" not in policy


@pytest.mark.parametrize("path", [CLOSED, f"{CLOSED}/", f"/base{CLOSED}"])
def test_what_streamlit_measures_is_closed(path: str) -> None:
    status, headers = answered(path, b"x")
    assert status == 404
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(("origin", "host", "refused"), [
    ("http://lab.example", "lab.example", False), ("https://lab.example:8443", "lab.example:8443", False),
    ("http://localhost:3000", "127.0.0.1:8501", False), ("https://named.example", "10.0.0.7:8501", False),
    ("https://evil.example", "lab.example", True), ("http://lab.example:81", "lab.example:8501", True),
    ("http://localhost.evil.example", "127.0.0.1:8501", True), ("null", "lab.example", True), ("", "lab.example", True),
    ("http://[", "lab.example", True)])
def test_a_page_of_another_server_opens_no_socket(origin: str, host: str, refused: bool,
                                                  monkeypatch: pytest.MonkeyPatch) -> None:
    options = {"server.enableCORS": True, "server.corsAllowedOrigins": ["https://named.example"]}
    monkeypatch.setattr("streamlit.get_option", options.__getitem__)
    assert foreign(Headers({"origin": origin, "host": host})) is refused
    assert not foreign(Headers({"host": host}))
