"""Confidence in a share, against published values and against counting."""

import numpy as np
import pytest

from seqlab.reference.shares import mcnemar, wilson


def test_wilson_is_as_published() -> None:
    """Newcombe 1998, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29."""
    for right, count, low, high in ((81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611),
                                    (1, 29, 0.0061, 0.1718)):
        assert wilson(right, count) == pytest.approx((low, high), abs=5e-5)


def test_wilson_holds_the_true_share_as_often_as_it_says() -> None:
    random = np.random.default_rng(0)
    drawn = [wilson(int(right), 500) for right in random.binomial(500, 0.88, 4000)]
    held = [low <= 0.88 <= high for low, high in drawn]
    assert np.mean(held) == pytest.approx(0.95, abs=0.012)


@pytest.mark.parametrize(("right", "count"), [(3, 2), (-1, 5), (0, 0)])
def test_what_cannot_be_counted_is_told(right: int, count: int) -> None:
    with pytest.raises(ValueError, match="cannot be right"):
        wilson(right, count)


def pair(both: int, first: int, second: int, neither: int) -> tuple[np.ndarray, np.ndarray]:
    one = np.array([True] * (both + first) + [False] * (second + neither))
    other = np.array([True] * both + [False] * first + [True] * second + [False] * neither)
    return one, other


def test_mcnemar_counts_coins() -> None:
    assert mcnemar(*pair(5, 0, 0, 5)) == 1
    assert mcnemar(*pair(3, 1, 0, 9)) == 1
    assert mcnemar(*pair(10, 8, 1, 2)) == pytest.approx(2 * (1 + 9) / 2**9)
    assert mcnemar(*pair(10, 1, 8, 2)) == mcnemar(*pair(10, 8, 1, 2))
    assert mcnemar(*pair(0, 5, 5, 0)) == 1


def test_mcnemar_is_the_same_for_many_answers() -> None:
    """The two ways to sum meet where one takes over from the other."""
    few, many = mcnemar(*pair(0, 540, 459, 0)), mcnemar(*pair(0, 540, 460, 0))
    assert few == pytest.approx(0.01140, abs=2e-4)
    assert many == pytest.approx(few, rel=0.15)
    assert mcnemar(*pair(0, 2000, 1000, 0)) < 1e-60
