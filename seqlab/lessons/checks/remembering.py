"""Checks of what a network remembers of a symbol, and of what each word did to an answer."""

from typing import Annotated

import numpy as np
from pydantic import Field

from seqlab.errors import Fault
from seqlab.lessons.asked import Computes, Time, at
from seqlab.lessons.check import CheckKind, Computed
from seqlab.lessons.scene import Scene
from seqlab.numerals import counted, number
from seqlab.reference.activations import softmax
from seqlab.reference.pooling import MAXIMA
from seqlab.reference.prefixes import at_each
from seqlab.reference.sentiment import without_each, won
from seqlab.reference.trail import length, trails

ALTERNATIVES = 64  # symbols that take a symbol's place, at most
LONGEST = 400  # words of a text of which each is left out


class Lasts(Computes):
    """The time of the symbol, whose trail is asked for in one quantity, and how far off an answer may be."""

    time: Time
    quantity: Annotated[str, Field(min_length=1, max_length=40)] = "h"
    tolerance: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0


class Words(Computes):
    """The text of whose words is asked, and the words that stand as choices, in their order."""

    words: Annotated[tuple[Annotated[str, Field(min_length=1, max_length=40)], ...], Field(min_length=2, max_length=6)]


class Padded(Computes):
    """How much padding stands behind the text, the label that is asked for, and how far off an answer may be."""

    label: Annotated[str, Field(min_length=1, max_length=60)]
    padding: Annotated[int, Field(ge=0, le=1000)]
    tolerance: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.02


def _lasts(settings: Lasts, scene: Scene) -> Computed:
    scene = settings.scene(scene)
    asked, time = scene.question, at(scene, settings.time)
    known = np.arange(min(len(asked.run.symbols), ALTERNATIVES))
    spreads = trails(asked.run.core, np.array(asked.ids), asked.weights(), [time], np.union1d(known, asked.ids),
                     condition=asked.condition, pooling=asked.run.config.network.pooling, changes=scene.changes)
    name = settings.quantity if settings.quantity in spreads else f"{settings.quantity}.0"
    if name not in spreads:
        raise Fault(f"This network carries nothing in {settings.quantity!r:.40}; it does in {', '.join(spreads)}.")
    steps, letter = length(spreads[name][0], time), scene.sequence.letters_in[time]
    return Computed(float(steps), f"More than half of the strongest trail of {letter} lasts for {steps} steps.",
                    settings.tolerance)


def _places(scene: Scene, words: tuple[str, ...]) -> list[int]:
    """Where each word stands first in the text; raises Fault for one that does not."""
    there = list(scene.sequence.letters_in)
    absent = [word for word in words if word not in there]
    if absent:
        raise Fault(f"The text has no word {absent[0]!r}; its words are {' '.join(there[:30])}.")
    return [there.index(word) for word in words]


def _won(settings: Words, scene: Scene) -> Computed:
    scene = settings.scene(scene)
    run = scene.shown
    if run.config.network.pooling not in MAXIMA:
        raise Fault("This network keeps no maxima, so no word wins any; open one that pools by the maximum.")
    counts = won(scene.trace(), run.weights(scene.step)).counts[_places(scene, settings.words)]
    best = int(counts.argmax())
    return Computed(best, f"{settings.words[best]} won {counted(int(counts[best]), 'unit')}.")


def _matters(settings: Words, scene: Scene) -> Computed:
    scene = settings.scene(scene)
    run, asked = scene.shown, scene.question
    if not 1 < len(asked.ids) <= LONGEST:
        raise Fault(f"Words are left out of texts of 2 to {LONGEST} words; take another one.")
    whole = softmax(scene.trace()["logits"][0, -1].astype(np.float64))
    without = without_each(run.core, np.array(asked.ids), asked.weights(), run.config.network.pooling)
    moved = np.abs(without - whole).max(axis=1)[_places(scene, settings.words)]
    best = int(moved.argmax())
    return Computed(best, f"Without {settings.words[best]} the answer moves by {number(float(moved[best]))}.")


def _padded(settings: Padded, scene: Scene) -> Computed:
    scene = settings.scene(scene)
    run, asked = scene.shown, scene.question
    if settings.label not in run.classes:
        raise Fault(f"This network never answers {settings.label!r:.40}; it answers {', '.join(run.classes[:20])}.")
    ids = np.concatenate((asked.ids, np.full(settings.padding, run.vocabulary.pad or 0)))
    _, p = at_each(run.core, ids, asked.weights(), run.config.network.pooling, len(asked.ids))
    before, after = p[[0, -1], list(run.classes).index(settings.label)].tolist()
    return Computed(after, f"p({settings.label}) is {number(after)} with it, {number(before)} without.",
                    settings.tolerance)


CHECKS = (
    CheckKind(name="remembered", settings=Lasts, answers=("number",), compute=_lasts,
              tells="For how many steps a symbol is remembered: until half of its strongest trail has gone for good.",
              example="remembered: {time: 2, quantity: h, tolerance: 1}"),
    CheckKind(name="won-most", settings=Words, answers=("choice",), compute=_won,
              tells="Which of some words of a text won most units of the max pool; one for each choice, in order.",
              example='won-most: {words: [wonderful, cast], of: {run: sentiment-mlp, text: "a wonderful cast"}}'),
    CheckKind(name="matters-most", settings=Words, answers=("choice",), compute=_matters,
              tells="Which of some words of a text moves the answer most when it is left out.",
              example='matters-most: {words: [not, bad], of: {run: sentiment-lstm, text: "it was not bad"}}'),
    CheckKind(name="with-padding", settings=Padded, answers=("number",), compute=_padded,
              tells="How likely a label is for a text behind which padding stands that is read like words.",
              example="with-padding: {label: positive, padding: 50, of: {run: sentiment-lstm, text: it was not bad}}"),
)
