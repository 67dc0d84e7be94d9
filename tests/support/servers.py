"""A real server on a free port of 127.0.0.1, with a run folder of its own."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.data import ROOT
from tests.support.waiting import wait_for

CHECKOUT = (sys.executable, "-m", "seqlab")


@dataclass(frozen=True)
class Server:
    """A running seqlab."""

    url: str
    pid: int
    runs: Path
    shipped: Path
    ready: float  # seconds from start to a healthy answer
    log: Path

    def status(self, run: str) -> dict[str, Any]:
        """What a run's status file says at this moment."""
        status: dict[str, Any] = json.loads((self.runs / run / "status.json").read_text())
        return status


@contextmanager
def serving(runs: Path, command: Sequence[str] = CHECKOUT, folder: Path = ROOT, arguments: Sequence[str] = ("serve",),
            path: str = "", **environment: str) -> Iterator[Server]:
    """Start seqlab from a folder with its own run folder; it ends with the block.

    ``arguments`` serve under ``path``, if there is one.
    """
    port = free_port()
    runs.mkdir(parents=True, exist_ok=True)
    log = runs.parent / f"{runs.name}.log"
    start = time.monotonic()
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*command, *arguments, "--port", str(port)], cwd=folder, stdout=out, stderr=out,
            stdin=subprocess.DEVNULL, env=os.environ | {"SEQLAB_RUNS": str(runs)} | environment)
        try:
            wait_for(lambda: _healthy(f"http://127.0.0.1:{port}{path}", process))
            ready = time.monotonic() - start
            yield Server(f"http://127.0.0.1:{port}{path}", process.pid, runs, ROOT / "checkpoints", ready, log)
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _healthy(url: str, process: subprocess.Popen[bytes]) -> bool:
    assert process.poll() is None, "the server ended at once"
    with suppress(OSError), urllib.request.urlopen(f"{url}/_stcore/health", timeout=1):
        return True
    return False
