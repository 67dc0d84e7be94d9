"""One training step in NumPy and in torch, computed once for all sessions that look at the same."""

from collections.abc import Mapping
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from seqlab import notation
from seqlab.agreement import TOLERANCE, Agreement, compare
from seqlab.errors import Fault
from seqlab.reference.backward import gradients
from seqlab.reference.core import Weights
from seqlab.reference.differences import central, places
from seqlab.reference.loss import cross_entropy
from seqlab.reference.network import network
from seqlab.reference.optim import OPTIMISERS, Memory, clip
from seqlab.trace import Trace
from seqlab.training import snapshots
from seqlab.training.run import Run
from seqlab.ui.proof.waiting import awaited
from seqlab.ui.shell.services import engine

KEPT = 24
PRECISION = "float64"
ROUNDING = 1e-13  # a gradient below this may be nothing but rounding, and so is a step that Adam makes of it


@dataclass(frozen=True)
class Found:
    """The loss, and dL/d of every weight that is trained and of every quantity of the pass."""

    loss: float
    weights: dict[str, np.ndarray]
    trace: Trace


@dataclass(frozen=True)
class Step:
    """What an optimiser makes of a gradient: its length before clipping, and the weights after the step."""

    norm: float
    updated: dict[str, np.ndarray]


@dataclass(frozen=True)
class Measured:
    """The largest gap between a gradient and measured slopes, and whether every one is within its measuring error."""

    gap: float
    within: bool


@dataclass(frozen=True)
class Asked:
    """One snapshot of a run, one sequence, which answers count; ``stamp`` tells a snapshot from one in its place."""

    path: str
    step: int
    stamp: int
    ids: tuple[int, ...]
    targets: tuple[int, ...]
    weight: tuple[float, ...]
    condition: int | None

    @classmethod
    def of(cls, run: Run, step: int, ids: np.ndarray, targets: np.ndarray, weight: np.ndarray,
           condition: int | None) -> "Asked":
        """Say what is asked; costs one look at the snapshot's file."""
        file = snapshots.file(run.path, "weights", step)
        stamp = file.stat().st_mtime_ns if file.exists() else 0
        return cls(str(run.path), step, stamp, tuple(ids.tolist()), tuple(targets.tolist()), tuple(weight.tolist()),
                   condition)

    @property
    def run(self) -> Run:
        """The run that is asked about."""
        return Run(Path(self.path))

    @property
    def batch(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray | None]:
        """The sequence as a batch of one: ids, targets, weight, condition."""
        told = None if self.condition is None else np.array([self.condition])
        return np.array([self.ids]), np.array([self.targets]), np.array([self.weight]), told

    def reference(self) -> Found:
        """Loss and gradients in NumPy, in double precision. Raises Fault."""
        return _reference(*astuple(self))

    def stepped(self, name: str, lr: float, limit: float | None) -> Step:
        """One training step in NumPy, with an optimiser that starts afresh."""
        clipped, norm = clip(self.reference().weights, limit or np.inf)
        updated, _ = OPTIMISERS[name](self.run.weights(self.step, PRECISION), clipped, Memory(), lr)
        return Step(norm, {name: updated[name] for name in clipped})

    def measured(self) -> dict[str, Measured]:
        """Slopes of a few numbers of every weight, measured by moving them a little; NumPy alone."""
        return _measured(*astuple(self))

    def torch(self, name: str, lr: float, limit: float | None) -> dict[str, Any]:
        """Do all this in torch, on a worker; raises TimeoutError, Fault."""
        return _torch(*astuple(self), name, lr, limit)


def gaps(asked: Asked, name: str, lr: float, limit: float | None) -> dict[str, tuple[float, float]]:
    """Largest |Δ| between NumPy and torch for every weight: of its gradient, and of the weight after the step."""
    theirs, step = asked.torch(name, lr, limit), asked.stepped(name, lr, limit)
    ours = asked.reference().weights
    return {part: (float(np.abs(ours[part] - theirs["weights"][part]).max()),
                   float(np.abs(step.updated[part] - theirs["updated"][part]).max())) for part in ours}


def agree(asked: Asked, name: str, lr: float, limit: float | None) -> dict[str, Agreement]:
    """Compare loss, length, all gradients and all updated weights with torch's, in double precision.

    Left out are updates that Adam makes of mere rounding: it divides a gradient by its own size, so where that is 0
    but for rounding (as for a key's bias, which moves all scores alike) the step is a matter of rounding too.
    """
    found, step, theirs = asked.reference(), asked.stepped(name, lr, limit), asked.torch(name, lr, limit)
    ours = {"loss": np.array([found.loss]), "length": np.array([step.norm]), **found.weights}
    there = {"loss": np.array([theirs["loss"]]), "length": np.array([theirs["norm"]]), **theirs["weights"]}
    for part in theirs["trace"]:
        ours[f"dL/d{part}"], there[f"dL/d{part}"] = found.trace[part], theirs["trace"][part]
    for part, after in step.updated.items():
        sure = np.abs(found.weights[part]) >= (0 if name == "sgd" else ROUNDING)
        if sure.any():
            ours[f"new {part}"], there[f"new {part}"] = after[sure], theirs["updated"][part][sure]
    return {PRECISION: compare(ours, there, TOLERANCE[PRECISION])}


def drawable(run: Run, trace: Trace) -> list[str]:
    """Quantities with a time and a unit whose gradients torch can be asked for.

    Torch's recurrent modules show their states, and no gates.
    """
    return [name for name in trace if trace[name].ndim == 3
            and (not run.core.state or notation.symbol(name).key in (*run.core.state, "x", "pooled", "logits"))]


def trained(run: Run, weights: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Those of the weights that training changes: one-hot codes stay as they are."""
    fixed = run.config.network.input == "one-hot"
    return {name: part for name, part in weights.items() if not (fixed and name.startswith("encoder."))}


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def _reference(*question: Any) -> Found:
    asked = Asked(*question)
    ids, targets, weight, told = asked.batch
    try:
        config = asked.run.config
        loss, found, trace = gradients(asked.run.core, ids, targets, weight, asked.run.weights(asked.step, PRECISION),
                                       told, config.reduction, config.network.pooling)
    except ValueError as error:  # learned positions that do not reach so far
        raise Fault(f"{str(error)[:1].upper()}{str(error)[1:]}.") from None
    return Found(loss, trained(asked.run, found), trace)


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def _measured(*question: Any) -> dict[str, Measured]:
    asked = Asked(*question)
    ids, targets, weight, told = asked.batch
    weights, found, config = asked.run.weights(asked.step, PRECISION), asked.reference().weights, asked.run.config
    size = float(weight.sum()) if config.reduction == "sum" else 1.0

    def loss(moved: Weights) -> float:
        trace = network(asked.run.core, ids, moved, condition=told, pooling=config.network.pooling)
        return size * cross_entropy(trace["logits"], targets, weight)

    slopes: dict[str, list[tuple[float, float]]] = {name: [] for name in found}
    for name, place in places(found, 1 if len(found) > 12 else 2):
        slope = central(loss, weights, name, place)
        slopes[name].append((abs(slope.value - float(found[name][place])), slope.error))
    return {name: Measured(max(gap for gap, _ in pairs), all(gap <= error for gap, error in pairs))
            for name, pairs in slopes.items()}


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def _torch(*question: Any) -> dict[str, Any]:
    *about, name, lr, limit = question
    asked = Asked(*about)
    return awaited(engine().ask("seqlab.lenses.gradients:step", asked.path, asked.step, *asked.batch,
                                {"name": name, "lr": lr, "clip": limit}))
