"""The course's functions: torch's numbers in the course's convention, and a sentence for bad arguments."""

from collections.abc import Callable

import numpy as np
import pytest

from seqlab.checking.exercises import EXERCISES
from seqlab.errors import Fault
from seqlab.lenses import course as by_torch
from seqlab.reference import course


@pytest.mark.parametrize("key", EXERCISES)
def test_it_agrees_with_torch(key: str) -> None:
    exercise = EXERCISES[key]
    for arguments in exercise.cases():
        probe = exercise.probe(arguments) if exercise.probe else ()
        reference = exercise.observe(arguments, exercise.answer(arguments))
        torch, = by_torch.answers(key, [(*arguments, *probe)])
        for one, other in zip(reference, torch, strict=exercise.probe is None):
            assert one.shape == other.shape
            assert np.abs(one - other).max() <= exercise.closeness


def test_causal_attention_does_not_see_what_comes_later() -> None:
    *weights, x = EXERCISES["causal"].cases()[2]
    changed = x.copy()
    changed[:, 5:] += 1
    gap = np.abs(course.causal_mha(*weights, changed) - course.causal_mha(*weights, x)).max(axis=(0, 2))
    assert (gap[:5] == 0).all()
    assert (gap[5:] > 0).all()
    assert (np.abs(course.mha(*weights, changed) - course.mha(*weights, x)).max(axis=(0, 2)) > 0).all()


RNN, GRU, MHA = (EXERCISES[key].cases()[1] for key in ("rnn", "gru", "mha"))  # B 2, T 5, D 3, H 4; E 6, 3 heads


def at(args: tuple, place: int, value: object) -> tuple:
    return (*args[:place], value, *args[place + 1:])


@pytest.mark.parametrize(("function", "args", "said"), [
    (course.rnn, at(RNN, 0, np.ones((4, 3))), "wt_h have the wrong shape: expected 4 × 4, got 4 × 3"),
    (course.rnn, at(RNN, 1, RNN[1].T), "wt_x have the wrong shape: expected 3 × 4, got 4 × 3"),
    (course.rnn, at(RNN, 2, np.full(4, np.nan)), r"bias hold nan at \[0\]"),
    (course.rnn, at(RNN, 3, np.zeros((1, 5, 4))), "init_state have the wrong shape: expected 1 × 2 × 4, got 1 × 5 × 4"),
    (course.rnn, at(RNN, 4, np.zeros((2, 0, 3))), "at least one sequence and one time step"),
    (course.rnn, at(RNN, 4, np.zeros((0, 5, 3))), "at least one sequence and one time step"),
    (course.gru, at(GRU, 1, at(GRU[1], 2, np.ones((3, 4)))), "W_h of z have the wrong shape: expected 4 × 4"),
    (course.gru, at(GRU, 4, np.full((2, 5, 3), np.inf)), "input_data hold inf"),
    (course.mha, at(MHA, 0, MHA[0][:2] + MHA[0]), "5 heads do not divide the width 6"),
    (course.mha, at(MHA, 1, MHA[1][:2]), "Wk has 2 matrices: expected 3"),
    (course.mha, at(MHA, 2, [W.T for W in MHA[2]]), r"Wv\[0\] have the wrong shape: expected 6 × 2, got 2 × 6"),
    (course.causal_mha, at(MHA, 3, np.ones((6, 5))), "Wo have the wrong shape"),
])
def test_bad_arguments(function: Callable, args: tuple, said: str) -> None:
    function = getattr(function, "__wrapped__", function)  # the shapes are checked here, not by the test's own hook
    with pytest.raises(Fault, match=said):
        function(*args)


def test_a_state_without_a_batch() -> None:
    with pytest.raises(Exception, match=r"init_state|3 axes"):
        course.rnn(*at(RNN, 3, np.zeros(4)))
