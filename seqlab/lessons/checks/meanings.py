"""Checks of what units have come to mean: which one counts brackets, and how far a network looks."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from seqlab.errors import Fault
from seqlab.lessons.asked import Computes
from seqlab.lessons.check import CheckKind, Computed
from seqlab.lessons.checks.quantities import Quantity, quantity
from seqlab.lessons.scene import Scene
from seqlab.numerals import counted, number
from seqlab.reference.probes import Fit, explained

OPEN, CLOSE = frozenset("([{<"), frozenset(")]}>")


class OfQuantity(Computes):
    """The quantity whose units are looked at."""

    quantity: Quantity = "h"


def depth(letters: Sequence[str]) -> np.ndarray:
    """How many brackets are open after each symbol."""
    return np.cumsum([(letter in OPEN) - (letter in CLOSE) for letter in letters]).astype(np.float64)


def _counter(settings: OfQuantity, scene: Scene) -> Computed:
    scene = settings.scene(scene)
    depths, states = depth(scene.sequence.letters_in), quantity(scene, settings.quantity)
    if len(set(depths.tolist())) < 3:
        raise Fault("The brackets of this text are not nested, so nothing counts them; type some such as ((())).")
    unit, line = Fit.of(states).unit(depths)
    share = explained(depths, line.read(states))
    return Computed(float(unit), f"Unit {unit} follows the depth best: a line through it explains {share:.0%} of it.")


def _enough(settings: Computes, scene: Scene) -> Computed:
    """From how many of the last symbols on the answer at the end is that of the whole text."""
    scene = settings.scene(scene)
    length = len(scene.question.ids)
    final = _answer(scene, length)
    enough = next((count + 1 for count in range(length - 1, 0, -1) if _answer(scene, count) != final), 1)
    letter = scene.sequence.letters_out[final]
    return Computed(float(enough), f"From {counted(enough, 'symbol')} on it always answers {letter}.")


def _answer(scene: Scene, count: int) -> int:
    """What it answers at the end where it reads the last symbols alone."""
    question = scene.question
    return int(replace(question, ids=question.ids[-count:]).trace()["logits"][0, -1].argmax())


def _depth_at_end(settings: Computes, scene: Scene) -> Computed:
    scene = settings.scene(scene)
    value = float(depth(scene.sequence.letters_in)[-1])
    return Computed(value, f"{number(value)} brackets are open at the end.")


CHECKS = (
    CheckKind(name="counting-unit", settings=OfQuantity, answers=("number",), compute=_counter,
              tells="The unit that follows best how many brackets are open, along the text.",
              example='counting-unit: {of: {run: grammar-brackets, text: "((()())(()))"}}'),
    CheckKind(name="open-brackets", settings=Computes, answers=("number",), compute=_depth_at_end,
              tells="How many brackets are open at the end of the text.",
              example='open-brackets: {of: {run: grammar-brackets, text: "(()(("}}'),
    CheckKind(name="enough-letters", settings=Computes, answers=("number",), compute=_enough,
              tells="From how many of the last letters on the network's answer at the end no longer changes.",
              example='enough-letters: {of: {run: text-gru, text: "said the time travel"}}'),
)
