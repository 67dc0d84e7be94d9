"""A question: one input of one snapshot, asked as a page asks it."""

import numpy as np

from seqlab import paths
from seqlab.lenses.proof import passes
from seqlab.training.question import Question
from seqlab.training.run import Run
from seqlab.training.task_input import read


def test_a_question_is_answered_as_torch_answers_it_and_is_itself_again() -> None:
    run = Run(paths.checkpoints() / "echo-variable-gru")
    given = read(run, "remember", 3)
    question = Question.of(run, run.newest, given)
    assert question == Question.of(run, run.newest, read(run, "remember", 3))
    assert hash(question) != hash(Question.of(run, run.newest, read(run, "remember", 2)))
    torch, = passes(question.path, (question.step,), *question.batch, "float64")
    for name, values in question.trace("float64").items():
        np.testing.assert_allclose(values, torch[name], atol=1e-12)
