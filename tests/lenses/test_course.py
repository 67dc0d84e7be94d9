"""Torch's side of the proof of the reference that judges a person's code."""

import numpy as np
import pytest
import torch

from seqlab.agreement import compare
from seqlab.checking.exercises import EXERCISES
from seqlab.lenses import course


@pytest.mark.parametrize("key", EXERCISES)
def test_a_worker_answers_every_case(key, engine):
    exercise = EXERCISES[key]
    cases = [*exercise.cases(), exercise.example()[0]]
    probed = [(*case, *(exercise.probe(case) if exercise.probe else ())) for case in cases]
    answers = engine.ask("seqlab.lenses.course:answers", key, probed).result(timeout=60)
    for case, answer in zip(cases, answers, strict=True):
        for one, other in zip(exercise.observe(case, exercise.answer(case)), answer, strict=exercise.probe is None):
            parts = [{"part": np.atleast_1d(np.asarray(part, np.float64))} for part in (one, other)]
            assert compare(*parts).largest <= exercise.closeness


def test_no_answer_draws_from_the_random_state_of_what_trains_in_its_process():
    before = torch.get_rng_state()
    for key, exercise in EXERCISES.items():
        case = exercise.cases()[0]
        course.answers(key, [(*case, *(exercise.probe(case) if exercise.probe else ()))])
    assert torch.equal(before, torch.get_rng_state())


def test_it_would_notice_another_formula():
    case = EXERCISES["gru"].cases()[1]
    r, z, *rest = case
    (states, _), = course.answers("gru", [(z, r, *rest)])
    assert np.abs(states - course.answers("gru", [case])[0][0]).max() > 0.01
