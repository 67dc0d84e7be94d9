"""Search finds the units that follow an annotation and no others: planted ones, by scores that others compute too."""

import numpy as np
import pytest
from scipy.stats import mannwhitneyu

from seqlab.errors import Fault
from seqlab.reference.annotations import ANNOTATIONS
from seqlab.reference.core import cores
from seqlab.reference.probes import explained
from seqlab.reference.quantity import stored
from seqlab.reference.selectivity import auc, held_out, selectivity, strongest

UNITS, COUNT = 9, 3000


def noise(units: int = UNITS, count: int = COUNT, seed: int = 0) -> np.ndarray:
    return np.tanh(np.random.default_rng(seed).normal(size=(units, count))).astype(np.float16)


def sides(count: int = COUNT) -> np.ndarray:
    return held_out(np.arange(count) // 50)


@pytest.mark.parametrize("sign", [1, -1])
def test_a_network_whose_unit_counts_brackets_by_hand_has_it_at_rank_1(sign: int) -> None:
    rng, alphabet, counter = np.random.default_rng(2), "()ab", 5
    W_ih, W_hh = rng.normal(0, 0.4, (UNITS, 4)), rng.normal(0, 0.2, (UNITS, UNITS))
    W_hh[counter], W_ih[counter] = 0, [1, -1, 0, 0]
    W_hh[:, counter] = np.eye(UNITS)[counter]  # h = relu(h + 1 for a bracket that opens, - 1 for one that closes)
    weights = {"encoder.symbol.weight": np.eye(4), "core.weight_ih_l0": W_ih, "core.weight_hh_l0": W_hh,
               "core.bias_ih_l0": np.zeros(UNITS), "core.bias_hh_l0": np.zeros(UNITS)}
    texts = ["".join(rng.choice(list(alphabet), 60, p=[0.4, 0.3, 0.15, 0.15])) for _ in range(40)]
    rows = [np.array([alphabet.index(letter) for letter in text]) for text in texts]
    states = sign * stored(cores()["rnn_relu"], rows, [0] * len(rows), weights, "h.0")
    depth = np.concatenate([ANNOTATIONS["depth"].read(text) for text in texts])
    result = selectivity(states, depth, held_out(np.arange(depth.size) // 60))
    assert (result.measure, result.order[0], result.sign[counter]) == ("R²", counter, sign)
    assert result.held_out[counter] == pytest.approx(1, abs=1e-6)
    assert result.held_out[result.order[1]] < 0.9
    assert result.probe == pytest.approx(1, abs=1e-3)


def test_the_auc_of_every_unit_is_mann_and_whitneys_u_on_the_side_that_is_held_out() -> None:
    states, side = noise(), sides()
    labels = (np.random.default_rng(1).uniform(size=COUNT) < 0.2).astype(float)
    states[4] += (0.7 * labels).astype(np.float16)
    states[2] = np.round(states[2] - 0.5 * labels.astype(np.float16))  # ties, and -0 beside 0
    labels[:100] = np.nan
    result = selectivity(states, labels, side)
    scored = side & np.isfinite(labels)
    for unit, row in enumerate(states.astype(float) * result.sign[:, None]):
        yes, no = (row[scored & (labels == value)] for value in (1, 0))
        expected = mannwhitneyu(yes, no).statistic / (len(yes) * len(no))
        assert result.held_out[unit] == pytest.approx(expected, abs=1e-12)
        assert auc(row[scored], labels[scored] == 1) == pytest.approx(expected, abs=1e-12)
    assert result.order[:2].tolist() == [4, 2]
    assert (result.sign[4], result.sign[2]) == (1, -1)
    assert result.probe > result.held_out[4] > 0.7
    assert all(abs(result.held_out[unit] - 0.5) < 0.08 for unit in result.order[2:])


def test_an_amount_is_read_off_by_least_squares_fitted_on_one_side_and_scored_on_the_other() -> None:
    states, side = noise(), sides()
    labels = 3 - 2 * states[6].astype(float) + np.random.default_rng(4).normal(0, 0.3, COUNT)
    states[1] = 0.5  # never changes
    result = selectivity(states, labels, side)
    assert (result.order[0], result.sign[6], result.held_out[1]) == (6, -1, pytest.approx(0, abs=0.01))
    for unit in (6, 0):
        slope, rest = np.polyfit(states[unit, ~side].astype(float), labels[~side], 1)
        read = slope * states[unit, side].astype(float) + rest
        assert result.held_out[unit] == pytest.approx(explained(labels[side], read), abs=1e-9)


@pytest.mark.parametrize(("labels", "sentence"), [
    (np.zeros(COUNT), "matches nothing"), (np.ones(COUNT), "matches everything"),
    (np.full(COUNT, np.nan), "has no meaning"), ((np.arange(COUNT) < 6).astype(float), "holds at only 6 places"),
    (np.full(COUNT, 2.5), "matches everything"), (np.where(np.arange(COUNT) < 4, 2.0, np.nan), "matches everything"),
    (np.where(np.arange(COUNT) < 4, np.arange(COUNT), np.nan), "too little of this")])
def test_what_cannot_be_scored_is_said(labels: np.ndarray, sentence: str) -> None:
    with pytest.raises(Fault, match=sentence):
        selectivity(noise(), labels, sides())


def test_the_strongest_places_are_apart_and_in_order() -> None:
    row = np.zeros(500, np.float16)
    row[[10, 12, 100, 300]] = [-0.9, -0.95, -0.5, 0.99]
    assert strongest(row, -1, 2, 5) == [12, 100]
    assert strongest(row, 1, 1, 5) == [300]
    assert len(strongest(row[:3], 1, 8, 1)) == 3


def test_what_has_one_key_stays_on_one_side() -> None:
    side = held_out(np.arange(COUNT) % 40)
    assert all(len(set(side[key::40].tolist())) == 1 for key in range(40))
    assert 0.4 < side.mean() < 0.6
