"""``seqlab class``: makes or opens a class, says how people get in, and serves the pages to its network."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import tyro
from pydantic import BaseModel, ConfigDict, Field, create_model

from seqlab import paths
from seqlab.classroom import network, secrets
from seqlab.classroom.invitation import ADDRESS, Invitation
from seqlab.classroom.limits import Limits
from seqlab.classroom.pages import open_pages
from seqlab.classroom.secrets import ClassKeys
from seqlab.errors import Fault
from seqlab.figures.qr import LONGEST, qr_blocks

FOLDER = ".class"  # among the runs, for whose runs they are is written there
# Streamlit's settings for many: what they upload is kept in memory; a proxy that cuts quiet sockets each half minute
# leaves one alone that is asked every 20 seconds; a phone that slept for ten minutes finds its page as it was.
MANY = {"server.maxUploadSize": "20", "server.websocketPingInterval": "20", "server.disconnectedSessionTTL": "600",
        "server.enableXsrfProtection": "true", "server.enableCORS": "true", "logger.hideWelcomeMessage": "true"}


class Asked(BaseModel):
    """Limits that were given on the command line; None keeps the one that the class has."""

    model_config = ConfigDict(frozen=True)


_FIELDS: dict[str, Any] = {name: (field.rebuild_annotation() | None, Field(None, description=field.description))
                           for name, field in Limits.model_fields.items()}
AskedLimits: Any = create_model("AskedLimits", __base__=Asked, **_FIELDS)


def open_class(host: str = "0.0.0.0", port: int = 8501, base_path: str = "", address: str = "", password: str = "",
               fresh: bool = False, folder: Path | None = None,
               limits: Annotated[Asked, tyro.conf.arg(name="", constructor=AskedLimits)] = AskedLimits()) -> None:  # noqa: B008
    """Open the pages to a class: prints the address, a QR code, the code to join and the teacher's link.

    Args:
        host: Address of this machine to listen at; without it in every network that it is in.
        port: Port on this machine.
        base_path: Path under which a proxy serves the pages, such as /sub/path; it must pass it on.
        address: Address that people open, where it is a proxy's, such as https://lab.example/sub/path.
        password: Code to join, of your own choice; else six letters.
        fresh: Make new codes; whoever joined before has to join again.
        folder: Where codes and names are kept; else beside the runs.
        limits: What one person may use; what is not given stays as the class has it.
    """
    path, folder = network.base_path(base_path), (folder or paths.runs() / FOLDER).expanduser().absolute()
    proxied = network.public_address(address or os.environ.get(ADDRESS, ""))
    network.require_free(host, port)
    reached = [proxied] * bool(proxied) + _links(host, port, path)
    if not reached:
        raise Fault("This machine is in no network, so nobody could reach the class; join one, or name the address "
                    "that people open with --address.")
    invitation = Invitation(reached[0], _opened(folder, password, fresh, limits), tuple(reached[1:]))
    print("\n".join(said(invitation, sys.stdout.encoding, sys.stdout.isatty())), flush=True)
    os.environ |= {secrets.VARIABLE: str(folder), ADDRESS: invitation.address}
    place = {"server.address": host, "server.port": str(port), "server.baseUrlPath": path,
             "server.corsAllowedOrigins": network.origin(proxied)}
    open_pages(MANY | {name: value for name, value in place.items() if value})


def _links(host: str, port: int, path: str) -> list[str]:
    """The addresses under which a server is reached without a proxy, the likeliest first."""
    hosts = network.addresses() if host in network.EVERYWHERE else [host]
    return [network.link(number, port, path) for number in hosts]


def _opened(folder: Path, password: str, fresh: bool, limits: Asked) -> ClassKeys:
    """The secrets of the class in a folder, made where there is none; what was asked anew is written down."""
    known = not fresh and (folder / secrets.FILE).exists()
    keys = secrets.read(folder) if known else secrets.make(folder, code=password)
    code = secrets.password(password) if password else keys.code
    asked = keys.limits.model_copy(update=limits.model_dump(exclude_none=True))
    keys = keys.model_copy(update={"code": code, "limits": asked})
    secrets.write(folder, keys)  # also where nothing changed: a folder that cannot be written is said now
    return keys


def said(invitation: Invitation, encoding: str, coloured: bool) -> Iterator[str]:
    """What a terminal shows, part by part; one whose encoding has no blocks gets no QR code."""
    yield f"A class is open at  {invitation.address}"
    yield from (f"               also  {other}" for other in invitation.others)
    yield f"Code to join        {invitation.keys.code}"
    yield f"Yours alone         {invitation.teaching}"
    yield f"For the projector   {invitation.poster}"
    if len(invitation.joining) <= LONGEST and _has_blocks(encoding):
        yield f"\n{qr_blocks(invitation.joining, coloured=coloured)}\n"
    yield "Whoever has the code gets in. Your own link opens everything, so show it to nobody."
    yield "Ctrl-C ends the class, and the same command opens it again with the same codes (--fresh makes new ones)."


def _has_blocks(encoding: str) -> bool:
    try:
        "█▀▄".encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
