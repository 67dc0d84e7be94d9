"""Checks of what the network on the page answers at each time."""

from dataclasses import replace

import numpy as np

from seqlab.errors import Fault
from seqlab.lessons.asked import Computes, Time, at, others, typed, word_of
from seqlab.lessons.check import CheckKind, Computed
from seqlab.lessons.scene import Scene
from seqlab.reference.activations import softmax
from seqlab.training.task_input import UNSCORED, TaskInput


class AtTime(Computes):
    """The time, from 0 on; -1 is the last."""

    time: Time


def answers(scene: Scene) -> list[str]:
    """The symbol that the network finds likeliest at each time; raises Fault where the page shows no pass."""
    letters = scene.sequence.letters_out
    return [letters[place] for place in scene.trace()["logits"][0].argmax(-1)]


def _letter_said(settings: AtTime, scene: Scene) -> Computed:
    scene = settings.scene(scene)
    time, letter = at(scene, settings.time), answers(scene)[settings.time]
    share = float(softmax(scene.trace()["logits"][0, time].astype(np.float64)).max())
    return Computed(letter, f"At t = {time} it says {letter}, with p = {share:.2f}.")


def _mistakes(settings: Computes, scene: Scene) -> Computed:
    scene = settings.scene(scene)
    given, said = scene.sequence, answers(scene)
    wrong = wrong_times(given, said)
    if not wrong:
        raise Fault(f"This network makes no mistake here; {others(scene)}.")
    return Computed(frozenset(wrong), f"It is wrong at t = {', '.join(map(str, wrong))}.")


def wrong_times(given: TaskInput, said: list[str]) -> list[int]:
    """The times at which something else was right than what was said."""
    return [time for time, (wanted, letter) in enumerate(zip(given.letters_target, said, strict=True))
            if wanted not in (UNSCORED, letter)]


def _fails_at_delay(settings: Computes, scene: Scene) -> Computed:
    scene = settings.scene(scene)
    given_at = sorted(_at_delays(scene), key=lambda one: one.delay or 0)
    for given in given_at:
        if wrong_times(given, answers(replace(scene, given=given))):
            return Computed(float(given.delay or 0), f"At delay {given.delay} it makes its first mistake.")
    raise Fault(f"This network repeats this word at every delay that it was trained on, {given_at[0].delay} to "
                f"{given_at[-1].delay}; {others(scene)}.")


def _at_delays(scene: Scene) -> list[TaskInput]:
    """The word of the scene at every delay that the network knows. Raises Fault for a network without delays."""
    run, given = scene.shown, scene.sequence
    delays = getattr(run.config.task_config, "delays", None)
    if given.delay is None or delays is None:
        raise Fault("This network repeats nothing, so it has no delay; open one in the Echo lab.")
    return [typed(run, word_of(given), delay) for delay in delays]


def _waiting(settings: AtTime, scene: Scene) -> Computed:
    scene = settings.scene(scene)
    time, given = at(scene, settings.time), scene.sequence
    if given.delay is None:
        raise Fault("This network repeats nothing, so no letter waits; open one in the Echo lab.")
    held = [letter for place, letter in enumerate(given.letters_in[:time + 1])
            if letter != UNSCORED and place + given.delay > time]
    return Computed(float(len(held)), f"At t = {time} it still has to say {', '.join(held) or 'nothing'}.")


CHECKS = (
    CheckKind(name="letter-said", settings=AtTime, answers=("letter", "choice"), compute=_letter_said,
              tells="The symbol that the network on the page finds likeliest at a time.",
              example="letter-said: {time: 4}"),
    CheckKind(name="mistakes", settings=Computes, answers=("places",), compute=_mistakes,
              tells="The times at which the network on the page says something else than what is right.",
              example="mistakes"),
    CheckKind(name="fails-at-delay", settings=Computes, answers=("number",), compute=_fails_at_delay,
              tells="The smallest delay, of those that it was trained on, at which the network of the Echo page makes "
                    "a mistake with the word there.",
              example="fails-at-delay"),
    CheckKind(name="waiting", settings=AtTime, answers=("number",), compute=_waiting,
              tells="How many letters a network of the Echo page has read by a time and has still to say.",
              example="waiting: {time: 5}"),
)
