"""What the colours of a path can say: symbols, time, answers, and what is true of the input where that is known."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np
from jaxtyping import Float, Int

from seqlab.data.grammar import Grammar
from seqlab.data.grammar.quantities import quantities
from seqlab.figures.film import evenly
from seqlab.figures.trajectory import Colouring
from seqlab.reference.annotations import ANNOTATIONS
from seqlab.trace import Trace
from seqlab.training.run import Run
from seqlab.training.task_input import UNSCORED, TaskInput

Ids = Int[np.ndarray, "row time"]
MOST_STATES = 900


def colourings(run: Run, given: TaskInput, traces: Sequence[Trace],
               others: Ids | None) -> dict[str, Callable[[], Colouring]]:
    """Give what the colours can say by its label; ``others`` are the inputs of the states around the path."""
    time, cloud = given.ids.shape[1], given.ids if others is None else others
    drawn = np.array(evenly(cloud.size, MOST_STATES))
    at = np.tile(np.arange(cloud.shape[1], dtype=float), (len(cloud), 1)).ravel()[drawn]
    unknown = np.full(len(drawn), np.nan)
    letters = {letter: float(place) for place, letter in enumerate(given.letters_out)}
    right = np.array([letters.get(letter, np.nan) if letter != UNSCORED else np.nan
                      for letter in given.letters_target])
    said = np.stack([trace["p"][0].argmax(-1) for trace in traces]).astype(float)
    offered: dict[str, Callable[[], Colouring]] = {
        "symbol": lambda: Colouring("symbol that was read", "kind", given.ids[0].astype(float),
                                    cloud.ravel()[drawn].astype(float)),
        "time": lambda: Colouring("time", "amount", np.arange(time, dtype=float), at, 0.0, float(max(time - 1, 1))),
        "answer": lambda: Colouring("what the network says", "kind", said, unknown)}
    if np.isfinite(right).any():
        offered["right answer"] = lambda: Colouring("right answer", "kind", right, unknown)
    for label, values in truths(run, given.ids).items():
        if np.isfinite(values).any() and np.nanmax(values) > np.nanmin(values):
            offered[label] = partial(_amount, label, values[0], lambda of: truths(run, cloud)[of].ravel()[drawn])
    return offered


def _amount(label: str, path: Float[np.ndarray, " time"], around: Callable[[str], np.ndarray]) -> Colouring:
    cloud = around(label)
    every = np.r_[path, cloud]
    return Colouring(label, "amount", path, cloud, float(np.nanmin(every)), float(np.nanmax(every)))


def truths(run: Run, ids: Ids) -> Mapping[str, Float[np.ndarray, "row time"]]:
    """What is true after each symbol, by its label; NaN where it has no meaning.

    In a grammar's language that is what the grammar says of it, in a text of characters every annotation.
    """
    alphabet, language = run.alphabet, getattr(run.config.task_config, "language", None)
    if alphabet is None or (alphabet.level != "character" and not isinstance(language, Grammar)):
        return {}
    marks = [place for place in (alphabet.begin, alphabet.end, alphabet.pad, alphabet.unknown) if place is not None]
    rows = [_of_row([alphabet.symbols[place] for place in row if place not in marks], language) for row in ids.tolist()]
    answer = {}
    for label in dict.fromkeys(label for row in rows for label in row):
        values = np.full(ids.shape, np.nan)
        for row, own in enumerate(rows):
            if label in own:
                values[row, ~np.isin(ids[row], marks)] = own[label]
        answer[label] = values
    return answer


def _of_row(symbols: list[str], language: object) -> Mapping[str, Float[np.ndarray, " time"]]:
    if isinstance(language, Grammar):
        return quantities(language, symbols)
    text = "".join(symbols)
    return {annotation.label: annotation.read(text) for annotation in ANNOTATIONS.values()}
