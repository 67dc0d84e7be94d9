"""``seqlab serve``: becomes the server of the pages. It imports little, for who waits for it sees nothing yet."""

import os
import sys
from collections.abc import Mapping

from seqlab import paths
from seqlab.classroom import network
from seqlab.training import settings


def open_pages(options: Mapping[str, str]) -> None:
    """Become the server of the pages, with these settings of Streamlit; raises Fault where a setting is wrong."""
    settings.read(paths.runs())
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # a second thread waits longer than it helps: matrices are small
    flags = [part for name, value in options.items() for part in (f"--{name}", value)]
    paths.hand_over()
    os.execv(sys.executable, [sys.executable, "-m", "streamlit", "run", str(paths.APP), *flags])


def serve(port: int = 8501, base_path: str = "") -> None:
    """Open the pages in a browser, on this machine alone.

    Args:
        port: Port on this machine.
        base_path: Path under which a proxy serves the pages, such as /sub/path; it must pass it on.
    """
    listening = {"server.port": str(port), "server.baseUrlPath": network.base_path(base_path)}
    open_pages({name: value for name, value in listening.items() if value})
