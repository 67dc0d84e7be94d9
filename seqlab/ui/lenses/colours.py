"""What the colours of a path can say: symbols, time, answers, and what is true of the input where that is known."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from jaxtyping import Float, Int

from seqlab.data.grammar import Grammar
from seqlab.data.grammar.quantities import quantities
from seqlab.errors import Fault
from seqlab.figures.film import evenly
from seqlab.figures.trajectory import Colouring
from seqlab.numerals import number
from seqlab.reference.annotations import ANNOTATIONS
from seqlab.reference.probes import Fit, explained
from seqlab.trace import Trace
from seqlab.training.run import Run
from seqlab.training.task_input import UNSCORED, TaskInput

Ids = Int[np.ndarray, "row time"]
MOST_STATES = 900


@dataclass(frozen=True)
class Surroundings:
    """Other inputs, and the states around a path that they lead to."""

    ids: Ids
    states: Float[np.ndarray, "row time unit"]


def colourings(run: Run, given: TaskInput, traces: Sequence[Trace], name: str,
               others: Surroundings | None) -> dict[str, Callable[[], Colouring]]:
    """Give what the colours of a quantity's path, and of the states around it, can say, by its label."""
    time, cloud = given.ids.shape[1], given.ids if others is None else others.ids
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
            if others is not None:
                offered[f"{label}, read by a probe"] = partial(_probed, run, label, values[0], others,
                                                               [trace[name][0] for trace in traces], drawn)
    return offered


def _amount(label: str, path: Float[np.ndarray, " time"], around: Callable[[str], np.ndarray]) -> Colouring:
    cloud = around(label)
    return Colouring(label, "amount", path, cloud, *_span(path, cloud))


def _probed(run: Run, label: str, path: Float[np.ndarray, " time"], others: Surroundings,
            states: Sequence[Float[np.ndarray, "time unit"]], drawn: Int[np.ndarray, " state"]) -> Colouring:
    """Read it off the states: a probe of the newest snapshot, fitted on half of the other inputs and scored on half."""
    values = truths(run, others.ids)[label]
    known = np.isfinite(values)
    fit, score = known.copy(), known.copy()
    fit[1::2], score[::2] = False, False
    if not fit.any():
        raise Fault(f"No other input says anything of “{label}”, so no probe can learn it; choose another colour.")
    probe = Fit.of(others.states[fit]).probe(values[fit])
    share = explained(values[score], probe.read(others.states[score].astype(np.float64)))
    held = f"R² {number(share, 3)} on inputs it was not fitted on" if np.isfinite(share) else "not scored"
    around = probe.read(others.states.reshape(-1, others.states.shape[-1])[drawn].astype(np.float64))
    read = np.stack([probe.read(each.astype(np.float64)) for each in states])
    return Colouring(f"{label}, as a linear probe reads it ({held})", "amount", read, around, *_span(path, values))


def _span(*parts: np.ndarray) -> tuple[float, float]:
    every = np.concatenate([part.ravel() for part in parts])
    return float(np.nanmin(every)), float(np.nanmax(every))


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
