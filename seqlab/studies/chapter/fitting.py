"""Exercises 3, 4 and 5: one-hot input and embeddings, and how low the perplexity goes."""

from collections.abc import Mapping
from math import exp
from pathlib import Path

import numpy as np

from seqlab.numerals import number
from seqlab.reference.network import network
from seqlab.reference.weights import Weights
from seqlab.studies.chapter import pictures
from seqlab.studies.chapter.exercise import Exercise, View
from seqlab.studies.chapter.measures import as_published, validation_loss
from seqlab.studies.chapter.runs import EMBEDDING, configs
from seqlab.studies.figure import Figure
from seqlab.studies.results import Measured, MeasuredCurve
from seqlab.tasks.text import scoring
from seqlab.training import outcome
from seqlab.training.run import Run
from seqlab.training.sweep import Sweep
from seqlab.training.sweeps import Sweeps

WINDOWS = 64


def perplexity(run: Run) -> dict[str, float]:
    """Validation perplexity e^loss of the last weights, by the reference, and how far torch's own loss is from it."""
    loss, torch_loss = validation_loss(run), run.status.validation
    return {"perplexity": exp(loss), "apart": abs(loss - torch_loss) if torch_loss is not None else float("nan")}


def losses(run: Run) -> MeasuredCurve:
    """Validation loss in nats over the steps, as torch measured it while training."""
    columns = run.metrics()
    known = np.isfinite(columns["validation"])
    return MeasuredCurve(x=tuple(columns["step"][known].tolist()),
                         y=tuple(np.round(columns["validation"][known], 5).tolist()))


def curve(run: Run) -> MeasuredCurve:
    """Validation perplexity over the steps."""
    line = losses(run)
    return MeasuredCurve(x=line.x, y=tuple(round(exp(min(loss, 20.0)), 4) for loss in line.y))


def alike(runs: Mapping[str, Run], root: Path) -> Measured:
    """Compare a one-hot vector times W with the row of W, and the network with its twin whose embedding is W."""
    run = runs["chapter"]
    weights = run.weights()
    windows, _ = next(iter(scoring(run.config.task_config)))
    ids = windows[:WINDOWS, :-1].astype(np.int64)
    table = weights["core.weight_ih_l0"].T
    product = np.eye(len(table), dtype=table.dtype)[ids] @ table
    one_hot, embedded = (network(run.core, ids, known)["logits"] for known in (weights, as_embedding(weights)))
    return Measured({"row": float(np.abs(product - table[ids]).max()),
                     "logits": float(np.abs(one_hot - embedded).max()), "numbers": float(product.size + one_hot.size)})


def as_embedding(weights: Weights) -> dict[str, np.ndarray]:
    """Write a network with one-hot input as one that has an embedding: its matrix takes the place of W_ih."""
    table = weights["core.weight_ih_l0"].T
    unit = np.eye(table.shape[1], dtype=table.dtype)
    return {**weights, "encoder.symbol.weight": np.ascontiguousarray(table), "core.weight_ih_l0": unit}


def answer_alike(figures: Mapping[str, float]) -> str:
    """Answer exercise 3."""
    return (f"A vector of zeros with a single 1 picks a row of the matrix, and that is what an embedding does: over "
            f"{figures['numbers']:,.0f} numbers the largest |Δ| is {number(figures['row'])}, and the logits of the "
            f"whole network differ by {number(figures['logits'])}. It differs in training alone: an embedding adds "
            "a layer.")


ALIKE = Exercise(
    "time-machine-3", "One-hot or an embedding?",
    "Is a one-hot input the same as a different embedding for each character?",
    "A product with a one-hot vector is a look-up.",
    configs("chapter"),
    (Figure("row", "largest |Δ| of one-hot × W and a row of W", "g", aim=0.0),
     Figure("logits", "largest |Δ| of the logits", "g", aim=0.0)),
    alike, answer_alike, views=(View("text", "The same, number by number", "chapter"),))


def published_figures(runs: Mapping[str, Run]) -> dict[str, float]:
    """Perplexity of each run by the source's two measures: of all batches under its key, and of the first batch."""
    figures: dict[str, float] = {}
    for key, run in runs.items():
        figures[f"{key}, first batch"], figures[key] = as_published(run)
    return figures | {"apart": max(perplexity(run)["apart"] for run in runs.values())}


