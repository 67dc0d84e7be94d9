"""Where a server can be reached: the addresses of this machine, a free port, the path under which a proxy serves it."""

import errno
import ipaddress
import re
import socket
import struct
import sys
from contextlib import suppress
from urllib.parse import urlsplit

from seqlab.errors import Fault

EVERYWHERE = ("0.0.0.0", "::")
# In a network that nobody has, and in the usual ones at home and in schools: asked which way they lie, the system says
# its own address there. Nothing is sent.
_THERE = ("192.0.2.1", "192.168.255.254", "10.255.255.254", "172.31.255.254")
_SIOCGIFADDR = 0x8915  # Linux: the address of an interface
_SEGMENT = re.compile(r"[A-Za-z0-9_~@+=:-][A-Za-z0-9._~@+=:-]{0,99}")
_LONGEST_PATH = 400
_ADDRESS = re.compile(r"[A-Za-z0-9._~+=:/%\[\]-]{1,300}")  # of a server and a path; no name, no query


def addresses() -> list[str]:
    """The numbers by which other machines reach this one, the likeliest first; none where it is in no network."""
    numbers = [*_on_the_way(), *_of_interfaces(), *_by_name()]
    return [number for number in dict.fromkeys(numbers) if _of_use(number)]


def _on_the_way() -> list[str]:
    numbers = []
    for there in _THERE:
        with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect((there, 9))
            numbers.append(probe.getsockname()[0])
    return numbers


def _of_interfaces() -> list[str]:
    """The address of every interface, where the system is Linux: a network without a way out has no other sign."""
    if sys.platform != "linux":
        return []
    import fcntl

    numbers = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        for _, name in socket.if_nameindex():
            with suppress(OSError):
                answer = fcntl.ioctl(probe, _SIOCGIFADDR, struct.pack("256s", name.encode()[:15]))
                numbers.append(socket.inet_ntoa(answer[20:24]))
    return numbers


def _by_name() -> list[str]:
    with suppress(OSError):
        return [str(entry[4][0]) for entry in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)]
    return []


def _of_use(number: str) -> bool:
    address = ipaddress.ip_address(number)
    return not (address.is_loopback or address.is_unspecified or address.is_link_local)


def require_free(host: str, port: int) -> None:
    """See that a server can listen there; raises Fault with what to do."""
    if not 1 <= port <= 65535:
        raise Fault(f"A port is a number from 1 to 65535, not {port}.")
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(place)
            probe.listen(1)
    except (OSError, UnicodeError) as error:
        raise Fault(_why_not(error, host, port)) from None


def _why_not(error: Exception, host: str, port: int) -> str:
    number = getattr(error, "errno", None)
    if number == errno.EADDRINUSE:
        return f"Port {port} is taken by another program, perhaps by a seqlab that still runs; choose one with --port."
    if number in (errno.EACCES, errno.EPERM):
        return f"The system keeps port {port} for its owner; choose one above 1023 with --port."
    return f"{host[:60]!r} is no address of this machine; leave --host away to listen in every network."


def base_path(text: str) -> str:
    """Read the path under which a proxy serves the pages, such as ``/sub/path/``; without its outer slashes.

    Raises Fault where it is none.
    """
    path = text.strip().strip("/")
    if path and not (len(path) <= _LONGEST_PATH and all(map(_SEGMENT.fullmatch, path.split("/")))):
        raise Fault(f"A base path is like /sub/path, of letters, digits and . _ ~ @ + = : -, not {text[:40]!r}.")
    return path


def public_address(text: str) -> str:
    """Read the address that people open where it is a proxy's, without a slash at its end; an empty text is none.

    Raises Fault where it is no address.
    """
    if not (text := text.strip()):
        return ""
    try:
        parts = urlsplit(text)
        whole = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        whole = False
    if not whole or not _ADDRESS.fullmatch(text):
        raise Fault(f"An address is like https://lab.example/sub/path, not {text[:40]!r}.")
    return text.rstrip("/")


def origin(address: str) -> str:
    """The beginning of an address, as browsers name where a page came from; of none it is none."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}".lower() if address else ""


def link(host: str, port: int, path: str) -> str:
    """The address of the pages on a machine, without a slash at its end."""
    return f"http://{f'[{host}]' if ':' in host else host}:{port}{f'/{path}' if path else ''}"
