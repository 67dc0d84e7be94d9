"""The cause of a mistake is named: the classic ones wherever they can be made, others, and pairs."""

import numpy as np
import pytest

from seqlab.checking.check import run_check
from seqlab.checking.exercise import CodingExercise, Hint, changed
from seqlab.checking.exercises import EXERCISES
from seqlab.checking.mutations import mutations
from seqlab.checking.variants import outputs
from tests.checking.here import check_here

PLANTED = [(key, cause) for key, exercise in EXERCISES.items() for cause in exercise.classic()]


def hint_for(key: str, source: str) -> Hint | None:
    return check_here(EXERCISES[key], source).hint


def test_every_exercise_has_classic_mistakes_and_the_nine_are_among_them() -> None:
    assert {key for key, _ in PLANTED} == set(EXERCISES)
    assert {"transposed", "swapped", "before", "polarity", "unscaled", "axis", "unmasked", "stateless",
            "unbiased"} <= {cause for _, cause in PLANTED}
    for exercise in EXERCISES.values():
        assert len(exercise.classic()) == sum(mistake.classic for mistake in exercise.mistakes)


@pytest.mark.slow
@pytest.mark.parametrize(("key", "cause"), PLANTED)
def test_a_classic_mistake_is_named_by_the_whole_check(key: str, cause: str) -> None:
    source = EXERCISES[key].planted(cause)
    assert source != EXERCISES[key].correct
    result = run_check(EXERCISES[key], source)
    assert not result.agrees
    assert result.hint is not None
    assert result.hint.causes == (cause,)


@pytest.mark.parametrize("key", EXERCISES)
def test_the_correct_one_agrees_and_gets_no_hint(key: str) -> None:
    result = check_here(EXERCISES[key], EXERCISES[key].correct)
    assert result.agrees
    assert result.hint is None
    assert result.largest is not None
    assert result.largest < max(1e-12, EXERCISES[key].tolerance or 0)


@pytest.mark.slow
@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
def test_each_mistake_is_named_where_it_is_made(exercise: CodingExercise) -> None:
    """Two causes with equal numbers everywhere could not be told apart: one of them would be named wrongly."""
    for mistake in exercise.mistakes:
        code = changed(exercise.correct, mistake.edits)
        if mistake.free:
            code = code.replace("FREE", "-2.25")
        result = check_here(exercise, f"from seqlab.reference.activations import relu, sigmoid\n{code}")
        assert not result.agrees, mistake.advice
        assert result.hint is not None, mistake.advice
        assert result.hint.causes == (mistake.cause,), (mistake.advice, result.hint)


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
def test_small_changes_are_code_and_most_of_them_run(exercise: CodingExercise) -> None:
    changes, case = mutations(exercise.correct, exercise.function), exercise.cases()[1]
    running = sum(outputs(exercise, changed(exercise.correct, change.edits), case) is not None for change in changes)
    assert len(changes) > 20
    assert running > (0 if exercise.probe else 0.15 * len(changes))  # of gates few have the right shapes


GRU, MHA, CAUSAL, RNN = (EXERCISES[key].correct for key in ("gru", "mha", "causal", "rnn"))


@pytest.mark.parametrize(("key", "source", "causes"), [
    ("rnn", RNN.replace("x @ wt_x", "x @ wt_x.T"), ("transposed",)),  # runs in the square case alone
    ("rnn", RNN.replace(" + bias", "").replace("h = init_state[0] ", "h = 0 * init_state[0]"),
     ("unbiased", "stateless")),
    ("rnn", RNN.replace("+ x @", "- x @"), ("sign",)),
    ("gru", GRU.replace("h = (1 - z_t) * n_t + z_t * h", "h = z_t * n_t + (1 - z_t) * h").replace(
        "r_t * (h @ n[2] + n[3])", "(r_t * h) @ n[2] + n[3]"), ("before", "polarity")),  # as d2l has it
    ("gru", GRU.replace("x @ z[0] + z[1]", "x @ z[0] + r[1]"), ("name",)),
    ("gru", GRU.replace("+ z_t * h", "+ r_t * h"), ("name",)),
    ("causal", EXERCISES["causal"].planted("unmasked").replace("@ Wo", "@ Wo.T"), ("unmasked", "transposed")),
    ("mha", MHA.replace("/ np.sqrt(query.shape[-1])", "* 0.3"), ("scale",)),
])
def test_other_mistakes_and_pairs(key: str, source: str, causes: tuple[str, ...]) -> None:
    assert source != EXERCISES[key].correct
    hint = hint_for(key, source)
    assert hint is not None
    assert hint.causes == causes


