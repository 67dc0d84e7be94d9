"""KL of the truth from a model, and reading many strings at once."""

import numpy as np
import pytest

from seqlab.errors import Fault
from seqlab.reference.activations import log_softmax
from seqlab.reference.core import cores
from seqlab.reference.divergence import allowed, divergence, each_read, states
from seqlab.reference.network import network
from tests.reference.test_reading import VOCAB, weights_of

IDS = np.array([2, 0, 4])


def test_divergence_is_the_sum_over_what_may_come() -> None:
    logits = np.random.default_rng(0).normal(size=(2, 5))
    true = np.array([[0.25, 0.75, 0.0], [0.0, 0.0, 1.0]])
    q = np.exp(log_softmax(logits))
    expected = [0.25 * np.log(0.25 / q[0, 2]) + 0.75 * np.log(0.75 / q[0, 0]), -np.log(q[1, 4])]
    np.testing.assert_allclose(divergence(true, logits, IDS), expected)
    np.testing.assert_allclose(allowed(true, logits, IDS), [q[0, 2] + q[0, 0], q[1, 4]])


def test_a_perfect_model_has_none_and_an_unthinkable_truth_costs_much() -> None:
    true = np.array([[0.5, 0.5, 0.0]])
    perfect = np.log(np.array([[0.5, 1e-30, 0.5, 1e-30, 1e-30]]))
    assert divergence(true, perfect, IDS) == pytest.approx(0, abs=1e-12)
    assert allowed(true, perfect, IDS) == pytest.approx(1)
    assert divergence(np.array([[0.0, 0.0, 1.0]]), perfect, IDS)[0] > 60


def test_where_the_truth_is_silent_nothing_is_said() -> None:
    silent = np.zeros((1, 3))
    assert np.isnan(divergence(silent, np.zeros((1, 5)), IDS)).all()
    assert np.isnan(allowed(silent, np.zeros((1, 5)), IDS)).all()


@pytest.mark.parametrize("name", ["lstm", "gru", "lstm_sum", "transformer"])
def test_strings_read_together_are_read_as_each_alone(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    core, rng = cores()[name], np.random.default_rng(1)
    weights = weights_of(core)
    strings = [rng.integers(0, VOCAB, length) for length in (4, 1, 9, 9, 3)]
    for most in (10**6, 100):  # all at once, and one by one
        monkeypatch.setattr("seqlab.reference.divergence.MOST_NUMBERS", most)
        seen = set()
        for place, trace, row in each_read(core, strings, weights):
            time = len(strings[place])
            alone = network(core, strings[place][None], weights)
            np.testing.assert_allclose(trace["logits"][row, :time], alone["logits"][0], atol=1e-12)
            both = states(trace, "h", row, time)
            np.testing.assert_allclose(both, np.concatenate([alone["h.0"][0], alone["h.1"][0]], -1), atol=1e-12)
            seen.add(place)
        assert seen == set(range(5))


def test_numbers_that_are_not_finite_are_told() -> None:
    weights = dict(weights_of(cores()["gru"]))
    weights["decoder.bias"] = np.full(VOCAB, np.nan)
    with pytest.raises(Fault, match="diverged"):
        list(each_read(cores()["gru"], [np.array([1, 2])], weights))
