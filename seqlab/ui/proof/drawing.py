"""Drawing a proof: the badge waits, then says that the two agree or where they differ, or why nobody knows."""

import logging
import time
from collections.abc import Hashable, Sequence
from typing import TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from seqlab.adopt.owners_word import owner_side
from seqlab.errors import Fault
from seqlab.figures.badge import Frame, explained, proved
from seqlab.training.run import Run
from seqlab.ui.proof.proof import Proof
from seqlab.ui.proof.waiting import meanwhile
from seqlab.ui.widgets.badge import badge

log = logging.getLogger("seqlab")

Q = TypeVar("Q", bound=Hashable)
A = TypeVar("A")

GRACE = 0.2  # seconds in which the badge of before may stand beside the new picture
DRAWN = "proofs-drawn"  # in the session's state: badges that stand on its page


def prove(proof: Proof[Q, A], *questions: Q, key: str, slot: DeltaGenerator | None = None, channel: str = "",
          film: str = "", symbols: Sequence[str] = (), compares: str = "",
          run: Run | None = None) -> tuple[Frame, ...] | None:
    """Draw the badge of a proof into ``slot``, or here, and wait for torch; returns what it says, None where nothing.

    To be called when the picture is on its way: on few cores NumPy and torch would slow each other down. A component in
    the browser that says on a ``channel`` what it shows has a badge that speaks for that ``film`` alone. ``symbols``
    and ``compares`` are explained under "what is this?", in place of the proof's own. Of a ``run`` that trains a
    snapshot may be gone, and then the next one is proved; of one that was opened, its owner's program has a word too.
    """
    about: dict[str, object] = {
        "channel": channel, "id": film or key, "against": proof.against, "message": "",
        "symbols": explained(symbols or proof.symbols), "compares": compares or proof.compares,
        "owner": None if run is None else owner_side(run)}
    around = slot if slot is not None else st.container(gap=None)
    place = _Place(around, key, about)
    if key not in st.session_state.get(DRAWN, ()) and not proof.known(*questions):
        place.wait()
    try:
        with meanwhile(place.wait_if_late):
            frames = proof.frames(*questions)
    except Exception as error:
        place.show({"state": "unavailable"} | _why_not(error, run))
        if isinstance(error, TimeoutError):
            ask_again(around, key)
        return None
    place.show(proved(frames))
    st.session_state[DRAWN] = {*st.session_state.get(DRAWN, ()), key}
    return frames


class _Place:
    """Where a badge stands: that of before stays until the next takes its place, unless that takes too long."""

    def __init__(self, slot: DeltaGenerator, key: str, about: dict[str, object]) -> None:
        self._slot = slot
        self._key = key
        self._about = about
        self._since = time.monotonic()
        self._waits = False

    def wait(self) -> None:
        """Say that the proof is on its way."""
        self._slot, self._waits = self._slot.empty(), True
        with self._slot:
            badge(self._about | {"state": "pending", "frames": []}, key=f"{self._key}-pending")

    def wait_if_late(self) -> None:
        """Say so where the picture has stood beside another one's badge for long enough."""
        if not self._waits and time.monotonic() - self._since > GRACE:
            self.wait()

    def show(self, says: dict[str, object]) -> None:
        """Put the badge there."""
        with self._slot:
            badge(self._about | {"frames": []} | says, key=self._key)


def ask_again(place: DeltaGenerator, key: str) -> None:
    """Draw the button that asks the workers once more; the press alone draws this part of the page again."""
    place.button("Ask again", icon=":material/refresh:", key=f"again-{key}", help="Asks the workers once more.")


def _why_not(error: Exception, run: Run | None) -> dict[str, object]:
    """Say why there is no proof; one that is no Fault is for the log alone."""
    if isinstance(error, TimeoutError):
        return {"message": "No worker has answered, so this is not proved yet."}
    if isinstance(error, Fault):
        # The schedule of a run that trains has dropped this snapshot for a newer one, which is proved next.
        return {"state": "pending"} if run is not None and run.status.active else {"message": f"Not proved: {error}"}
    log.error("a proof failed", exc_info=error)
    return {"message": "Torch could not run this pass, so it is not proved."}
