"""Checks of a network that predicts what comes next: probabilities, what may be drawn, perplexity."""

from typing import Annotated

import numpy as np
from pydantic import Field

from seqlab.errors import Fault
from seqlab.lessons.asked import Computes, Time, at
from seqlab.lessons.check import CheckKind, Computed
from seqlab.lessons.checks.quantities import Tolerance
from seqlab.lessons.scene import Scene
from seqlab.numerals import number
from seqlab.reference.reading import surprise
from seqlab.reference.sampling import Choice, entropy, shape


class Shaped(Computes):
    """A time, and the dials by which the probabilities there are shaped; one that is left out is as on the page."""

    time: Time = -1
    temperature: Annotated[float, Field(ge=0, le=100)] | None = None
    alpha: Annotated[float, Field(ge=0, le=1000)] | None = None
    top_k: Annotated[int, Field(ge=0)] | None = None
    top_p: Annotated[float, Field(gt=0, le=1)] | None = None
    divide: bool | None = None
    tolerance: Tolerance = 0.01


class OfLetter(Shaped):
    """The same for one letter."""

    letter: Annotated[str, Field(min_length=1, max_length=20)]


def _choice(settings: Shaped, scene: Scene) -> Choice:
    """The dials as they are set, by the file or on the page; raises Fault for what cannot be."""
    def dial(own: float | None, name: str, usual: float) -> float:
        if own is not None or settings.of is not None:
            return usual if own is None else own
        try:
            return float(scene.address.get(name, usual))
        except ValueError:
            return usual
    divide = scene.address.get("divide") == "True" if settings.divide is None and settings.of is None else \
        bool(settings.divide)
    return Choice(dial(settings.temperature, "temperature", 1.0), dial(settings.alpha, "alpha", 1.0),
                  int(dial(settings.top_k, "top_k", 0)), dial(settings.top_p, "top_p", 1.0), divide)


def _shaped(settings: Shaped, scene: Scene) -> tuple[np.ndarray, int, Scene]:
    choice = _choice(settings, scene)
    scene = settings.scene(scene)
    time = at(scene, settings.time)
    return shape(scene.trace()["logits"][0, time], choice).p, time, scene


def _probability(settings: OfLetter, scene: Scene) -> Computed:
    p, time, scene = _shaped(settings, scene)
    letters = list(scene.sequence.letters_out)
    if settings.letter not in letters:
        raise Fault(f"This network never answers {settings.letter!r}; it knows {' '.join(letters[:40])}.")
    value = float(p[letters.index(settings.letter)])
    return Computed(value, f"p({settings.letter}) after t = {time} is {number(value)}.", settings.tolerance)


def _kept(settings: Shaped, scene: Scene) -> Computed:
    p, _, _ = _shaped(settings, scene)
    count = int((p > 0).sum())
    return Computed(float(count), f"{count} of {len(p)} can be drawn.")


def _entropy(settings: Shaped, scene: Scene) -> Computed:
    p, time, _ = _shaped(settings, scene)
    value = float(entropy(p))
    return Computed(value, f"The entropy after t = {time} is {number(value)} nats.", settings.tolerance)


class Measured(Computes):
    """How far off an answer may be."""

    tolerance: Tolerance = 0.1


def losses(scene: Scene) -> np.ndarray:
    """How unexpected each symbol but the first was, in nats; raises Fault where nothing is predicted."""
    if not scene.shown.predicts_next:
        raise Fault("This network does not predict what comes next; open one of the Text lab.")
    ids = scene.sequence.ids[0]
    if len(ids) < 2:
        raise Fault("Nothing is predicted in a text of one symbol; type a longer one.")
    return surprise(scene.trace()["logits"][0, :-1].astype(np.float64), ids[1:])


def _perplexity(settings: Measured, scene: Scene) -> Computed:
    value = float(np.exp(losses(settings.scene(scene)).mean()))
    return Computed(value, f"The perplexity is {number(value, 4)}.", settings.tolerance)


def _most_surprising(settings: Computes, scene: Scene) -> Computed:
    scene = settings.scene(scene)
    time = int(losses(scene).argmax()) + 1
    letter = scene.sequence.letters_in[time]
    return Computed(letter, f"{letter} at t = {time} surprised it most: {number(float(losses(scene).max()))} nats.")


CHECKS = (
    CheckKind(name="probability", settings=OfLetter, answers=("number",), compute=_probability,
              tells="How likely a letter is after a time, as the dials T, α, top-k and top-p are set.",
              example="probability: {letter: e, time: -1, temperature: 0.5, tolerance: 0.02}"),
    CheckKind(name="can-be-drawn", settings=Shaped, answers=("number",), compute=_kept,
              tells="How many letters can still be drawn after a time, as the dials are set.",
              example="can-be-drawn: {top_p: 0.9}"),
    CheckKind(name="entropy", settings=Shaped, answers=("number",), compute=_entropy,
              tells="How open the choice after a time is, in nats.",
              example="entropy: {temperature: 2, tolerance: 0.1}"),
    CheckKind(name="perplexity", settings=Measured, answers=("number",), compute=_perplexity,
              tells="The perplexity of a text under the network: e to its mean surprise in nats.",
              example='perplexity: {of: {run: text-gru, text: "the time machine"}, tolerance: 0.2}'),
    CheckKind(name="most-surprising", settings=Computes, answers=("letter", "choice"), compute=_most_surprising,
              tells="The letter of a text that the network expected least.",
              example='most-surprising: {of: {run: text-gru, text: "the timz traveller"}}'),
)
