"""A real server and a real browser; both are started here and end with the session."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Server:
    """A running seqlab."""

    url: str
    pid: int
    runs: Path
    shipped: Path
    ready: float  # seconds from start to a healthy answer
    log: Path


@contextmanager
def serving(runs: Path, **environment: str) -> Iterator[Server]:
    """Start seqlab with its own run folder on a free port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    runs.mkdir(parents=True, exist_ok=True)
    log = runs.parent / f"{runs.name}.log"
    start = time.monotonic()
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "seqlab", "serve", "--port", str(port)], cwd=ROOT, stdout=out, stderr=out,
            stdin=subprocess.DEVNULL, env=os.environ | {"SEQLAB_RUNS": str(runs)} | environment)
        try:
            ready = _healthy(port, start, process)
            yield Server(f"http://127.0.0.1:{port}", process.pid, runs, ROOT / "checkpoints", ready, log)
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _healthy(port: int, start: float, process: subprocess.Popen) -> float:
    while time.monotonic() - start < 60:
        assert process.poll() is None, "the server ended at once"
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1):
                return time.monotonic() - start
        except OSError:
            time.sleep(0.02)
    raise AssertionError("the server did not answer within a minute")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("e2e") / "runs") as running:
        yield running


# On a page's own address Streamlit's browser code looks for the server below that address first, and then above.
PROBE = re.compile(r"/\w+/_stcore/(health|host-config)$")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh browser tab; a test that leaves an error in its console has failed."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    tab = context.new_page()
    errors: list[str] = []
    tab.on("console", lambda message: errors.append(f"{message.text} {message.location['url']}")
           if message.type == "error" and not PROBE.search(message.location["url"]) else None)
    tab.on("pageerror", lambda error: errors.append(str(error)))
    yield tab
    context.close()
    assert not errors
