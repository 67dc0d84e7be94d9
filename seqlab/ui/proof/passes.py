"""The passes that pages draw and prove, computed once for all sessions that look at the same thing."""

from collections.abc import Mapping
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from seqlab.agreement import TOLERANCE, compare
from seqlab.errors import Fault
from seqlab.reference.network import network
from seqlab.trace import Trace
from seqlab.training import snapshots
from seqlab.training.run import Run
from seqlab.ui.proof.waiting import awaited
from seqlab.ui.shell.services import engine

PRECISIONS = ("float32", "float64")
Heads = tuple[tuple[int, int], ...]  # pairs of a layer and a head
KEPT = 24  # a class looks at a few words of a few runs at a time; the largest film takes some 10 MB


@dataclass(frozen=True)
class Passes:
    """One input through several snapshots of a run; ``stamp`` tells a snapshot from another in the same place.

    ``ablated`` names attention heads, as (layer, head), that are switched off.
    """

    path: str
    steps: tuple[int, ...]
    ids: tuple[int, ...]
    condition: int | None
    stamp: int
    ablated: Heads = ()

    @classmethod
    def of(cls, run: Run, steps: list[int], ids: np.ndarray, condition: int | None, ablated: Heads = ()) -> "Passes":
        """Say what is asked; costs one look at the newest snapshot's file."""
        file = snapshots.file(run.path, "weights", steps[-1])
        stamp = file.stat().st_mtime_ns if file.exists() else 0
        return cls(str(run.path), tuple(steps), tuple(ids.tolist()), condition, stamp, ablated)

    @property
    def whole(self) -> "Passes":
        """The same with all heads on."""
        return replace(self, ablated=())

    def reference(self) -> list[Trace]:
        """Every snapshot's trace in NumPy, in single precision: what is drawn. Raises Fault."""
        return _reference(*astuple(self))

    def verdict(self) -> dict[str, Any]:
        """How torch and NumPy agree on every snapshot, in both precisions; waits for torch.

        Where heads are off, also on the whole network, beside which it is drawn.
        Raises Fault where torch cannot run the pass, TimeoutError where no worker answers.
        """
        found = _verdict(*astuple(self))
        return _both(_verdict(*astuple(self.whole)), found) if self.ablated else found

    def run(self, precision: str) -> list[Trace]:
        """Compute the reference now."""
        run, ids = Run(Path(self.path)), np.array([self.ids])
        return [network(run.core, ids, without(run.weights(step, precision), self.ablated), condition=self.told,
                        pooling=run.config.network.pooling) for step in self.steps]

    @property
    def told(self) -> np.ndarray | None:
        """The condition as the network reads it."""
        return None if self.condition is None else np.array([self.condition])


def without(weights: Mapping[str, np.ndarray], ablated: Heads) -> dict[str, np.ndarray]:
    """Copy weights with the columns of W_o zeroed that read the given heads, so that nothing of them passes on.

    Raises Fault for a head that the network has not.
    """
    changed = dict(weights)
    for layer, head in ablated:
        prefix = f"core.blocks.{layer}.attention."
        heads, feature, _ = weights[f"{prefix}W_q"].shape if f"{prefix}W_q" in weights else (0, 0, 0)
        if not 0 <= head < heads:
            raise Fault(f"This network has no attention head {head} in layer {layer} to switch off.")
        changed[f"{prefix}W_o"] = changed[f"{prefix}W_o"].copy()
        changed[f"{prefix}W_o"][:, head * feature:(head + 1) * feature] = 0.0
    return changed


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def _reference(*question: Any) -> list[Trace]:
    return Passes(*question).run("float32")


@st.cache_resource(max_entries=20 * KEPT, show_spinner=False)
def _verdict(*question: Any) -> dict[str, Any]:
    passes = Passes(*question)
    answer = engine().ask("seqlab.lenses.proof:in_precisions", passes.path, passes.steps, np.array([passes.ids]),
                          passes.told, PRECISIONS, passes.ablated)
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


def _both(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Join two verdicts on the same snapshots to one that holds only where both do."""
    frames = []
    for first, second in zip(one["frames"], other["frames"], strict=True):
        worse = max(first, second, key=lambda frame: frame["float64"])
        frames.append(worse | {"float32": max(first["float32"], second["float32"]),
                               "fault": first["fault"] or second["fault"]})
    return other | {"frames": frames, "numbers": one["numbers"] + other["numbers"]}
