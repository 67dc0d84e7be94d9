"""Exercises 9 and 10: without clipping, and with ReLU."""

import re
from collections.abc import Mapping
from math import exp
from pathlib import Path

import numpy as np

from seqlab.numerals import number
from seqlab.studies.chapter import pictures
from seqlab.studies.chapter.exercise import Exercise, View, grid
from seqlab.studies.chapter.fitting import losses
from seqlab.studies.chapter.runs import configs
from seqlab.studies.results import Measured, MeasuredCurve
from seqlab.training.run import Run


def diverged_at(run: Run) -> float:
    """Step at which a run's numbers ceased to be finite; NaN where they never did."""
    match = re.search(r"at step (\d+)", run.status.message) if run.status.state == "diverged" else None
    return float(match[1]) if match else float("nan")


def norms(run: Run) -> MeasuredCurve:
    """Norm of the gradient before clipping, as it was published: a mean over the few steps since the one before."""
    columns = run.metrics()
    known = np.isfinite(columns["grad_norm"])
    return MeasuredCurve(x=tuple(columns["step"][known].tolist()),
                         y=tuple(float(f"{norm:.4g}") for norm in columns["grad_norm"][known].tolist()))


def measure(runs: Mapping[str, Run], root: Path) -> Measured:
    """Measure each run: its perplexity, its largest gradient, and where it diverged."""
    figures = {"clip": max(run.config.optimiser.clip or 0.0 for run in runs.values())}
    for key, run in runs.items():
        curve, largest = losses(run), norms(run)
        figures |= {f"{key}, diverged": diverged_at(run), f"{key}, norm": max(largest.y, default=float("nan"))}
        if run.status.state == "finished" and curve.y:
            figures[f"{key}, perplexity"] = exp(min(curve.y[-1], 700.0))
    return Measured(figures, {key: norms(run) for key, run in runs.items()})


def answer_clipping(figures: Mapping[str, float]) -> str:
    """Answer exercise 9."""
    acts = "hardly" if abs(figures["free, perplexity"] - figures["chapter, perplexity"]) >= 1e-6 else "never"
    return (f"Nothing, with the chapter's settings: the norm, a mean of ten steps, never exceeds "
            f"{figures['free, norm']:.2f}, so clipping to {number(figures['clip'])} {acts} acts and both end at "
            f"{figures['free, perplexity']:.2f}. At ten times the learning rate it decides: "
            f"{_end(figures, 'steep-free')} without it, where the norm reaches "
            f"{number(figures['steep-free, norm'], 2)}, and {_end(figures, 'steep')} clipped to 0.1.")


def answer_relu(figures: Mapping[str, float]) -> str:
    """Answer exercise 10."""
    return (f"It depends on where the weights start, for nothing bounds a ReLU's state: a gradient through 32 steps "
            f"holds W_hh 32 times. From tiny weights, as in the chapter, it learns without clipping as well "
            f"({_end(figures, 'relu-free')}; clipped, {_end(figures, 'relu')}). From an orthogonal W_hh, which keeps "
            f"lengths, it ends at once without it ({_end(figures, 'relu-loud-free')}); clipped, the norm still reaches "
            f"{number(figures['relu-loud, norm'], 2)}, and it learns ({_end(figures, 'relu-loud')} after 200 steps).")


def _end(figures: Mapping[str, float], key: str) -> str:
    """Say how a run ended."""
    step = figures.get(f"{key}, diverged")
    return f"divergence at step {step:.0f}" if step else f"perplexity {number(figures[f'{key}, perplexity'])}"


KINDS = (("diverged", "diverged at step", ".0f"), ("norm", "largest gradient norm", ".3g"),
         ("perplexity", "perplexity", ".3g"))
PLAIN = {"free": "no clipping", "chapter": "clipped to 1", "steep-free": "rate 10", "steep": "rate 10, clipped"}
RECTIFIED = {"relu-loud-free": "orthogonal start, no clipping", "relu-loud": "orthogonal start, clipped",
             "relu-free": "the chapter's start, no clipping", "relu": "the chapter's start, clipped"}
SHORT = {"relu-loud-free": "orthogonal", "relu-loud": "orthogonal, clipped", "relu-free": "chapter's",
         "relu": "chapter's, clipped"}  # a legend has one line

CLIPPING = Exercise(
    "time-machine-9", "No clipping",
    "What happens where the gradient is not clipped?",
    "A gradient through many steps may explode; clipping bounds the step that it makes.",
    configs(*PLAIN), grid(PLAIN, KINDS[1:]), measure, answer_clipping,
    views=(View("text", "The run that goes wrong", "steep-free"),), picture=pictures.norms(PLAIN))
RELU = Exercise(
    "time-machine-10", "ReLU",
    "With ReLU in place of tanh, is clipping still needed, and why?",
    "What bounds a state, and what a product of many equal matrices does.",
    configs(*RECTIFIED), grid(RECTIFIED, KINDS), measure, answer_relu,
    views=(View("text", "The run that diverges", "relu-loud-free"),
           View("text", "The one that is clipped", "relu-loud")), picture=pictures.norms(SHORT))
