"""The badge beside every picture: whether torch on a worker and NumPy here agree on exactly what is drawn."""

import logging
from collections.abc import Sequence
from typing import Any

import streamlit as st

from seqlab import notation
from seqlab.errors import Fault
from seqlab.training.run import Run
from seqlab.ui.proof.passes import Passes
from seqlab.ui.shell.services import engine
from seqlab.ui.widgets.badge import badge

log = logging.getLogger("seqlab")


def prove(run: Run, passes: Passes, slot: Any, film: str, channel: str, symbols: Sequence[str] = ()) -> None:
    """Ask torch, wait for it, and put the badge for a film into ``slot``; it explains ``symbols``, or the core's views.

    Torch is asked only now, with the picture on its way: on few cores the two would slow each other down.
    """
    label = {"channel": channel, "id": film, "symbols": _explained(symbols or run.core.views)}
    # A badge that is there stays until the next one takes its place, and says itself that it waits.
    waiting = slot.empty()
    if not engine().ready or not st.session_state.get(f"badged-{channel}"):
        with waiting.container():
            badge(label | {"state": "pending", "message": ""}, key=f"pending-{channel}")
    proof = label | _verdict(run, passes)
    waiting.empty()
    with slot:
        badge(proof, key=f"badge-{channel}")
    st.session_state[f"badged-{channel}"] = True


def _verdict(run: Run, passes: Passes) -> dict[str, Any]:
    try:
        return passes.verdict()
    except TimeoutError:
        message = "No worker has answered, so this is not proved yet."
    except Fault as fault:
        if run.status.active:  # its schedule has dropped this snapshot for a newer one, which is proved next
            return {"state": "pending", "message": ""}
        message = f"Not proved: {fault}"
    except Exception:
        log.exception("a proof failed")
        message = "Torch could not run this pass, so it is not proved."
    return {"state": "unavailable", "message": message}


def _explained(symbols: Sequence[str]) -> list[dict[str, str]]:
    """What the letters over the pictures stand for."""
    known = [notation.symbol(key) for key in symbols]
    return [{"key": symbol.key, "name": symbol.name, "meaning": symbol.meaning} for symbol in known]
