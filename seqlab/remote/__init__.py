"""Runs at an address: each process has them in a folder of its own, which a mirror keeps the same as the address.

Everything else reads and writes that folder and knows of no address; where none is named, this costs a look into an
empty dict. ``fsspec`` is imported only where an address is.
"""

import atexit
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from seqlab.errors import Fault

if TYPE_CHECKING:
    from seqlab.remote.mirror import Mirror
    from seqlab.remote.unit import Unit

FIRST = 60.0  # seconds that a process waits for what is at an address when it begins
TO_WAIT = 1.0  # seconds until an address is asked again for what must be there
_mirrors: dict[Path, "Mirror"] = {}  # by the folder here
_lock = threading.Lock()


def folder(address: str, cache: Path, *, whole: bool = True) -> Path:
    """The folder of this process for an address, with all its runs where it is ``whole``; raises Fault.

    An address that does not answer is no fault: what is here from the last time is seen.
    """
    from seqlab.remote.mirror import Mirror

    with _lock:
        for mirror in _mirrors.values():
            if mirror.address == address and (mirror.whole or not whole):
                return mirror.root
        mirror = Mirror(address, (cache / "addresses").resolve(), whole=whole)
        _mirrors[mirror.root] = mirror
        atexit.register(mirror.close)
    mirror.ready(FIRST)
    return mirror.root


def let_go(root: Path) -> str:
    """End the mirror of a folder; returns its address, or an empty text where the folder is an ordinary one."""
    mirror = _mirrors.pop(root, None)
    if mirror is None:
        return ""
    mirror.close()
    return mirror.address


def mirrors() -> list["Mirror"]:
    """All mirrors of this process."""
    return list(_mirrors.values())


def of(run: Path) -> "Mirror | None":
    """The mirror of a run's folder; None where that is an ordinary one."""
    return _mirrors.get(run.parent) if _mirrors else None


def trouble(run: Path) -> str:
    """Why what is seen of a run may be old, in a sentence; an empty text where it is not."""
    mirror = of(run)
    return mirror.trouble if mirror else ""


def claim(run: Path) -> bool:
    """Have a run for this machine; returns whether no other one trains it. One that nobody can ask is had."""
    unit = _unit(run)
    if unit is None:
        return True
    with suppress(OSError):
        return unit.claim()
    return True


def is_claimed(run: Path) -> bool:
    """Whether another machine trains a run, as far as it was heard."""
    unit = _unit(run)
    return unit is not None and bool(unit.signs.holders)


def settle(run: Path) -> None:
    """Wait until all of a run that this process trained is at its address, however long that takes."""
    unit = _unit(run)
    while unit is not None and not unit.lost:
        with suppress(OSError):
            unit.sync()
            if unit.settled():
                return
        time.sleep(TO_WAIT)


def refresh(run: Path) -> None:
    """See a run as it is at its address now, if that answers; done with by this process, it is let go of."""
    unit = _unit(run)
    if unit and not trouble(run):
        with suppress(OSError):
            unit.beat()
            unit.sync()


def is_settled(run: Path) -> bool:
    """Whether another machine can see a run as it is here."""
    mirror = of(run)
    if mirror is None:
        return True
    unit = mirror.add(run.name)
    if unit is not None and unit.settled():
        return True
    mirror.wake()
    return False


@contextmanager
def removing(folder: Path) -> Iterator[None]:
    """Have it deleted at the address too, what is deleted here for good meanwhile: a run, or one in the trash."""
    with ExitStack() as both:
        for mirror in list(_mirrors.values()):
            if folder.is_relative_to(mirror.root):
                both.enter_context(mirror.removing(folder))
        yield


def steps(run: Path, part: str) -> list[str]:
    """Names of the files of a run's ``weights`` or ``optimiser`` that are still at the address alone."""
    unit = _unit(run)
    return [] if unit is None else [name.partition("/")[2] for name, both in list(unit.known.files.items())
                                    if name.startswith(f"{part}/") and not both.stamp]


def away(run: Path) -> int:
    """Bytes of a run that are still at the address alone."""
    unit = _unit(run)
    return 0 if unit is None else sum(both.size for both in list(unit.known.files.values()) if not both.stamp)


def fetched(run: Path, name: str) -> Path:
    """A file of a run, which is fetched where it is still at the address; raises Fault where that does not answer."""
    if unit := _unit(run):
        try:
            unit.fetch(name)
        except OSError:
            raise Fault(trouble(run) or "The address of the runs cannot be reached; try again in a moment.") from None
    return run / name


def _unit(run: Path) -> "Unit | None":
    mirror = of(run)
    return mirror.add(run.name) if mirror else None
