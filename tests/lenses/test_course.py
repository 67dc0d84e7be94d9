"""Torch's side of the proof of the reference that judges a person's code."""

import numpy as np
import pytest

from seqlab.agreement import compare
from seqlab.checking.exercises import EXERCISES
from seqlab.lenses import course


@pytest.mark.parametrize("key", EXERCISES)
def test_a_worker_answers_every_case(key, engine):
    exercise = EXERCISES[key]
    cases = [*exercise.cases(), exercise.example()[0]]
    theirs = engine.ask("seqlab.lenses.course:answers", key, cases).result(timeout=60)
    for case, answer in zip(cases, theirs, strict=True):
        assert compare({exercise.symbol: exercise.reference(*case)}, {exercise.symbol: answer}).largest <= 1e-12


def test_it_would_notice_another_formula():
    case = EXERCISES["gru"].cases()[1]
    r, z, *rest = case
    assert np.abs(course.answers("gru", [(z, r, *rest)])[0] - course.answers("gru", [case])[0]).max() > 0.01
