"""Exercises 1 and 2: how far back the network looks, and what sets it."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from seqlab.studies.chapter import pictures
from seqlab.studies.chapter.exercise import Exercise, View, grid
from seqlab.studies.chapter.measures import influence, loss_by_context
from seqlab.studies.chapter.runs import LENGTHS, configs
from seqlab.studies.figure import Figure
from seqlab.studies.results import Measured, MeasuredCurve
from seqlab.training.run import Run

CONTEXTS = (1, 2, 4, 8, 16, 32, 64, 128)
PLACES, FEW = 800, 400
ENOUGH = 0.01  # nats: less than this is no gain
SEEN = ("fresh", "each window afresh"), ("carried", "state carried on")


def sufficient(contexts: tuple[int, ...], losses: np.ndarray) -> int:
    """Say how many characters suffice: the fewest whose loss lies within ``ENOUGH`` of the least."""
    return contexts[int(np.flatnonzero(losses <= losses.min() + ENOUGH)[0])]


def past(runs: Mapping[str, Run], root: Path) -> Measured:
    """Measure how far a character moves the prediction that comes so many places later, and what context is worth."""
    run = runs["chapter"]
    moved, losses = influence(run, CONTEXTS, FEW), loss_by_context(run, CONTEXTS, PLACES)
    window = run.config.task_config.num_steps
    figures = {"window": float(window), "last": moved[0], "eighth": moved[CONTEXTS.index(8)],
               "beyond": moved[CONTEXTS.index(2 * window)] if 2 * window in CONTEXTS else moved[-1],
               "enough": float(sufficient(CONTEXTS, losses))}
    return Measured(figures, {"influence": _line(moved), "loss": _line(losses)})


def _line(values: np.ndarray) -> MeasuredCurve:
    return MeasuredCurve(x=tuple(map(float, CONTEXTS)), y=tuple(values.tolist()))


def scientific(value: float) -> str:
    """Write a small number as the charts do: 4e−10."""
    return f"{value:.0e}".replace("e-0", "e-").replace("-", "−")


def answer_past(figures: Mapping[str, float]) -> str:
    """Answer exercise 1."""
    return (f"No. In training every window of {figures['window']:.0f} characters starts from an empty state, so "
            "nothing before it can matter. Read on over the whole text, the state could carry all of it, but it does "
            f"not: another last character moves the prediction by {figures['last']:.0%}, another one 8 places back by "
            f"{figures['eighth']:.1%}, and {2 * figures['window']:.0f} back by {scientific(figures['beyond'])}. After "
            f"{figures['enough']:.0f} characters more context is worth less than {ENOUGH} nats.")


PAST = Exercise(
    "time-machine-1", "All of the past?",
    "Does the network predict the next character from all characters since the first one of the book?",
    "Context: what a window cuts off, and what a state forgets.",
    configs("chapter"),
    (Figure("enough", "characters of context that suffice", ".0f"),
     Figure("beyond", "shift of p by a character two windows back", ".0e")),
    past, answer_past,
    views=(View("reading", "Loss of every character", "chapter"), View("stepper", "Step by step", "chapter")),
    picture=pictures.influence)


def reach(runs: Mapping[str, Run], root: Path) -> Measured:
    """Measure the loss against the length of the context for each way of training."""
    figures: dict[str, float] = {}
    lines: dict[str, MeasuredCurve] = {}
    for key, run in runs.items():
        losses = loss_by_context(run, CONTEXTS, PLACES)
        lines[key] = _line(losses)
        figures |= {f"{key}, loss": float(losses[-1]), f"{key}, enough": float(sufficient(CONTEXTS, losses))}
    return Measured(figures, lines)


def answer_reach(figures: Mapping[str, float]) -> str:
    """Answer exercise 2."""
    short, long = LENGTHS[0], LENGTHS[-1]
    return ("The number of characters in a window (num_steps), and whether the state is carried from one window to "
            f"the next. In windows of {short}, each afresh, {figures[f'fresh-{short}, enough']:.0f} characters of "
            f"context are all that helps ({figures[f'fresh-{short}, loss']:.2f} nats with {CONTEXTS[-1]}); with the "
            f"state carried on, {figures[f'carried-{short}, enough']:.0f} "
            f"({figures[f'carried-{short}, loss']:.2f} nats), although no gradient goes back further than {short}. "
            f"Windows of {long}, each afresh, give {figures[f'fresh-{long}, loss']:.2f} nats.")


REACH = Exercise(
    "time-machine-2", "How far back?",
    "Which setting says how much of the past is used?",
    "num_steps bounds what the gradient can teach; a carried state what the network can know.",
    configs(*(f"{state}-{length}" for state, _ in SEEN for length in LENGTHS)),
    grid({f"{state}-{length}": f"windows of {length}, {words}" for state, words in SEEN for length in LENGTHS},
         (("enough", "characters that help", ".0f"), ("loss", f"loss with {CONTEXTS[-1]}", ".3f"))),
    reach, answer_reach,
    views=(View("text", "Carry the state yourself", "carried-16"), View("reading", "Loss of every character",
                                                                       "carried-16")),
    picture=pictures.by_context(
        {f"{state}-{length}": f"{length}, {words.removeprefix('each window ').removeprefix('state ')}"
         for state, words in SEEN for length in LENGTHS}, [f"fresh-{length}" for length in LENGTHS]))
