"""The proof beside every picture: torch on a worker and NumPy here run the same passes; the badge compares them."""

import time
from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st

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
        if engine().ready:  # then torch computes while NumPy does; a server that just started draws first
            self._ask_all()

    def _ask_all(self) -> None:
        self._theirs = {precision: self._ask(precision) for precision in PRECISIONS}

    def _ask(self, precision: str) -> Answer:
        return engine().ask("seqlab.lenses.proof:passes", str(self.run.path), self.steps, self.ids, self.condition,
                            precision)

    def reference(self, precision: str = "float32") -> list[Trace]:
        """Run every snapshot in NumPy."""
        return [network(self.run.cell, self.ids, self.run.weights(step, precision), condition=self.condition)
                for step in self.steps]

    def prove(self, slot: Any, drawn: Sequence[Trace], film: str, channel: str) -> None:
        """Wait for torch and put the badge into ``slot``; ``drawn`` are the traces on the screen."""
        label = {"channel": channel, "id": film}
        if not self._theirs or not self._done(0.2):
            with slot.container():
                badge(label | {"state": "pending", "message": "Torch is waking up"}, key=f"pending-{channel}")
        if not self._theirs:
            self._ask_all()
        if not self._done(PATIENCE):
            proof = label | {"state": "unavailable", "message": "No worker has answered, so this is not proved yet."}
        else:
            proof = label | self._verdict(drawn)
        with slot.container():
            badge(proof, key=f"badge-{channel}")

    def _done(self, seconds: float) -> bool:
        end = time.monotonic() + seconds
        while not all(future.done() for future in self._theirs.values()):
            if time.monotonic() > end:
                return False
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
