"""The proofs of what leaves: NumPy and torch in one process, compared as on a page, and who proved it when."""

import time
from collections.abc import Sequence
from dataclasses import astuple, replace
from functools import partial

import numpy as np

import seqlab
from seqlab.data.vocabulary import Vocabulary
from seqlab.export.exports import Leaving
from seqlab.figures.badge import Frame, compared
from seqlab.figures.rounding import PRECISIONS, largest_weight, written
from seqlab.figures.studio import SampledText
from seqlab.reference.sampling import Choice, Sampled, sample, shape, uniforms
from seqlab.trace import Trace
from seqlab.training.run import Run
from seqlab.training.sampling import alphabet, options

SHORT, TEMPERATURES = 160, (0.0, 0.2, 0.5, 0.8, 1.0, 1.2, 1.5)  # of the column beside a text


def passes(leaving: Leaving, steps: Sequence[int]) -> tuple[list[Trace], list[Frame]]:
    """Compute the pass at several snapshots, in single precision, and compare all of them with torch."""
    from seqlab.lenses.proof import in_precisions

    given = leaving.given
    condition = None if given.condition is None else np.array([given.condition])
    torch = in_precisions(str(leaving.run.path), steps, given.ids, condition, PRECISIONS, leaving.changes)
    drawn, frames = [], []
    for number, step in enumerate(steps):
        reference = {precision: leaving.traced(step, precision) for precision in PRECISIONS}
        other = {precision: torch[precision][number] for precision in PRECISIONS}
        drawn.append(reference["float32"])
        frames.append(compared(reference, other, step, partial(_largest, leaving, step)))
    return drawn, frames


def text(leaving: Leaving) -> tuple[SampledText, dict[float, np.ndarray], list[Frame]]:
    """Draw a text and its beginnings at other temperatures, and have torch read and draw the same."""
    asked, known = leaving.text, alphabet(leaving.run)
    prompt = _prompt(known) if asked.prompt is None else asked.prompt
    sampled = _sampled(leaving, known, prompt, asked.length, [asked.choice])
    others = [replace(asked.choice, temperature=temperature, alpha=1.0) for temperature in TEMPERATURES
              if temperature or not asked.choice.divide_probabilities]
    column = _sampled(leaving, known, prompt, min(SHORT, asked.length), others)
    count = int(sampled.lengths[0])
    drawn = SampledText(prompt, known, asked.choice, asked.seed, sampled.ids[0, :count], sampled.logits[0, :count],
                        uniforms(asked.seed, asked.length)[:count])
    rows = {choice.temperature: column.ids[row, :column.lengths[row]] for row, choice in enumerate(others)}
    frame = _same_text(leaving, known, prompt, sampled, [asked.choice])
    return drawn, rows, [frame.joined(_same_text(leaving, known, prompt, column, others))]


def words(frame: Frame) -> str:
    """Say in a sentence what a badge says of one frame."""
    if frame.rounding is not None:
        return str(frame.rounding)
    if frame.fault is not None:
        return f"torch and NumPy differ, first at {frame.fault}."
    sizes = ", ".join(f"{written(part.largest)} ({precision})" for precision, part in frame.agreements.items())
    numbers = next(iter(frame.agreements.values())).numbers
    return f"torch and NumPy agree: largest |Δ| {sizes} over {numbers:,} numbers."


def witnesses() -> str:
    """Say who proved it, and when."""
    import torch

    return (f"Proved on {time.strftime('%Y-%m-%d')} by seqlab {seqlab.__version__}, with torch {torch.__version__} and "
            f"NumPy {np.__version__}.")


def _largest(leaving: Leaving, step: int) -> float:
    return largest_weight(leaving.weights(step))


def _prompt(known: Vocabulary) -> str:
    """Something that a running text can go on from; texts that begin by a mark need nothing."""
    if known.begin is not None:
        return ""
    return " " if " " in known.places else next(iter(known.places), "")


def _sampled(leaving: Leaving, known: Vocabulary, prompt: str, length: int, choices: Sequence[Choice]) -> Sampled:
    return sample(leaving.run.core, leaving.weights(dtype="float64"), known.encode(prompt), choices,
                  uniforms(leaving.text.seed, length), **options(leaving.run), changes=leaving.changes)


def _same_text(leaving: Leaving, known: Vocabulary, prompt: str, sampled: Sampled, choices: Sequence[Choice]) -> Frame:
    from seqlab.lenses.sampling import again

    run: Run = leaving.run
    asked = options(run)
    length = sampled.ids.shape[1]
    answer = again(str(run.path), leaving.step, known.encode(prompt).tolist(), sampled.ids,
                   [astuple(choice) for choice in choices], uniforms(leaving.text.seed, length), asked["masked"],
                   asked["end"], asked["start"], "float64", leaving.changes)
    p = np.zeros(sampled.logits.shape)
    for row, choice in enumerate(choices):
        end = sampled.lengths[row]
        p[row, :end] = shape(sampled.logits[row, :end], choice, asked["masked"]).p
    names = ("logit", "probability", "symbol")
    both = [dict(zip(names, (part.astype(np.float64) for part in parts), strict=True))
            for parts in ((sampled.logits, p, sampled.ids), (answer.logits, answer.p, answer.ids))]
    return compared({"float64": both[0]}, {"float64": both[1]})
