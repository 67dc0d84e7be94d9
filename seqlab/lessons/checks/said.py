"""Checks of what the network on the page answers at each time."""

from typing import Annotated

import numpy as np
from pydantic import Field

from seqlab.errors import Fault
from seqlab.lessons.check import CheckKind, Computed, Settings
from seqlab.lessons.scene import Scene
from seqlab.numerals import number
from seqlab.reference.activations import softmax
from seqlab.training.task_input import UNSCORED, TaskInput

Time = Annotated[int, Field(ge=0, le=9999)]


class AtTime(Settings):
    """The time, from 0 on."""

    time: Time


class Nothing(Settings):
    """No settings."""


def answers(scene: Scene) -> list[str]:
    """The symbol that the network finds likeliest at each time; raises Fault where the page shows no pass."""
    letters = scene.sequence.letters_out
    return [letters[place] for place in scene.trace()["logits"][0].argmax(-1)]


def at(scene: Scene, time: int) -> int:
    """Pass a time through that the sequence has; raises Fault."""
    length = len(scene.sequence.letters_in)
    if time >= length:
        raise Fault(f"The text on the page has no time t = {time}; it ends at {length - 1}. Type a longer one.")
    return time


def _letter_said(settings: AtTime, scene: Scene) -> Computed:
    time = at(scene, settings.time)
    letter = answers(scene)[time]
    share = float(softmax(scene.trace()["logits"][0, time].astype(np.float64)).max())
    return Computed(letter, f"At t = {time} it says {letter}, with p = {share:.2f}.")


def _mistakes(settings: Nothing, scene: Scene) -> Computed:
    given, said = scene.sequence, answers(scene)
    wrong = wrong_times(given, said)
    return Computed(frozenset(wrong), f"It is wrong at t = {', '.join(map(str, wrong))}." if wrong else "")


def wrong_times(given: TaskInput, said: list[str]) -> list[int]:
    """The times at which something else was right than what was said."""
    return [time for time, (wanted, letter) in enumerate(zip(given.letters_target, said, strict=True))
            if wanted not in (UNSCORED, letter)]


def _fails_at_delay(settings: Nothing, scene: Scene) -> Computed:
    run, failed = scene.shown, None
    for given in sorted(scene.sequence.at_delays, key=lambda one: one.delay or 0):
        at_delay = Scene(scene.library, scene.page, scene.address, run, scene.step, given, scene.changes)
        if failed is None and given.letters_in and wrong_times(given, answers(at_delay)):
            failed = given.delay
    if failed is None:
        raise Fault("This network repeats this word at every delay that it knows; take another word or network.")
    return Computed(float(failed), f"At delay {number(failed)} it makes its first mistake.")


CHECKS = (
    CheckKind(name="letter-said", settings=AtTime, answers=("letter", "choice"), compute=_letter_said,
              tells="The symbol that the network on the page finds likeliest at a time.",
              example="letter-said: {time: 4}"),
    CheckKind(name="mistakes", settings=Nothing, answers=("places",), compute=_mistakes,
              tells="The times at which the network on the page says something else than what is right.",
              example="mistakes"),
    CheckKind(name="fails-at-delay", settings=Nothing, answers=("number",), compute=_fails_at_delay,
              tells="The smallest delay at which the network of the Echo page makes a mistake with the word there.",
              example="fails-at-delay"),
)
