"""The five lines in torch: within what is promised, and able to fail."""

import statistics

import numpy as np
import pytest
import torch

from seqlab.lenses import cells as lens
from seqlab.reference.cells import cells
from seqlab.reference.core import cores
from seqlab.reference.network import stack
from seqlab.reference.published import LINES
from seqlab.reference.special import drawn, gru_from_rnn, gru_long_term_memory, memory_from_input


@pytest.fixture(scope="module")
def found() -> dict[str, np.ndarray]:
    return lens.five_lines(range(100))


@pytest.mark.parametrize("name", LINES)
def test_the_median_of_100_seeds_is_within_the_promise(name: str, found: dict, record_property) -> None:
    median = statistics.median(found[name][:, 0])
    record_property(f"{LINES[name].name}, median", float(median))
    assert found[name].shape == (100, 2)
    assert median <= LINES[name].allowed


def test_the_memory_is_exact_in_every_seed(found: dict) -> None:
    assert not found["memory"].any()


def test_what_is_left_is_no_more_than_torch_s_own_rounding(found: dict) -> None:
    """NumPy and torch differ by about as much as torch in float32 differs from torch in float64."""
    for name in ("rnn", "gru", "special", "attention"):
        ours, own = np.median(found[name], axis=0)
        assert 0 < ours < 2 * own


def test_a_wrong_formula_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lens, "gru_from_rnn", lambda weights: gru_from_rnn(weights, 3.0))
    assert lens.five_lines([0])["special"][0, 0] > 1e-3
    monkeypatch.setattr(lens, "gru_long_term_memory",
                        lambda *sizes, **more: gru_long_term_memory(*sizes, bias=9.0, **more))
    assert lens.five_lines([0])["memory"][0, 0] > 1e-4


def test_another_seed_is_another_network() -> None:
    one, other = lens.five_lines([7]), lens.five_lines([8])
    assert one["gru"][0, 0] != other["gru"][0, 0]
    np.testing.assert_array_equal(one["gru"], lens.five_lines([7])["gru"])


def test_torch_s_own_gru_and_rnn_are_equal_to_the_last_bit_in_float32() -> None:
    rnn = drawn(cells()["rnn_tanh"], 2, 3, 0, dtype="float32")
    x = np.random.default_rng(1).random((4, 12, 3), np.float32)
    np.testing.assert_array_equal(lens.states("gru", gru_from_rnn(rnn), x), lens.states("rnn_tanh", rnn, x))


@pytest.mark.parametrize("cell", cells())
def test_states_are_those_of_the_reference(cell: str) -> None:
    weights, x = drawn(cells()[cell], 6, 3, 0), np.random.default_rng(1).uniform(-1, 1, (2, 15, 3))
    np.testing.assert_allclose(lens.states(cell, weights, x), stack(cores()[cell], x, weights)["h.0"], atol=1e-13)
    some = lens.states(cell, weights, x, times=np.array([0, 14]))
    np.testing.assert_allclose(some, stack(cores()[cell], x, weights)["h.0"][:, [0, 14]], atol=1e-13)


def test_several_passes_in_one_question() -> None:
    rnn, x = drawn(cells()["rnn_tanh"], 2, 3, 0), np.random.default_rng(1).uniform(-1, 1, (1, 9, 3))
    answer = lens.in_precisions([("rnn_tanh", rnn), ("gru", gru_from_rnn(rnn, 2.0))], x)
    assert {name: (part.shape, str(part.dtype)) for name, part in answer.items()} == {
        dtype: ((2, 9, 2), dtype) for dtype in ("float32", "float64")}
    np.testing.assert_allclose(answer["float64"][0], stack(cores()["rnn_tanh"], x, rnn)["h.0"][0], atol=1e-14)


def test_memories_over_10_000_steps_leak_hold_or_keep_exactly() -> None:
    x, first = np.random.default_rng(1).uniform(-1, 1, (10_000, 3)), np.array([0.5, -0.75])
    answer = lens.memories(memory_from_input(gru_long_term_memory(2, 3)), x, first, np.array([2.0, 10.0, 40.0]),
                           np.array([0, 9999]))
    for dtype, h in answer.items():
        assert h.shape == (3, 2, 2)
        assert np.abs(h[0, 1]).max() < 1e-30
        assert 0.3 < np.abs(h[1, 1] / first).min() < 0.9
        assert np.array_equal(h[2, 1], first), dtype
    assert torch.get_default_dtype() == torch.float32
