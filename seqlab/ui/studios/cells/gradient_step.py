"""One training step in NumPy and in torch, computed once for all sessions that look at the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from seqlab import notation
from seqlab.errors import Fault
from seqlab.figures.rounding import Arrays
from seqlab.reference.backward import gradients
from seqlab.reference.differences import central, places
from seqlab.reference.loss import cross_entropy, divisor
from seqlab.reference.network import network
from seqlab.reference.optim import OPTIMISERS, Memory, clip
from seqlab.reference.weights import Weights
from seqlab.trace import Trace
from seqlab.training.answers import TrainingStep
from seqlab.training.run import Run
from seqlab.ui.proof import client
from seqlab.ui.proof.proof import Proof
from seqlab.ui.proof.snapshot import stamp
from seqlab.ui.proof.store import ANSWERS, PICTURES
from seqlab.ui.proof.waiting import Ready, wait_for

PRECISION = "float64"
ROUNDING = 1e-13  # a gradient below this may be nothing but rounding, and so is a step that Adam makes of it


@dataclass(frozen=True)
class Gradients:
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
class MeasuredSlopes:
    """The largest gap between a gradient and measured slopes, and whether every one is within its measuring error."""

    gap: float
    within: bool


@dataclass(frozen=True)
class LossQuestion:
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
           condition: int | None) -> "LossQuestion":
        """Say what is asked; costs one look at the snapshot's file."""
        return cls(str(run.path), step, stamp(run, step), tuple(ids.tolist()), tuple(targets.tolist()),
                   tuple(weight.tolist()), condition)

    @property
    def run(self) -> Run:
        """The run that is asked about."""
        return Run(Path(self.path))

    @property
    def batch(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray | None]:
        """The sequence as a batch of one: ids, targets, weight, condition."""
        condition = None if self.condition is None else np.array([self.condition])
        return np.array([self.ids]), np.array([self.targets]), np.array([self.weight]), condition


@dataclass(frozen=True)
class StepQuestion:
    """A training step on the gradients of such a loss, with an optimiser that starts afresh."""

    loss: LossQuestion
    optimiser: str
    lr: float
    clip: float | None

    def stepped(self) -> Step:
        """Take it in NumPy, in double precision. Raises Fault."""
        clipped, norm = clip(gradients_of(self.loss).weights, self.clip or np.inf)
        weights = self.loss.run.weights(self.loss.step, PRECISION)
        updated, _ = OPTIMISERS[self.optimiser](weights, clipped, Memory(), self.lr)
        return Step(norm, {name: updated[name] for name in clipped})

    def gaps(self) -> dict[str, tuple[float, float]]:
        """Largest |Δ| of NumPy and torch for every weight: of its gradient, and of the weight after the step."""
        torch, step, gradients = torch_step(self), self.stepped(), gradients_of(self.loss).weights
        return {part: (float(np.abs(gradients[part] - torch["weights"][part]).max()),
                       float(np.abs(step.updated[part] - torch["updated"][part]).max())) for part in gradients}


@ANSWERS.cached
def torch_step(question: StepQuestion) -> TrainingStep:
    """Do all this in torch, on a worker; raises TimeoutError, Fault."""
    loss = question.loss
    return wait_for(client.training_step(loss.path, loss.step, *loss.batch, {
        "name": question.optimiser, "lr": question.lr, "clip": question.clip}))


def _reference(question: StepQuestion, precision: str) -> list[Arrays]:
    """Loss, length, all gradients and all updated weights, in NumPy."""
    gradients, step = gradients_of(question.loss), question.stepped()
    return [_named(question, {"loss": gradients.loss, "norm": step.norm, "weights": gradients.weights,
                              "trace": {name: gradients.trace[name] for name in torch_step(question)["trace"]},
                              "updated": step.updated})]


def _named(question: StepQuestion, step: TrainingStep) -> Arrays:
    """Name the numbers of a step.

    Left out are updates that Adam makes of mere rounding: it divides a gradient by its own size, so where that is 0
    but for rounding (as for a key's bias, which moves all scores alike) the step is a matter of rounding too.
    """
    arrays = {"loss": np.array([step["loss"]]), "length": np.array([step["norm"]]), **step["weights"]}
    arrays |= {f"dL/d{name}": part for name, part in step["trace"].items()}
    for name, gradient in gradients_of(question.loss).weights.items():
        sure = np.abs(gradient) >= (0 if question.optimiser == "sgd" else ROUNDING)
        if sure.any():
            arrays[f"new {name}"] = step["updated"][name][sure]
    return arrays


TRAINING_STEP = Proof[StepQuestion, TrainingStep](
    name="training step", remote=lambda question: Ready(torch_step(question)), reference=_reference,
    torch=lambda question, answer, precision: [_named(question, answer)], precisions=(PRECISION,),
    compares="The badge compares the loss, every gradient in the pictures and of the weights with torch's autograd, "
             "and the weights after the step with those of torch's own optimiser.")


def drawable(run: Run, trace: Trace) -> list[str]:
    """Quantities with a time and a unit whose gradients torch can be asked for.

    Torch's recurrent modules show their states, and no gates.
    """
    return [name for name in trace if trace[name].ndim == 3
            and (not run.core.state or notation.symbol(name).key in (*run.core.state, "x", "pooled", "logits"))]


def trained(run: Run, weights: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Those of the weights that training changes."""
    left = run.config.network.fixed(weights)
    return {name: part for name, part in weights.items() if name not in left}


@PICTURES.cached
def gradients_of(question: LossQuestion) -> Gradients:
    """Loss and gradients in NumPy, in double precision. Raises Fault."""
    (ids, targets, weight, condition), run = question.batch, question.run
    try:
        loss, weights, trace = gradients(run.core, ids, targets, weight, run.weights(question.step, PRECISION),
                                         condition, run.config.reduction, run.config.network.pooling)
    except ValueError as error:  # learned positions that do not reach so far
        raise Fault(f"{str(error)[:1].upper()}{str(error)[1:]}.") from None
    return Gradients(loss, trained(run, weights), trace)


@PICTURES.cached
def measured_slopes(question: LossQuestion) -> dict[str, MeasuredSlopes]:
    """Slopes of a few numbers of every weight, measured by moving them a little; NumPy alone."""
    (ids, targets, weight, condition), run = question.batch, question.run
    weights, by_hand = run.weights(question.step, PRECISION), gradients_of(question).weights
    size = float(weight.sum()) / divisor(weight, run.config.reduction)

    def loss(moved: Weights) -> float:
        trace = network(run.core, ids, moved, condition=condition, pooling=run.config.network.pooling)
        return size * cross_entropy(trace["logits"], targets, weight)

    slopes: dict[str, list[tuple[float, float]]] = {name: [] for name in by_hand}
    for name, place in places(by_hand, 1 if len(by_hand) > 12 else 2):
        slope = central(loss, weights, name, place)
        slopes[name].append((abs(slope.value - float(by_hand[name][place])), slope.error))
    return {name: MeasuredSlopes(max(gap for gap, _ in pairs), all(gap <= error for gap, error in pairs))
            for name, pairs in slopes.items()}