@pytest.mark.parametrize(("key", "source", "said"), [
    ("rnn", RNN.replace("        h = np.tanh(", "        h = h * (1 if t == 0 else 0.7)\n        h = np.tanh("),
     "The first step is right in every case, so weights, biases and initial state go in rightly"),
    ("rnn", RNN.replace("input_data[:, t]", "input_data[:, 0]"), "what differs is what the next step is given"),
    ("rnn", RNN.replace("input_data[:, t]", "input_data[:1, t]"), "With B = 1 it is right, with more it is not"),
    ("rnn", RNN.replace("h @ wt_h", "np.sin(h) @ wt_h"), "The first step is right where the initial state is zero"),
    ("rnn", RNN.replace("+ bias", "+ np.sin(bias)"), "It differs from the first step on"),
    ("mha", MHA.replace("np.concatenate(heads, axis=-1)", "np.concatenate([*heads[1:], heads[0]], axis=-1)"),
     "With heads = 1 it is right, with more it is not"),
    ("mha", MHA.replace("axis=-1) @ Wo", "axis=-1) @ Wo * 1.5"),
     "Every number that differs is 1.5 times the right one"),
    ("causal", CAUSAL.replace("np.tri(T, dtype=bool)",
                              "(np.tri(T, dtype=bool) & (np.arange(T) > 0) | np.eye(T, dtype=bool))"),
     "Position 0, which sees itself alone, is right"),
    ("causal", CAUSAL.replace("axis=-1) @ Wo", "axis=-1) @ Wo + 1"), "Position 0, which sees itself alone, is wrong"),
    ("causal", CAUSAL.replace("-np.inf)", "scores - 4 * np.arange(1, T + 1))"), "The last position is right"),
    ("rnn", RNN.replace("states.append(h)", "states.append(np.concatenate([h[:1], 0.9 * h[1:]]))"),
     "The first sequence of each batch is right"),
    ("backward", EXERCISES["backward"].correct.replace("d_a.sum(axis=0)", "np.sin(d_a.sum(axis=0))"),
     "Right: d_wt_h, d_wt_x, d_h_prev. Wrong: d_bias."),
])
def test_where_no_known_mistake_fits_the_place_says_what_is_right(key: str, source: str, said: str) -> None:
    assert source != EXERCISES[key].correct
    result = check_here(EXERCISES[key], source)
    assert not result.agrees
    assert result.hint is not None
    assert (result.hint.causes, result.hint.title) == ((), "")
    assert said in result.hint.advice, result.hint.advice


def test_nan_is_guessed() -> None:
    hint = hint_for("rnn", RNN.replace("+ bias", "+ bias + np.nan"))
    assert hint is not None
    assert hint.title == "NaN or infinity"


def test_a_program_in_float32_with_a_mistake_is_named() -> None:
    code = RNN.replace("return np.stack(states, axis=1), h[None]", "return np.float32(np.stack(states, axis=1))")
    hint = hint_for("rnn", code.replace(" + bias", ""))
    assert hint is not None
    assert hint.causes == ("unbiased",)


def test_the_constant_of_a_finite_mask_is_said() -> None:
    hint = hint_for("causal", CAUSAL.replace("-np.inf)", "-1.0)"))
    assert hint is not None
    assert "Masked scores become −1, " in hint.advice
    assert np.isfinite(EXERCISES["causal"].answers()[0][0]).all()
