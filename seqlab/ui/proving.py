"""The proof beside every picture: torch on a worker and NumPy here run the same passes; the badge compares them."""

import time
from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st

from seqlab import notation
from seqlab.agreement import TOLERANCE, compare
from seqlab.reference.network import network
from seqlab.trace import Trace
from seqlab.training.engine import Answer
from seqlab.training.run import Run
from seqlab.ui.components.badge import badge
from seqlab.ui.services import engine

PRECISIONS = ("float32", "float64")
PATIENCE = 30.0  # seconds; a fresh server imports torch in its workers first


class Passes:
    """One input through several snapshots of a run: the reference's traces, and torch's on their way."""

    def __init__(self, run: Run, steps: Sequence[int], ids: np.ndarray, condition: np.ndarray | None) -> None:
        self.run, self.steps, self.ids, self.condition = run, list(steps), ids, condition
        self._theirs: dict[str, Answer] = {}

    def _ask(self, precision: str) -> Answer:
        return engine().ask("seqlab.lenses.proof:passes", str(self.run.path), self.steps, self.ids, self.condition,
                            precision)

    def reference(self, precision: str = "float32") -> list[Trace]:
        """Run every snapshot in NumPy."""
        cell = self.run.cell
        return [network(cell, self.ids, self.run.weights(step, precision), condition=self.condition)
                for step in self.steps]

    def prove(self, slot: Any, drawn: Sequence[Trace], film: str, channel: str) -> None:
        """Ask torch, wait for it, and put the badge into ``slot``; ``drawn`` are the traces on the screen.

        Torch is asked only now, with the picture on its way: on few cores the two would slow each other down.
        """
        label = {"channel": channel, "id": film, "symbols": _explained(self.run)}
        # A badge that is there stays until the next one takes its place, and says itself that it waits.
        waiting, first = slot.empty(), not st.session_state.get(f"badged-{channel}")
        if not engine().ready:
            _pending(waiting, label)
        self._theirs = {precision: self._ask(precision) for precision in PRECISIONS}
        if first and engine().ready and not self._done(0.2):
            _pending(waiting, label)
        if not self._done(PATIENCE):
            proof = label | {"state": "unavailable", "message": "No worker has answered, so this is not proved yet."}
        else:
            proof = label | self._verdict(drawn)
        waiting.empty()
        with slot:
            badge(proof, key=f"badge-{channel}")
        st.session_state[f"badged-{channel}"] = True

    def _done(self, seconds: float) -> bool:
        end = time.monotonic() + seconds
        while not all(future.done() for future in self._theirs.values()):
            if time.monotonic() > end:
                return False
            # Any look at the session lets Streamlit give this proof up when a slider has moved on meanwhile.
            _ = "proof" in st.session_state
            time.sleep(0.005)
        return True

    def _verdict(self, drawn: Sequence[Trace]) -> dict[str, Any]:
        ours = {"float32": drawn, "float64": self.reference("float64")}
        try:
            found = {precision: [compare(mine, Trace(theirs)) for mine, theirs in
                                 zip(ours[precision], self._theirs[precision].result(), strict=True)]
                     for precision in PRECISIONS}
        except Exception as error:
            st.session_state["proof-error"] = str(error)
            return {"state": "unavailable", "message": "Torch could not run this pass, so it is not proved."}
        frames = [
            {"step": step, "float32": single.largest, "float64": double.largest, "at": str(double.at),
             "fault": next((str(part.first_fault) for part in (double, single) if not part.holds), None)}
            for step, single, double in zip(self.steps, found["float32"], found["float64"], strict=True)
        ]
        return {"state": "proved", "message": "", "frames": frames, "tolerance": TOLERANCE,
                "numbers": found["float64"][-1].numbers, "against": "torch"}


def _pending(place: Any, label: dict[str, Any]) -> None:
    with place.container():
        badge(label | {"state": "pending", "message": ""}, key=f"pending-{label['channel']}")


def _explained(run: Run) -> list[dict[str, str]]:
    """What the letters over the pictures stand for."""
    symbols = [notation.symbol(key) for key in run.cell.views]
    return [{"key": symbol.key, "name": symbol.name, "meaning": symbol.meaning} for symbol in symbols]
