"""Whether a person's code may run here: on this machine for its owner, and for a class where the kernel holds it."""

import ipaddress
import sys
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

import streamlit as st

from seqlab.checking import sandbox
from seqlab.ui.shell.visitor import visitor

FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip")


def why_off() -> str | None:
    """Say in one sentence why code is not run on this server; None where it is."""
    return reason(st.get_option("server.address"), st.context.headers, sys.platform,
                  lambda: visitor().in_class and sandbox.seals())


def reason(address: str | None, headers: Mapping[str, str], platform: str, held: Callable[[], bool]) -> str | None:
    """Say why a server bound to ``address``, asked with ``headers``, runs no code; None where it may.

    ``held``: whether who asks has joined the class of this server, and the system itself holds what they write.
    """
    if platform == "win32":
        return "Running code needs limits that Windows does not have; use Linux, macOS or WSL."
    if held():
        return None
    if not loopback(address or ""):
        return "This server is open to other machines, so it runs nobody's code."
    if not loopback(_host(headers.get("Host", "localhost"))) or any(headers.get(name) for name in FORWARDED):
        return "You reached this server through another machine, so it runs no code."
    return None


def loopback(host: str) -> bool:
    """Whether a name or number means this machine itself."""
    try:
        return host == "localhost" or ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _host(header: str) -> str:
    try:
        return urlsplit(f"//{header}").hostname or ""
    except ValueError:
        return ""
