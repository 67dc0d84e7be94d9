"""The passes that pages draw and prove, computed once for all sessions that look at the same thing."""

from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from seqlab.agreement import TOLERANCE, compare
from seqlab.reference.network import network
from seqlab.trace import Trace
from seqlab.training import snapshots
from seqlab.training.run import Run
from seqlab.ui.answers import awaited
from seqlab.ui.services import engine

PRECISIONS = ("float32", "float64")
KEPT = 24  # a class looks at a few words of a few runs at a time; the largest film takes some 10 MB


@dataclass(frozen=True)
class Passes:
    """One input through several snapshots of a run; ``stamp`` tells a snapshot from another in the same place."""

    path: str
    steps: tuple[int, ...]
    ids: tuple[int, ...]
    condition: int | None
    stamp: int

    @classmethod
    def of(cls, run: Run, steps: list[int], ids: np.ndarray, condition: int | None) -> "Passes":
        """Say what is asked; costs one look at the newest snapshot's file."""
        file = snapshots.file(run.path, "weights", steps[-1])
        stamp = file.stat().st_mtime_ns if file.exists() else 0
        return cls(str(run.path), tuple(steps), tuple(ids.tolist()), condition, stamp)

    def reference(self) -> list[Trace]:
        """Every snapshot's trace in NumPy, in single precision: what is drawn. Raises Fault."""
        return _reference(*astuple(self))

    def verdict(self) -> dict[str, Any]:
        """How torch and NumPy agree on every snapshot, in both precisions; waits for torch.

        Raises Fault where torch cannot run the pass, TimeoutError where no worker answers.
        """
        return _verdict(*astuple(self))

    def run(self, precision: str) -> list[Trace]:
        """Compute the reference now."""
        run, ids = Run(Path(self.path)), np.array([self.ids])
        return [network(run.core, ids, run.weights(step, precision), condition=self.told) for step in self.steps]

    @property
    def told(self) -> np.ndarray | None:
        """The condition as the network reads it."""
        return None if self.condition is None else np.array([self.condition])


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def _reference(*question: Any) -> list[Trace]:
    return Passes(*question).run("float32")


@st.cache_resource(max_entries=20 * KEPT, show_spinner=False)
def _verdict(*question: Any) -> dict[str, Any]:
    passes = Passes(*question)
    answer = engine().ask("seqlab.lenses.proof:in_precisions", passes.path, passes.steps, np.array([passes.ids]),
                          passes.told, PRECISIONS)
    ours = {"float32": passes.reference(), "float64": passes.run("float64")}
    theirs = awaited(answer)
    found = {precision: [compare(mine, Trace(other)) for mine, other in
                         zip(ours[precision], theirs[precision], strict=True)] for precision in PRECISIONS}
    frames = [
        {"step": step, "float32": single.largest, "float64": double.largest, "at": str(double.at),
         "fault": next((str(part.first_fault) for part in (double, single) if not part.holds), None)}
        for step, single, double in zip(passes.steps, found["float32"], found["float64"], strict=True)
    ]
    return {"state": "proved", "message": "", "frames": frames, "tolerance": TOLERANCE,
            "numbers": found["float64"][-1].numbers, "against": "torch"}
