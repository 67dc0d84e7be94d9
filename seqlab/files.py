"""Files that a reader sees whole or not at all, and names that are safe in a URL."""

import errno
import io
import json
import os
import re
import secrets
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from seqlab.errors import Fault

_ASIDE = re.compile(r"\.(\d+)-\d+\.tmp$")
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,119}")


def write_aside(path: Path, content: bytes | bytearray, mode: int = 0o666) -> None:
    """Write a file beside its place and move it there; on any error the old file stays and nothing is left over.

    ``mode`` says who may read a new file, as far as the system's own mask lets them.
    """
    aside = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.tmp")
    try:
        with open(aside, "wb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
            file.write(content)
        os.replace(aside, path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise


def refusal(error: OSError) -> str:
    """Say in a few words why the system refused to write."""
    return "the disk is full" if error.errno == errno.ENOSPC else (error.strerror or "the disk refused").lower()


def clear_asides(folder: Path) -> None:
    """Delete what ``write_aside`` left in a folder where its process was killed in the middle."""
    for aside in folder.glob(".*.tmp"):
        match = _ASIDE.search(aside.name)
        if match and not _alive(int(match[1])):
            aside.unlink(missing_ok=True)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def append_line(path: Path, line: str) -> None:
    """Add one line in a single write, so that lines of several writers never mix."""
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        os.write(handle, f"{line}\n".encode())
    finally:
        os.close(handle)


def npz(arrays: Mapping[str, np.ndarray]) -> bytes:
    """Pack arrays as ``numpy.savez`` does, for ``numpy.load``."""
    file = io.BytesIO()
    np.savez(file, **arrays)  # type: ignore[arg-type]  # numpy's stub takes the names for its own options
    return file.getvalue()


def parse_json(content: bytes) -> Any:
    """Read JSON that may come from anywhere; raises ValueError, also where it is too deep or not proper Unicode."""
    try:
        value = json.loads(content)
        if b"\\u" in content:
            json.dumps(value, ensure_ascii=False).encode()  # half a surrogate pair is no character
    except RecursionError:
        raise ValueError("it is too deep") from None
    except UnicodeEncodeError:
        raise ValueError("it holds half a character") from None
    return value


def slug(label: str) -> str:
    """Keep of a label what may stand in an id: small letters, digits and hyphens, 40 at most."""
    return re.sub(r"[^a-z0-9]+", "-", label.lower()).strip("-")[:40].strip("-")


def fresh_id(label: str) -> str:
    """Make an id from a label: its letters and digits, the time, and a random end."""
    return f"{slug(label) or 'run'}-{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(3)}"


def checked_id(text: str) -> str:
    """Return an id that came from outside if it can only be the name of a run; raises Fault otherwise."""
    if not _ID.fullmatch(text):
        raise Fault("This is not the name of a run; choose one from the list of runs.")
    return text
