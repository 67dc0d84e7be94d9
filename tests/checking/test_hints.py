"""The cause of a mistake is named: the nine classic ones wherever they can be made, others, and pairs."""

import numpy as np
import pytest

from seqlab.checking import samples
from seqlab.checking.check import run_check
from seqlab.checking.exercises import EXERCISES
from seqlab.checking.hints import Hint, explain
from seqlab.checking.mistakes import CLASSIC, MISTAKES
from seqlab.checking.variants import FORMULAS

PLANTED = [(key, cause) for key in EXERCISES for cause in samples.faults(key)]


def named(key: str, source: str) -> Hint | None:
    """The hint for code that is trusted, without a process of its own."""
    space: dict = {}
    exec(source, space)
    exercise, returned = EXERCISES[key], {}
    for place, case in enumerate(exercise.cases()):
        try:
            returned[place] = space[exercise.function](*case)
        except ValueError:
            continue
    answers = exercise.answers()
    right = {place: array for place, array in returned.items() if array.shape == answers[place].shape}
    return explain(key, exercise.cases(), answers, right)


def test_every_classic_mistake_can_be_planted_somewhere() -> None:
    assert {cause for _, cause in PLANTED} == set(CLASSIC)
    assert len(CLASSIC) == 9


@pytest.mark.parametrize(("key", "cause"), PLANTED)
def test_a_classic_mistake_is_named_by_the_whole_check(key: str, cause: str) -> None:
    source = samples.planted(key, cause)
    assert source != samples.CORRECT[key]
    result = run_check(EXERCISES[key], source)
    assert not result.agrees
    assert result.hint is not None
    assert result.hint.causes == (cause,)
    assert result.hint.title == CLASSIC[cause]


@pytest.mark.parametrize("key", EXERCISES)
def test_the_correct_one_agrees_and_gets_no_hint(key: str) -> None:
    result = run_check(EXERCISES[key], samples.CORRECT[key])
    assert result.agrees
    assert result.hint is None
    assert result.largest is not None
    assert result.largest < 1e-13


@pytest.mark.parametrize("key", EXERCISES)
def test_the_formulas_of_the_mistakes_are_the_reference_without_one(key: str) -> None:
    for case, answer in zip(EXERCISES[key].cases(), EXERCISES[key].answers(), strict=True):
        assert np.abs(FORMULAS[key](case) - answer).max() < 1e-13


@pytest.mark.parametrize("key", EXERCISES)
def test_no_two_mistakes_look_alike_but_where_they_are_the_same(key: str) -> None:
    """Two causes that gave equal numbers everywhere could not be told apart: one of them would be named wrongly."""
    seen: dict[bytes, str] = {}
    for variant in MISTAKES[key]:
        outputs = []
        for case in EXERCISES[key].cases():
            try:
                with np.errstate(all="ignore"):
                    outputs.append(np.round(FORMULAS[key](variant.turn(case), **variant.knobs), 7) + 0.0)
            except ValueError:
                continue
        answers = [np.round(answer, 7) + 0.0 for answer in EXERCISES[key].answers()]
        assert outputs, variant.advice
        assert any(not any(np.array_equal(out, answer) for answer in answers) for out in outputs), variant.advice
        fingerprint = b"".join(output.tobytes() for output in outputs)
        assert seen.setdefault(fingerprint, variant.cause) == variant.cause, variant.advice


GRU, MHA, CAUSAL, RNN = (samples.CORRECT[key] for key in ("gru", "mha", "causal", "rnn"))


