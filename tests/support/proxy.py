"""A real nginx on a free port of 127.0.0.1, in front of a server, under a path."""

import os
import signal
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from getpass import getuser
from pathlib import Path
from shutil import which

import pytest

from tests.support.data import ROOT
from tests.support.servers import free_port
from tests.support.waiting import wait_for

DOCUMENT = ROOT / "docs" / "deployment.md"
NGINX = which("nginx") or which("nginx", path="/usr/sbin")
needs_nginx = pytest.mark.skipif(NGINX is None, reason="nginx is missing: `make browser` installs it on Debian")
SETTINGS = """
daemon off; user {user}; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
worker_shutdown_timeout 50ms;
events {{}}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  {http}
  server {{
    listen 127.0.0.1:{port};
    {location}
  }}
}}
"""


@dataclass(frozen=True)
class Proxy:
    """A running nginx, and the address at which people find the pages."""

    url: str
    process: subprocess.Popen[bytes]

    def cut(self) -> None:
        """Have every socket cut that goes through it, as a reload of a site's settings does."""
        self.process.send_signal(signal.SIGHUP)


@contextmanager
def behind(upstream: str, path: str, folder: Path) -> Iterator[Proxy]:
    """Put nginx in front of a server, with the settings that the documents give; it ends with the block."""
    assert NGINX is not None
    folder.mkdir()
    port = free_port()
    http, location = documented(upstream, path)
    settings = folder / "nginx.conf"
    settings.write_text(SETTINGS.format(user=getuser(), folder=folder, port=port, http=http, location=location))
    process = subprocess.Popen([NGINX, "-c", str(settings), "-e", str(folder / "error.log")], stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        url = f"http://127.0.0.1:{port}{path}"
        wait_for(lambda: _answers(f"{url}/_stcore/health", process))
        yield Proxy(url, process)
    finally:
        os.kill(process.pid, signal.SIGTERM)
        process.wait(15)


def documented(upstream: str, path: str) -> tuple[str, str]:
    """The lines of the documents for nginx's ``http`` and ``server``, with this server and this path in them."""
    text = DOCUMENT.read_text(encoding="utf-8")
    http, location = text.partition("```nginx\n")[2].partition("```")[0].split("\n\n")
    location = location.replace("/sub/path", path).replace("127.0.0.1:8501", upstream)
    assert upstream in location
    return http, location


def _answers(url: str, process: subprocess.Popen[bytes]) -> bool:
    assert process.poll() is None, "nginx ended at once"
    with suppress(OSError), urllib.request.urlopen(url, timeout=1):
        return True
    return False
