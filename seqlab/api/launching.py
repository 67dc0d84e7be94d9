"""Starting the pages from a notebook or a script, at a run."""

import atexit
import logging
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import webbrowser
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from seqlab import paths
from seqlab.errors import Fault
from seqlab.training.library import Library
from seqlab.training.run import Run

FIRST_PORT, SECONDS = 8501, 60.0
_servers: dict[Path, "Server"] = {}


@dataclass(frozen=True)
class Server:
    """The pages, in a process of their own that ends with this one."""

    process: "subprocess.Popen[bytes]"
    port: int

    @property
    def address(self) -> str:
        """Where it is."""
        return f"http://localhost:{self.port}"

    @property
    def runs(self) -> bool:
        """Whether it has not ended."""
        return self.process.poll() is None

    def close(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait(20)


def launch(run: Run | None = None, *, port: int | None = None, browser: bool = True,
           wait: bool | None = None) -> str:
    """Start the pages, open them at a run, and return the address; one server serves all calls.

    It ends with this process; a script waits for Ctrl-C (``wait``; None: in a script, not in a notebook). Without
    ``browser`` nothing is opened. Raises Fault where the server does not start, or the port is taken.
    """
    root = run.path.parent if run is not None and not Library().is_shipped(run) else paths.runs()
    server = _servers.get(root)
    if server is None or not server.runs:
        server = _servers[root] = _started(root, port)
    address = server.address + ("" if run is None else place_of(run))
    if browser:
        webbrowser.open(address)
    if wait or (wait is None and not _interactive()):
        print(f"{address}\nCtrl-C ends the pages.", flush=True)
        try:
            server.process.wait()
        except KeyboardInterrupt:
            server.close()
    return address


def place_of(run: Run) -> str:
    """The page that shows a run, and the run, as an address says it: ``/echo?run=…``."""
    before = logging.root.manager.disable
    logging.disable(max(before, logging.WARNING))  # Streamlit would warn that it does not serve here
    try:
        from seqlab.ui.shell.navigation import lab_of

        return f"/{lab_of(run.config.task['name']).name}?{urlencode({'run': run.id})}"
    finally:
        logging.disable(before)


def _started(root: Path, port: int | None) -> Server:
    port = _free_port(FIRST_PORT) if port is None else port
    process = subprocess.Popen(
        [sys.executable, "-m", "seqlab", "serve", "--port", str(port)], stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env=paths.environment(root) | {"STREAMLIT_SERVER_HEADLESS": "true"})
    server = Server(process, port)
    atexit.register(server.close)
    until = time.monotonic() + SECONDS
    while not _answers(server.address):
        if not server.runs or time.monotonic() > until:
            server.close()
            raise Fault(f"The pages did not start on port {port}; another program may have it, so name another one.")
        time.sleep(0.1)
    return server


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _free_port(first: int) -> int:
    """The first port from one on that nobody has."""
    for port in range(first, first + 100):
        with socket.socket() as tried:
            try:
                tried.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise Fault(f"All ports from {first} to {first + 99} are taken; name another one.")


def _interactive() -> bool:
    """Whether a person goes on typing in this process: a notebook, or Python's own prompt."""
    return hasattr(sys, "ps1") or "IPython" in sys.modules or bool(sys.flags.interactive)
