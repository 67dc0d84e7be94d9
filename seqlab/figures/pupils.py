"""A class as small multiples: one card for each person, with the curves of what they train, all on the same scales.

Across: the share of a run's own steps that is done. Upwards: its accuracy on the training batches, from 0 to 1. So
thirty cards are compared at one look, whatever each of them trains, and nothing is scaled anew while they grow.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from seqlab.figures.film import evenly
from seqlab.figures.theme import DASHES

WIDTH, HEIGHT = 100, 40  # a card's field in its own units, which the browser stretches
MOST_POINTS, MOST_CURVES = 40, 4
COLOURS = ("h", "z", "n", "i")  # of symbols, each with a dash of its own
NOTE = "Accuracy of the training batches, from 0 to 100 %, by the share of each network's own steps."


@dataclass(frozen=True)
class RunCourse:
    """How far a run has come: ``going`` while it trains or waits, and its accuracy after some ``steps``, NaN for none.

    ``done`` of ``planned`` updates are done.
    """

    name: str
    state: str
    going: bool
    done: int
    planned: int
    steps: Float[np.ndarray, " row"] | np.ndarray
    accuracy: Float[np.ndarray, " row"] | np.ndarray

    @property
    def standing(self) -> str:
        """How it stands, in a few words: its state while it is not training, its accuracy, its steps."""
        known = self.accuracy[np.isfinite(self.accuracy)]
        share = f"{math.floor(100 * float(known[-1]))} %" if known.size else ""  # cut: 99.9 % is not all
        steps = f"{self.done:,} of {self.planned:,}" if self.going and self.done else ""
        return " · ".join(filter(None, ("" if self.state == "running" and share else self.state, share, steps)))


@dataclass(frozen=True)
class Pupil:
    """A person, where they are in words, their runs, those that train first, and how many more they have."""

    id: str
    nickname: str
    where: str
    here: bool
    runs: tuple[RunCourse, ...]
    more: int = 0


@dataclass(frozen=True)
class SmallCurve:
    """A run's curve: points of a polyline in the card's field, y downwards."""

    points: str
    colour: str
    dash: tuple[int, ...]
    going: bool


@dataclass(frozen=True)
class PupilCard:
    """A person's card: name and place above the curves, the first run's standing below, and all of it in words."""

    id: str
    name: str
    where: str
    here: bool
    foot: str
    label: str
    curves: tuple[SmallCurve, ...]


@dataclass(frozen=True)
class SmallMultiples:
    """The cards of a class, for ``ui.widgets.pupils``; ``chosen`` is the id of one of them, or empty."""

    note: str
    field: tuple[int, int]
    cards: tuple[PupilCard, ...]
    chosen: str


def small_multiples(pupils: Sequence[Pupil], chosen: str = "") -> SmallMultiples:
    """Draw a card for each person, in their order."""
    return SmallMultiples(NOTE, (WIDTH, HEIGHT), tuple(map(_card, pupils)), chosen)


def _card(pupil: Pupil) -> PupilCard:
    first = pupil.runs[0] if pupil.runs else None
    others = max(0, len(pupil.runs) - 1) + pupil.more
    standing = first.standing if first else "no network yet"
    foot = f"{standing}{f' · +{others}' if others else ''}"
    label = (f"{pupil.nickname}, {pupil.where}; {f'{first.name}: ' if first else ''}{standing}"
             f"{f' · {others} more' if others else ''}")
    curves = tuple(_curve(run, place) for place, run in enumerate(pupil.runs[:MOST_CURVES]))
    return PupilCard(pupil.id, pupil.nickname, pupil.where, pupil.here, foot, label, curves)


def _curve(run: RunCourse, place: int) -> SmallCurve:
    known = np.isfinite(run.accuracy)
    steps, accuracy = run.steps[known], run.accuracy[known]
    rows = evenly(len(steps), MOST_POINTS)
    across = WIDTH * np.clip(steps[rows] / max(1, run.planned), 0, 1)
    down = HEIGHT * (1 - np.clip(accuracy[rows], 0, 1))
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(across.tolist(), down.tolist(), strict=True))
    key = COLOURS[place]
    return SmallCurve(points, key, DASHES[key], run.going)
