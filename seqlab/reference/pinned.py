"""What a number of a pass means: which symbol its unit holds and since when, and what is answered without the unit.

What a unit holds is the symbol on which it depends most (``trail``); without it means a pass in which it is 0 at every
time (``intervention``).
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

from seqlab.reference.intervention import Intervention

NOTHING = 0.01  # a spread below this is as good as none: a unit goes from -1 to 1
MOST_POSITIONS, MOST_ALTERNATIVES = 32, 8  # so that a sentence is there within a moment, whatever the text


@dataclass(frozen=True)
class HeldSymbol:
    """The symbol that a unit depends on most: its time, ``since`` when without a break, and its share of the variance.

    The share is that of all symbols up to then, each replaced alone.
    """

    source: int
    since: int
    share: float


@dataclass(frozen=True)
class WithoutUnit:
    """The answer that suffers most without a unit: its time, what is answered with it and without, as class numbers.

    ``probabilities`` are those of the first answer, with the unit and without; ``changed`` counts the other answers.
    """

    time: int
    before: int
    after: int
    probabilities: tuple[float, float]
    changed: int


def held(trail: Float[np.ndarray, "position time"], first: int, t: int) -> HeldSymbol | None:
    """Say what one unit holds at a time, from the trails of the symbols at ``first`` and after; None: nothing.

    source = argmax_k trail[k, t]²; it holds it since the time from which on that is its largest at every time.
    """
    power = np.square(trail, dtype=np.float64)
    known = power[:t + 1 - first]
    if known[:, t].sum() < NOTHING ** 2:
        return None
    source, since = int(known[:, t].argmax()), t
    while since - 1 >= first + source and _strongest(power, first, since - 1) == source:
        since -= 1
    return HeldSymbol(first + source, since, float(known[source, t] / known[:, t].sum()))


def _strongest(power: Float[np.ndarray, "position time"], first: int, t: int) -> int:
    return int(power[:t + 1 - first, t].argmax())


def silenced(layer: int, unit: int) -> Intervention:
    """Change a pass so that a unit shows nothing at any time."""
    return Intervention(f"h.{layer}", "set", 0.0, (unit,))


def without(p: Float[np.ndarray, "time classes"], silent: Float[np.ndarray, "time classes"],
            scored: Bool[np.ndarray, " time"]) -> WithoutUnit:
    """Compare the answers of a pass with those of the one in which a unit is silent, where answers are scored.

    Where none is, all count. Of those that become others the one whose probability falls most; else that one of all.
    """
    scored = scored if scored.any() else np.ones_like(scored)
    times, before, after = np.arange(len(p)), p.argmax(-1), silent.argmax(-1)
    moved = scored & (before != after)
    fall = np.where(moved if moved.any() else scored, p[times, before] - silent[times, before], -np.inf)
    t = int(fall.argmax())
    return WithoutUnit(t, int(before[t]), int(after[t]), (float(p[t, before[t]]), float(silent[t, before[t]])),
                   int(moved.sum()) - int(moved[t]))


def alternatives(classes: int) -> Int[np.ndarray, " alternative"]:
    """Choose symbols to put in place of another one: all, or so many of them evenly."""
    return np.unique(np.linspace(0, classes - 1, min(classes, MOST_ALTERNATIVES)).round().astype(np.int64))


def positions(t: int) -> range:
    """Which symbols may be held at a time: those up to it, the nearest ones of a long text."""
    return range(max(0, t + 1 - MOST_POSITIONS), t + 1)
