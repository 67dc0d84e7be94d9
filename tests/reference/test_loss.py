import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional

from seqlab.reference.loss import cross_entropy


@given(st.integers(0, 10_000))
def test_torch_gives_the_same(seed: int) -> None:
    draw = np.random.default_rng(seed)
    logits, targets = 5 * draw.standard_normal((3, 4, 6)), draw.integers(0, 6, (3, 4))
    theirs = functional.cross_entropy(torch.from_numpy(logits).flatten(0, 1), torch.from_numpy(targets).flatten())
    assert cross_entropy(logits, targets) == pytest.approx(theirs.item(), abs=1e-13)


@given(st.integers(0, 10_000))
def test_torch_gives_the_same_with_weights(seed: int) -> None:
    draw = np.random.default_rng(seed)
    logits, targets = draw.standard_normal((3, 4, 6)), draw.integers(0, 6, (3, 4))
    weight = draw.integers(0, 2, (3, 4)).astype(np.float64)
    weight[0, 0] = 0.5
    each = functional.cross_entropy(torch.from_numpy(logits).flatten(0, 1), torch.from_numpy(targets).flatten(),
                           reduction="none").numpy().reshape(3, 4)
    assert cross_entropy(logits, targets, weight) == pytest.approx((weight * each).sum() / weight.sum(), abs=1e-13)


def test_it_is_in_nats() -> None:
    assert cross_entropy(np.zeros((2, 26)), np.array([3, 7])) == pytest.approx(np.log(26))
    assert cross_entropy(np.log([[0.25, 0.75]]), np.array([0])) == pytest.approx(np.log(4))


def test_certainty_at_any_magnitude() -> None:
    logits = np.array([[1e4, -1e4]])
    with np.errstate(all="raise", under="ignore"):
        assert cross_entropy(logits, np.array([0])) == 0
        assert cross_entropy(logits, np.array([1])) == pytest.approx(2e4)


def test_a_position_that_does_not_count_changes_nothing() -> None:
    logits, targets = np.zeros((1, 3, 5)), np.array([[0, 1, 2]])
    other = logits.copy()
    other[0, 2] = [9, -9, 4, 0, 1]
    weight = np.array([[1.0, 1.0, 0.0]])
    assert cross_entropy(logits, targets, weight) == cross_entropy(other, targets, weight)


def test_no_position_that_counts_is_refused() -> None:
    with pytest.raises(ValueError, match="no position counts"):
        cross_entropy(np.zeros((2, 3)), np.array([0, 1]), np.zeros(2))


@pytest.mark.parametrize("bad", [-1, 3])
def test_a_target_that_is_no_class_is_refused(bad: int) -> None:
    with pytest.raises(IndexError):
        cross_entropy(np.zeros((2, 3)), np.array([0, bad]))
