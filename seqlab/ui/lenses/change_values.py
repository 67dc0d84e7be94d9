"""A change at every value that its slider can have, from one pass, so that the picture moves while it is dragged."""

from dataclasses import replace

import numpy as np
from jaxtyping import Float

from seqlab.figures.comparison_dial import (
    ComparisonDial,
    DialAnswers,
    LogAnswers,
    stops_that_fit,
    values_between,
)
from seqlab.numerals import number
from seqlab.reference.activations import log_softmax
from seqlab.reference.changed import Changes, changed
from seqlab.reference.intervention import Intervention, ValueSweep
from seqlab.training.question import Question
from seqlab.ui.proof.snapshot import stamp
from seqlab.ui.proof.store import PICTURES

NAME = "value"
MOST_NUMBERS = 1_500_000  # of a hidden state in all layers and maps, over all values


def value_dial(question: Question, before: Changes, draft: Intervention, ends: tuple[float, float], *,
               made: bool, quantity: str, whole: LogAnswers) -> ComparisonDial:
    """Give the slider of the value of ``draft``, which is made after the changes ``before``; ``made``: it is already.

    Its maps show ``quantity``, its KL is from ``whole``, the answers without any change. Raises Fault for a change of
    what is not there.
    """
    run = question.run
    network = run.config.network
    size = len(question.ids) * network.layers * (network.hidden + network.heads * len(question.ids) * run.core.heads)
    room = min(stops_that_fit(len(question.ids), network.hidden), max(2, MOST_NUMBERS // size))
    stops = values_between(*ends, room, draft.value if made else None)
    sweep = ValueSweep(draft.quantity, draft.action, units=draft.units, times=draft.times, values=stops)
    values, answers = swept(replace(question, changes=before), sweep, quantity, stamp(run, question.step))
    place = min(range(len(stops)), key=lambda place: abs(stops[place] - draft.value))
    read = DialAnswers.of(answers, whole, first=False)
    return ComparisonDial(NAME, "Value", 1, stops, [number(value) for value in stops], place if made else None, place,
                          read.best, read.sure, values, read.kl)


@PICTURES.cached
def swept(question: Question, sweep: ValueSweep, quantity: str,
          stamp: int) -> tuple[Float[np.ndarray, "value time unit"], Float[np.ndarray, "value time vocab"]]:
    """Give a quantity and log p of every value, once for all sessions. Raises Fault."""
    run, count = question.run, len(sweep.values)
    ids, condition = (None if part is None else np.repeat(part, count, axis=0) for part in question.batch)
    assert ids is not None
    trace = changed(run.core, ids, question.weights(), (*question.changes, sweep), condition=condition,
                    pooling=run.config.network.pooling)
    return trace[quantity], log_softmax(trace["logits"].astype(np.float64))
