"""Folders of runs in what is sent to a worker elsewhere: there the same run lies in another folder."""

import os
import time
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

from seqlab import paths, remote
from seqlab.errors import Fault

TO_ARRIVE = 60.0  # seconds that a run may take to be seen at its address, once that answers


class Place(str):
    """A run, or a file of it, by the address of all runs and its name there, with a line's end between them."""

    __slots__ = ()


def outgoing(value: Any) -> Any:
    """Name folders of a mirror by its address, in a text or in whatever texts stand in."""
    def place(text: Any) -> Any:
        for mirror in remote.mirrors():
            root = f"{mirror.root}{os.sep}"
            if text.startswith(root):
                return Place(f"{mirror.address}\n{text.removeprefix(root)}")
        return text
    return _each(value, str, place) if remote.mirrors() else value


def incoming(value: Any) -> Any:
    """Have the runs here that an address names, and name them by their folders; raises Fault."""
    return _each(value, Place, _here)


def _here(place: Place) -> str:
    address, _, name = place.partition("\n")
    root = remote.folder(address, paths.cache(), whole=False)
    run = root / name.partition("/")[0]
    mirror = remote.of(run)
    assert mirror is not None  # its folder is one
    if unit := mirror.units.get(run.name):
        unit.used = time.monotonic()
    else:
        _wait_for(run)
    return str(root / name)


def arrived(sent: Any) -> Path:
    """Have a run here as it is at its address at this moment, to train it; raises Fault where it is not there."""
    run = Path(incoming(sent))
    if remote.of(run) is not None:
        _wait_for(run)
    return run


def _wait_for(run: Path) -> None:
    """Wait for a run that another machine has sent; how long an address is away does not count."""
    mirror, end = remote.of(run), None
    while mirror is not None:
        try:
            if mirror.have(run.name):
                return
            end = end or time.monotonic() + TO_ARRIVE
        except OSError:
            end = None
        if end and time.monotonic() > end:
            raise Fault(f"There is no run {run.name} at {mirror.store.shown}; it may have been deleted.")
        time.sleep(remote.TO_WAIT)


def _each(value: Any, kind: type, change: Callable[[Any], Any]) -> Any:
    """Change what is of a kind, however deep it stands in tuples, lists, dicts and dataclasses."""
    match value:
        case _ if type(value) is kind:
            return change(value)
        case tuple() | list() if type(value) in (tuple, list):
            return type(value)(_each(part, kind, change) for part in value)
        case dict():
            return {key: _each(part, kind, change) for key, part in value.items()}
        case _ if is_dataclass(value) and not isinstance(value, type):
            parts = {field.name: getattr(value, field.name) for field in fields(value) if field.init}
            changed = {name: new for name, part in parts.items() if (new := _each(part, kind, change)) is not part
                       and new != part}
            return replace(value, **changed) if changed else value
    return value
