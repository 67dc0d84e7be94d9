"""The pictures of a word at every delay that a network knows, for the newest snapshot: what a hand drags through."""


import numpy as np

from seqlab import notation
from seqlab.figures.film import PackedArray, film
from seqlab.figures.trails import film_part, trail_parts
from seqlab.reference.changed import Changes, changed
from seqlab.trace import Trace
from seqlab.training.question import Question
from seqlab.training.run import Run
from seqlab.training.task_input import TaskInput
from seqlab.ui.proof.snapshot import stamp
from seqlab.ui.proof.store import PICTURES
from seqlab.ui.proof.trails import AT_ONCE, Trails


def delay_films(run: Run, step: int, given: TaskInput, channel: str, made: Changes = ()) -> list[PackedArray]:
    """Give a film of one frame for every delay of ``given.at_delays``, with its trails where they are cheap enough.

    Of a changed network there are no trails; and no films where values come from another input, which has one length.
    """
    inputs = [one for one in given.at_delays if _fits(run, one)]
    if len(inputs) < 2 or any(change.source for change in made):
        return []
    questions = [Question.of(run, step, one, made) for one in inputs]
    asked = [Trails.of_all(question, one.letters_in) for question, one in zip(questions, inputs, strict=True)]
    cheap = not made and sum(one.cost for one in asked) <= AT_ONCE
    parts = []
    for one, trails, trace in zip(inputs, asked, together(tuple(questions), stamp(run, step)), strict=True):
        more = trail_parts(trails.reference(), trails.positions, run.core) if cheap else []
        parts.append(film_part(film([trace], core=run.core, steps=[step], total=run.planned, alphabet=one.letters_out,
                                    inputs=one.letters_in, target=one.letters_target, delay=one.delay,
                                    channel=channel, trailed=trails.positions if cheap else (), more=more),
                               one.delay or 0))
    return parts


@PICTURES.cached
def together(questions: tuple[Question, ...], stamp: int) -> list[Trace]:
    """Give the passes of several inputs of one snapshot, in one batch where nothing looks ahead; maps are left out."""
    run, longest = questions[0].run, max(len(question.ids) for question in questions)
    if run.core.sees == "all":
        return [question.trace() for question in questions]
    ids = np.array([question.ids + (0,) * (longest - len(question.ids)) for question in questions])
    conditions = [question.condition for question in questions if question.condition is not None]
    batch = changed(run.core, ids, questions[0].weights(), questions[0].changes,
                    condition=np.array(conditions) if conditions else None, pooling=run.config.network.pooling)
    return [_cut(batch, row, len(question.ids)) for row, question in enumerate(questions)]


def _cut(batch: Trace, row: int, time: int) -> Trace:
    return Trace({name: values[row:row + 1, :time] for name, values in batch.items()
                  if notation.symbol(name).axes[1] == "time"})


def _fits(run: Run, one: TaskInput) -> bool:
    reach = run.config.network.reach
    return bool(one.letters_in) and (reach is None or len(one.letters_in) <= reach)
