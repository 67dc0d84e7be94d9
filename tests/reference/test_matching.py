"""Units of two networks matched: planted partners are found, whatever their order, sign and scale."""

import numpy as np
import pytest

from seqlab.reference.matching import correlations, match


def test_planted_partners_are_matched_one_to_one() -> None:
    rng = np.random.default_rng(3)
    a = rng.normal(size=(400, 7))
    order, sign = rng.permutation(7), rng.choice([-1.0, 1.0], 7)
    b = np.concatenate([3 * sign * a[:, order] + 0.1 * rng.normal(size=(400, 7)), rng.normal(size=(400, 4))], 1)
    result = match(a, b)
    assert {(int(first), int(second)) for first, second in zip(result.first, result.second, strict=True)} == {
        (int(unit), place) for place, unit in enumerate(order)}
    assert [bool(r < 0) for r in result.r] == [bool(sign[place] < 0) for place in result.second]
    assert result.strength > 0.99
    assert result.typical < 0.3
    assert np.all(np.diff(np.abs(result.r)) <= 0)


def test_units_that_belong_together_by_chance_do_not_look_matched() -> None:
    rng = np.random.default_rng(4)
    result = match(rng.normal(size=(30, 20)), rng.normal(size=(30, 20)))
    assert np.abs(result.r).mean() > 0.4  # chosen among twenty
    assert result.strength < 0.35


def test_a_unit_that_does_not_change_has_no_correlation() -> None:
    a = np.stack([np.full(8, 0.7), np.arange(8.0)], 1)
    np.testing.assert_allclose(correlations(a, a), [[0, 0], [0, 1]], atol=1e-12)
    with pytest.raises(ValueError, match="at least 4"):
        match(a[:3], a[:3])
