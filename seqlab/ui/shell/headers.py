"""What every answer of the server tells the browser: run and load nothing that did not come from this server."""

import base64
import hashlib
import logging
import re
from pathlib import Path

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

log = logging.getLogger("seqlab")

CLOSED = "/_stcore/metrics"  # what Streamlit measures of itself and of everyone's sessions
_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_PORT = re.compile(r":\d+$")
LOCAL = ("localhost", "127.0.0.1")
_HOST = re.compile(r"[\w.:\[\]-]{1,255}")
ALWAYS = {"x-content-type-options": "nosniff", "x-frame-options": "SAMEORIGIN", "referrer-policy": "same-origin",
          "cross-origin-opener-policy": "same-origin"}


class Answers:
    """Middleware that adds the headers to every answer, closes ``CLOSED`` and refuses sockets of other pages."""

    def __init__(self, app: ASGIApp) -> None:
        self._app, self._scripts = app, " ".join(_own_scripts())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "websocket" and foreign(Headers(scope=scope)):
            await WebSocketClose(1008)(scope, receive, send)
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = ALWAYS | {"content-security-policy": self._policy(Headers(scope=scope).get("host", ""))}

        async def send_headed(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(headers)
            await send(message)

        closed = scope["path"].rstrip("/").endswith(CLOSED)
        await (PlainTextResponse("Not found", 404) if closed else self._app)(scope, receive, send_headed)

    def _policy(self, host: str) -> str:
        """What the browser may load; an older one takes the page's own sockets for foreign, so they are named."""
        sockets = f" ws://{host} wss://{host}" if _HOST.fullmatch(host) else ""
        return "; ".join((
            "default-src 'self'",
            # Streamlit's page has a script of its own and compiles a module of numbers; a component comes as a blob.
            f"script-src 'self' blob: 'wasm-unsafe-eval' {self._scripts}", "worker-src 'self' blob:",
            "style-src 'self' 'unsafe-inline'",  # Streamlit's styles and ours are made in the page
            "img-src 'self' data: blob:", "font-src 'self' data:", "media-src 'self' data: blob:",
            f"connect-src 'self' data: blob:{sockets}", "frame-src 'self' blob:", "object-src 'none'",
            "base-uri 'self'", "form-action 'self'", "frame-ancestors 'self'"))


def foreign(headers: Headers) -> bool:
    """Whether a page of another server opens a socket here; who knows the server's names need not ask the internet.

    Pages of this machine are let through to Streamlit, which knows them, and so are those named to the server.
    """
    origin, host = headers.get("origin"), headers.get("host", "")
    if origin is None or not st.get_option("server.enableCORS"):
        return False
    address = origin.partition("://")[2]
    if address == host or _PORT.sub("", address) in LOCAL or origin in st.get_option("server.corsAllowedOrigins"):
        return False
    log.warning("A page of %.100r was refused, for this server was asked as %.100r: a proxy has to pass on the header "
                "Host as the browser sent it.", origin, host)
    return True


def _own_scripts() -> list[str]:
    """Hashes of the scripts that stand in Streamlit's own page."""
    page = (Path(st.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    return [f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
            for script in _INLINE.findall(page)]


ANSWERS = Middleware(Answers)
