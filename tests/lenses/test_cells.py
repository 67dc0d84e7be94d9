"""The five lines in torch: at or below the published numbers, and able to fail."""

import numpy as np
import pytest
import torch
from torch.nn import functional as F  # noqa: N812

from seqlab.lenses import cells as lens
from seqlab.reference import linear
from seqlab.reference.cells import cells
from seqlab.reference.core import cores
from seqlab.reference.network import stack
from seqlab.reference.special import drawn, gru_from_rnn, gru_long_term_memory, memory_from_input
from seqlab.studies.cells import LINES, PAIR, SEEDS


@pytest.fixture(scope="module")
def measured() -> dict[str, np.ndarray]:
    return lens.five_lines(SEEDS)


@pytest.fixture(scope="module")
def in_turn() -> bool:
    """Whether torch's own library adds two and three terms from left to right, each rounded, on this processor."""
    torch.manual_seed(0)
    shapes = [(terms, rows, outputs) for terms in (2, 3) for rows in (4, 48) for outputs in (2, 6)]
    equal = []
    for terms, rows, outputs in shapes:
        x, W = torch.randn(rows, terms), torch.randn(outputs, terms)
        total = x[:, :1] * W[:, 0]
        for term in range(1, terms):
            total = total + x[:, term:term + 1] * W[:, term]
        equal.append(torch.equal(total, F.linear(x, W)))
    return all(equal)


@pytest.mark.parametrize(("name", "least"), [("rnn", 0.98), ("gru", 0.98), ("special", 0.98), ("attention", 0.5)])
def test_seeds_are_at_or_below_the_published_number(name: str, least: float, measured: dict, in_turn: bool,
                                                    record_property) -> None:
    """In which order torch adds is its processor's choice, so that the share holds where it adds as the reference does.

    Not quite 1: torch's e^-a is the C library's, which errs in 1 of 1500 numbers, and where a state is near 0 that is
    seen. Elsewhere the reference must not be further from torch than torch is from its own float64.
    """
    errors, own = measured[name].T
    share = LINES[name].share(errors)
    record_property(f"{LINES[name].name}, share of seeds", share)
    assert errors.shape == (len(SEEDS),)
    assert share >= least if in_turn else np.median(errors) <= 1.5 * np.median(own)


@pytest.mark.parametrize("setup", lens.SETUPS)
def test_memory_and_torch_s_own_pair_are_exact_in_every_seed(setup: str) -> None:
    measured = lens.five_lines(SEEDS[:50], setup)
    assert not measured["memory"].any()
    assert not measured[PAIR][:, 0].any()


def test_another_order_of_addition_would_be_seen(monkeypatch: pytest.MonkeyPatch, in_turn: bool) -> None:
    monkeypatch.setattr(linear, "TERMS", 0)
    errors = lens.five_lines(SEEDS[:50])["gru"][:, 0]
    assert LINES["gru"].share(errors) < 0.5 or not in_turn


def test_the_course_adds_the_final_state_s_error_and_starts_at_random() -> None:
    course, unit = (lens.SETUPS[name] for name in ("course", "unit"))
    one, other = np.ones((1, 2, 1)), np.ones((1, 2, 1))
    other[0, 1] = 3
    assert (course.error(one, other), unit.error(one, other)) == (1.0, 0.5)
    x, first = course.inputs()
    assert first is not None
    assert min(x.min(), first.min()) < 0
    assert unit.inputs()[1] is None


def test_a_wrong_formula_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lens, "gru_from_rnn", lambda weights: gru_from_rnn(weights, 3.0))
    assert lens.five_lines([0])["special"][0, 0] > 1e-3
    monkeypatch.setattr(lens, "gru_long_term_memory",
                        lambda *sizes, **more: gru_long_term_memory(*sizes, bias=9.0, **more))
    assert lens.five_lines([0])["memory"][0, 0] > 1e-4


def test_another_seed_is_another_network() -> None:
    one, other = lens.five_lines([7]), lens.five_lines([8])
    assert one["gru"][0, 1] != other["gru"][0, 1]
    np.testing.assert_array_equal(one["gru"], lens.five_lines([7])["gru"])


def test_torch_s_own_gru_and_rnn_are_equal_to_the_last_bit_in_float32() -> None:
    rnn = drawn(cells()["rnn_tanh"], 2, 3, 0, dtype="float32")
    x = np.random.default_rng(1).random((4, 12, 3), np.float32)
    np.testing.assert_array_equal(lens.states("gru", gru_from_rnn(rnn), x), lens.states("rnn_tanh", rnn, x))


@pytest.mark.parametrize("cell", cells())
def test_states_are_those_of_the_reference(cell: str) -> None:
    weights, x = drawn(cells()[cell], 6, 3, 0), np.random.default_rng(1).uniform(-1, 1, (2, 15, 3))
    expected = stack(cores()[cell], x, weights)[f"{cells()[cell].output}.0"]
    np.testing.assert_allclose(lens.states(cell, weights, x), expected, atol=1e-13)
    some = lens.states(cell, weights, x, times=np.array([0, 14]))
    np.testing.assert_allclose(some, expected[:, [0, 14]], atol=1e-13)


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
