"""Attention with free weights: what the sliders do, and that torch agrees."""

from dataclasses import replace

import numpy as np
import pytest

from seqlab.ui.studios.attention.free_weights import FREE_ATTENTION, FreeAttention, divisors
from tests.ui.conftest import Here

ASKED = FreeAttention(("the", "cat", "sat", "on", "the", "mat"))


def test_divisors_are_those_that_share_the_width() -> None:
    assert divisors(12) == [1, 2, 3, 4, 6, 12]
    assert divisors(64) == [1, 2, 4, 8, 16]
    assert divisors(17) == [1]


@pytest.mark.parametrize("changes", [{}, {"causal": False}, {"width": 20, "heads": 5, "off": (1, 4)}, {"scale": 4.0},
                                     {"positions": False, "tokens": ("a", "b")}])
def test_torch_agrees(here: Here, changes: dict) -> None:
    agreements = FREE_ATTENTION.agreements(*replace(ASKED, **changes).shown)
    assert list(agreements) == ["float64", "float32"]
    assert all(part.holds for part in agreements.values())
    assert agreements["float64"].largest < 1e-12
    assert here.asked == (2 if "off" in changes else 1)  # the whole layer stands beside it


def test_another_word_changes_nothing_about_the_rest() -> None:
    other = replace(ASKED, tokens=("the", "dog", *ASKED.tokens[2:]))
    one, two = ASKED.run("float64"), other.run("float64")
    same = [0, 2, 3, 4, 5]
    np.testing.assert_array_equal(one["scores"][..., same, :][..., same], two["scores"][..., same, :][..., same])
    assert np.abs(one["scores"] - two["scores"]).max() > 0.1


def test_scale_goes_from_reading_all_alike_to_reading_one() -> None:
    flat, sharp = (replace(ASKED, scale=scale, causal=False).run("float64")["attention"] for scale in (0.0, 4.0))
    np.testing.assert_allclose(flat, 1 / 6)
    assert sharp.max(-1).mean() > 0.8


def test_without_positions_equal_words_are_the_same_to_a_head() -> None:
    placed, unplaced = (replace(ASKED, positions=on, causal=False).run("float64")["heads"][0] for on in (True, False))
    np.testing.assert_allclose(unplaced[:, 0], unplaced[:, 4], atol=1e-14)
    assert np.abs(placed[:, 0] - placed[:, 4]).max() > 0.01


def test_a_head_that_is_off_adds_nothing() -> None:
    off = replace(ASKED, off=tuple(range(4)))
    assert np.abs(off.run("float64")["attended"]).max() == 0
    np.testing.assert_array_equal(off.whole.run("float64")["attended"], ASKED.run("float64")["attended"])


def test_a_seed_draws_again() -> None:
    assert np.abs(ASKED.run("float64")["scores"] - replace(ASKED, seed=1).run("float64")["scores"]).max() > 0.1