def tuned(runs: Mapping[str, Run], root: Path) -> Measured:
    """Measure the tuned networks and the chapter's own, and find the best point of the sweeps over them."""
    points = [one for sweep in Sweeps(root).all()[0] if fits(sweep)
              for one in outcome.outcomes(root, sweep) if one.counts and np.isfinite(one.loss)]
    figures = published_figures(runs) | {"points": float(len(points))}
    if points:
        figures["sweep"] = exp(min(one.loss for one in points))
    return Measured(figures, {key: curve(run) for key, run in runs.items()})


def fits(sweep: Sweep) -> bool:
    """Whether a sweep is one over the chapter's architecture on the chapter's split."""
    task, network = sweep.base.task, sweep.base.network
    return (task["name"] == "text" and (task["corpus"], task["preparation"], task["split"])
            == ("time-machine", "letters", "d2l") and network.model == "rnn_tanh"
            and not {"network.model", "task.corpus", "task.split"} & set(sweep.axes))


def answer_tuned(figures: Mapping[str, float]) -> str:
    """Answer exercise 4."""
    grid = (f" The best of {figures['points']:.0f} points of the sweeps here came down to {figures['sweep']:.2f}."
            if "sweep" in figures else "")
    return (f"To {figures['tuned']:.2f} with 64 units, a learned embedding, Adam at a rate that falls to nothing and "
            f"five epochs of small batches, where the chapter's own settings give {figures['chapter']:.2f}.{grid} "
            "These 10,000 characters are soon known by heart, so more units or epochs alone do not help.")


TUNED = Exercise(
    "time-machine-4", "How low can it go?",
    "How low can the perplexity go with this simple architecture, by other epochs, units, windows and learning rates?",
    "Tuning, and the gap between training and validation.",
    configs("tuned", "chapter"),
    (Figure("chapter", "validation perplexity", ".3f", "chapter/one-hot", tuned="tuned", aim=6.4),
     Figure("sweep", "validation perplexity, best of the sweeps here", ".3f")),
    tuned, answer_tuned, views=(View("sweeps", "The grid of 100 points"), View("text", "The tuned network", "tuned")),
    picture=pictures.perplexities({}))


def learned(runs: Mapping[str, Run], root: Path) -> Measured:
    """Measure the network with a learned embedding, the tuned one, and the chapter's own."""
    line = curve(runs["embedding"])
    return Measured(published_figures(runs) | {"lowest": min(line.y)},
                    {"embedding": line, "chapter": curve(runs["chapter"])})


def answer_learned(figures: Mapping[str, float]) -> str:
    """Answer exercise 5."""
    better = "Yes" if figures["embedding"] < figures["chapter"] else "No"
    return (f"{better}: {figures['embedding']:.2f} against {figures['chapter']:.2f} with one-hot input, after the same "
            f"100 epochs; on its way it came down to {figures['lowest']:.2f}. By exercise 3 it cannot say more than "
            "one-hot, but its codes start a hundred times larger than the 0.01 of all other matrices, so that the "
            "network learns from the first steps on.")


EMBEDDED = Exercise(
    "time-machine-5", "A learned embedding",
    f"Does a learned embedding ({EMBEDDING['embedding']} wide) in place of one-hot input do better?",
    "What a layer that is redundant on paper does for training.",
    configs("embedding", "tuned", "chapter"),
    (Figure("embedding", "perplexity, embedding", ".3f", "chapter/embedding", tuned="tuned"),
     Figure("embedding, first batch", "embedding, first batch alone", ".3f", "chapter/embedding, first batch",
            tuned="tuned, first batch"),
     Figure("chapter", "perplexity, one-hot", ".3f", "chapter/one-hot"),
     Figure("chapter, first batch", "one-hot, first batch alone", ".3f", "chapter/one-hot, first batch")),
    learned, answer_learned,
    views=(View("text", "The network", "embedding"), View("sampling", "Let it write", "embedding")),
    picture=pictures.perplexities({"published": "chapter/embedding"}))
