"""Which units follow an annotation: scores of every unit and of a linear probe, where nothing was fitted.

States are ``unit position`` in half precision, as they are stored for a whole corpus: a unit's numbers lie together.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Bool, Float, Float16, Int

from seqlab.errors import Fault
from seqlab.reference.probes import Fit, explained

States = Float16[np.ndarray, "unit position"]
Labels = Float[np.ndarray, " position"]
Mask = Bool[np.ndarray, " position"]
Measure = Literal["AUC", "R²"]

FEWEST = 5  # positions of either kind, on either side
PROBED = 10_000  # positions that the probe is fitted on, and as many that it is scored on
_BLOCK = 32  # units at a time


@dataclass(frozen=True)
class Selectivity:
    """How well units follow an annotation, each by itself and all together.

    ``measure``: the AUC, where it is true or not (0.5: chance, 1: perfect), or the share of variance explained, R²,
    where it is an amount. ``fitted`` and ``held_out`` are the scores of each unit on the positions it was fitted on and
    on the others; ``sign`` is -1 where the unit falls as the annotation rises. ``order`` has the best fitted first.
    ``probe`` is the score of a linear probe of all units on the positions held out.
    """

    measure: Measure
    fitted: Float[np.ndarray, " unit"]
    held_out: Float[np.ndarray, " unit"]
    sign: Int[np.ndarray, " unit"]
    order: Int[np.ndarray, " unit"]
    probe: float


def selectivity(states: States, labels: Labels, held_out: Mask, seed: int = 0) -> Selectivity:
    """Score every unit, and a probe, fitted where ``held_out`` is false and scored where it is true.

    Positions whose label is NaN count for nothing. Raises Fault where the annotation is nearly nowhere, nearly
    everywhere, or never changes.
    """
    known = np.isfinite(labels)
    kinds = np.unique(labels[known])
    if len(kinds) < 2:
        raise Fault(_constant(kinds))
    fit, score = known & ~held_out, known & held_out
    if set(kinds.tolist()) <= {0.0, 1.0}:
        _check_counts(labels, fit, score)
        fitted, held = _aucs(states, labels == 1, (fit, score))
        measure: Measure = "AUC"
        sign = np.where(fitted < 0.5, -1, 1)
        fitted, held = (np.where(sign < 0, 1 - part, part) for part in (fitted, held))
    else:
        measure = "R²"
        if min(fit.sum(), score.sum()) < 2 * FEWEST or min(labels[fit].std(), labels[score].std()) < 1e-9:
            raise Fault("There is too little of this in the text to score it; take a longer text, or another rule.")
        sign, fitted, held = _lines(states, labels, fit, score)
    order = np.argsort(-fitted, kind="stable")
    return Selectivity(measure, fitted, held, sign, order, _probe(states, labels, fit, score, measure, seed))


def auc(scores: Float[np.ndarray, " position"], positive: Mask) -> float:
    """Probability that a positive position has the higher score than a negative one, ties half: Mann and Whitney's U.

    U = Σ rank of the positives - P (P + 1) / 2, and the AUC is U / (P N).
    """
    order = np.argsort(scores, kind="stable")
    _, first, counts = np.unique(scores[order], return_index=True, return_counts=True)
    ranks = np.empty(len(scores))
    ranks[order] = np.repeat(first + (counts + 1) / 2, counts)
    P = int(positive.sum())
    return float((ranks[positive].sum() - P * (P + 1) / 2) / (P * (len(scores) - P)))


def _aucs(states: States, positive: Mask, sides: tuple[Mask, Mask]) -> Float[np.ndarray, "2 unit"]:
    """The AUC of every unit on both sides, exactly: half precision has so few numbers that each can have a counter."""
    groups = [np.flatnonzero(side & part) for side in sides for part in (positive, ~positive)]
    values = np.empty((2, len(states)))
    for unit, row in enumerate(states):
        places = _places(row)
        counts = [np.bincount(places.take(group), minlength=int(places.max()) + 1) for group in groups]
        for side, (yes, no) in enumerate((counts[:2], counts[2:])):
            below = np.cumsum(no) - no / 2
            values[side, unit] = (yes @ below) / (len(groups[2 * side]) * len(groups[2 * side + 1]))
    return values


def _places(row: Float16[np.ndarray, " position"]) -> Int[np.ndarray, " position"]:
    """The place of each number among all of half precision from the least in the row on; -0 is 0.

    The bits of a positive number rise with it and those of a negative one fall: they are turned round.
    """
    bits = row.view(np.int16)
    negative = bits >> 15
    ordered = (bits ^ (negative & 0x7FFF)) - negative
    return ordered.astype(np.int64) - ordered.min()


def _lines(states: States, labels: Labels, fit: Mask, score: Mask) -> tuple[
        Int[np.ndarray, " unit"], Float[np.ndarray, " unit"], Float[np.ndarray, " unit"]]:
    """The line from each unit to an amount, fitted by least squares: its sign, and R² on either side.

    All that least squares needs of a unit x and the amount y are the sums of x, x², and x y over a side.
    """
    centre, spread = labels[fit].mean(), labels[fit].std()
    y = np.where(fit | score, labels - centre, 0.0)
    sums = np.stack([fit, fit * y, score, score * y], axis=1).astype(np.float64)
    (x, xy, x_held, xy_held), (xx, xx_held) = (np.empty((count, len(states))) for count in (4, 2))
    for first in range(0, len(states), _BLOCK):
        part, block = states[first:first + _BLOCK].astype(np.float64), slice(first, first + _BLOCK)
        x[block], xy[block], x_held[block], xy_held[block] = (part @ sums).T
        np.square(part, out=part)
        xx[block], xx_held[block] = (part @ sums[:, ::2]).T
    n, m, y_held = fit.sum(), score.sum(), y[score]
    variance = xx / n - (x / n) ** 2
    moves = variance > 1e-12 * (1 + xx / n)
    slope = np.where(moves, xy / n / np.where(moves, variance, 1), 0.0)
    rest = -slope * x / n  # ŷ = slope x + rest
    error = (y_held @ y_held - 2 * slope * xy_held - 2 * rest * y_held.sum() + slope ** 2 * xx_held
             + 2 * slope * rest * x_held + m * rest ** 2)
    held = 1 - error / float(((y_held - y_held.mean()) ** 2).sum())
    return np.where(slope < 0, -1, 1), slope ** 2 * variance / spread ** 2, held


def _probe(states: States, labels: Labels, fit: Mask, score: Mask, measure: Measure, seed: int) -> float:
    rng = np.random.default_rng(seed)
    learned, asked = (_some(np.flatnonzero(side), labels, measure, rng) for side in (fit, score))
    read = Fit.of(states[:, learned].T).probe(labels[learned]).read(states[:, asked].T.astype(np.float64))
    return auc(read, labels[asked] == 1) if measure == "AUC" else explained(labels[asked], read)


def _some(places: Int[np.ndarray, " place"], labels: Labels, measure: Measure,
          rng: np.random.Generator) -> Int[np.ndarray, " chosen"]:
    """At most ``PROBED`` of some positions; where a label is rare, as many of it as there are."""
    if len(places) <= PROBED:
        return places
    if measure == "R²":
        return np.sort(rng.permutation(places)[:PROBED])
    yes, no = (rng.permutation(places[labels[places] == value]) for value in (1, 0))
    fewer = min(len(yes), len(no), PROBED // 2)
    return np.sort(np.r_[yes[:max(fewer, PROBED - len(no))], no[:max(fewer, PROBED - len(yes))]][:PROBED])


def _check_counts(labels: Labels, fit: Mask, score: Mask) -> None:
    for value, word in ((1.0, "holds"), (0.0, "does not hold")):
        counts = [int((labels[side] == value).sum()) for side in (fit, score)]
        if min(counts) < FEWEST:
            raise Fault(f"The rule {word} at only {sum(counts)} places of this text, too few to fit on some of them "
                        "and to score on others; take a longer text, or another rule.")


def _constant(kinds: Float[np.ndarray, " kind"]) -> str:
    if not len(kinds):
        return "This has no meaning in this text: it lacks the signs for it. Take another rule, or another text."
    if kinds[0] == 0:
        return "The rule matches nothing in this text; take another rule, or another text."
    return "The rule matches everything in this text, so no unit can follow it; take another rule."


def strongest(row: Float16[np.ndarray, " position"], sign: int, count: int, apart: int, seed: int = 0) -> list[int]:
    """Positions where a unit is strongest in a direction, the strongest first, none closer than ``apart``.

    Where many are as strong, as where a unit is saturated, some of them from all over the text.
    """
    values = sign * row.astype(np.float32)
    most = min(len(values), 40 * count)
    places = np.flatnonzero(values >= np.partition(values, len(values) - most)[len(values) - most])
    order = np.lexsort((np.random.default_rng(seed).permutation(len(places)), -values[places]))
    chosen: list[int] = []
    for place in places[order].tolist():
        if all(abs(place - other) >= apart for other in chosen):
            chosen.append(place)
        if len(chosen) == count:
            break
    return chosen


def held_out(keys: Int[np.ndarray, " position"], seed: int = 0) -> Mask:
    """Which positions are scored on: half of the different keys, so that what has one key stays on one side."""
    different, place = np.unique(keys, return_inverse=True)
    side = np.zeros(len(different), bool)
    side[np.random.default_rng(seed).permutation(len(different))[:len(different) // 2]] = True
    return side[place]