@pytest.mark.parametrize(("key", "source", "causes"), [
    ("rnn", RNN.replace("x @ wt_x", "x @ wt_x.T"), ("transposed",)),  # runs in the square case alone
    ("rnn", RNN.replace("np.tanh", ""), ("no tanh",)),
    ("rnn", RNN.replace("np.tanh(h @ wt_h + x @ wt_x + bias)", "1 / (1 + np.exp(-(h @ wt_h + x @ wt_x + bias)))"),
     ("sigmoid for tanh",)),
    ("rnn", RNN.replace("states.append(h)", "").replace("        h = np", "        states.append(h)\n        h = np"),
     ("shift",)),
    ("rnn", RNN.replace(" + bias", "").replace("h = init_state ", "h = 0 * init_state"), ("stateless", "unbiased")),
    ("rnn", RNN.replace("+ bias", "+ 2 * bias"), ("bias twice",)),
    ("gru", GRU.replace("r_t * (h @ n[2] + n[3])", "r_t * (h @ n[2]) + n[3]"), ("bias outside",)),
    ("gru", GRU.replace("r_t * (h", "(h"), ("no reset",)),
    ("gru", GRU.replace("def gru(r, z, n,", "def gru(r, n, z,"), ("order",)),
    ("gru", GRU.replace("h = (1 - z_t) * n_t + z_t * h", "h = z_t * n_t + (1 - z_t) * h").replace(
        "r_t * (h @ n[2] + n[3])", "(r_t * h) @ n[2] + n[3]"), ("before", "polarity")),  # as d2l has it
    ("gru", GRU.replace(" + r[3]", "").replace(" + z[3]", "").replace(" + n[3]", ""), ("unbiased",)),
    ("mha", MHA.replace("query.shape[-1]", "Wo.shape[0]"), ("scale E",)),
    ("mha", MHA.replace("np.sqrt(query.shape[-1])", "query.shape[-1]"), ("scale d",)),
    ("mha", MHA.replace("np.concatenate(heads, axis=-1)", "np.concatenate(heads[::-1], axis=-1)"), ("heads",)),
    ("mha", MHA.replace("np.concatenate(heads, axis=-1)",
                        "np.stack(heads, axis=-1).reshape(input_data.shape)"), ("heads",)),
    ("mha", MHA.replace("np.concatenate(heads, axis=-1)", "np.stack(heads, axis=1).reshape(input_data.shape)"),
     ("heads",)),
    ("mha", MHA.replace(" @ Wo", ""), ("no Wo",)),
    ("mha", MHA.replace("zip(Wq, Wk, Wv)", "zip(Wk, Wq, Wv)"), ("roles",)),
    ("mha", MHA.replace("softmax(scores)", "np.exp(scores) / np.exp(scores).sum()"), ("axis",)),
    ("causal", CAUSAL.replace("-np.inf)", "0.0)"), ("mask zero",)),
    ("causal", CAUSAL.replace("np.tri(T, dtype=bool)", "np.tri(T, dtype=bool).T"), ("mask turned",)),
    ("causal", CAUSAL.replace("np.tri(T, dtype=bool)", "np.tri(T, k=1, dtype=bool)"), ("mask ahead",)),
    ("causal", samples.planted("causal", "unmasked").replace("= softmax(", "= np.tri(len(scores[0])) * softmax("),
     ("mask late",)),
    ("causal", samples.planted("causal", "unmasked").replace("@ Wo", "@ Wo.T"), ("unmasked", "transposed")),
])
def test_other_mistakes_and_pairs(key: str, source: str, causes: tuple[str, ...]) -> None:
    assert source != samples.CORRECT[key]
    hint = named(key, source)
    assert hint is not None
    assert hint.causes == causes


def test_what_nobody_knows_gets_no_hint() -> None:
    assert named("rnn", RNN.replace("+ bias", "+ np.sin(bias)")) is None


def test_single_precision_and_nan_are_guessed() -> None:
    hint = named("gru", GRU.replace("h = init_state ", "h = init_state.astype(np.float32); x = 0").replace(
        "z_t * h\n", "z_t * h\n        h = h.astype(np.float32)\n"))
    assert hint is not None
    assert (hint.title, hint.causes) == ("single precision", ())
    hint = named("rnn", RNN.replace("+ bias", "+ bias + np.nan"))
    assert hint is not None
    assert hint.title == "NaN or infinity"
