"""What a worker measured of a snapshot against its grammar, kept for all who look at it."""

from collections import OrderedDict
from threading import Lock
from typing import Any

from seqlab.ui.proof.waiting import awaited
from seqlab.ui.shell.services import engine
from seqlab.ui.studios.reading.texts import Snapshot

KEPT = 64

_known: OrderedDict[Snapshot, dict[str, Any]] = OrderedDict()
_lock = Lock()


def known(snapshot: Snapshot) -> dict[str, Any] | None:
    """What was measured already, without waiting; None where nothing was."""
    with _lock:
        return _known.get(snapshot)


def measured(snapshot: Snapshot) -> dict[str, Any]:
    """What ``lenses.grammar.truth`` says of a snapshot; waits for a worker. Raises Fault, TimeoutError."""
    found = known(snapshot)
    if found is None:
        found = awaited(engine().ask("seqlab.lenses.grammar:truth", snapshot.path, snapshot.step))
        with _lock:
            _known[snapshot] = found
            while len(_known) > KEPT:
                _known.popitem(last=False)
    return found
