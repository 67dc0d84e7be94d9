import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from seqlab.reference.linear import embedding, linear, one_hot

WEIGHT = np.random.default_rng(0).standard_normal((6, 3))


@given(arrays(np.int64, (4, 5), elements=st.integers(0, 5)))
def test_an_embedding_is_a_one_hot_product(ids: np.ndarray) -> None:
    np.testing.assert_array_equal(one_hot(ids, 6, WEIGHT.dtype) @ WEIGHT, embedding(ids, WEIGHT))


def test_one_hot_has_one_one_at_each_id() -> None:
    code = one_hot(np.array([[2, 0], [5, 5]]), 6, np.dtype(np.float32))
    assert code.shape == (2, 2, 6)
    assert code.dtype == np.float32
    np.testing.assert_array_equal(code.argmax(-1), [[2, 0], [5, 5]])
    np.testing.assert_array_equal(code.sum(-1), 1)


@pytest.mark.parametrize("bad", [-1, 6, 10_000])
def test_an_id_outside_the_alphabet_is_refused(bad: int) -> None:
    ids = np.array([0, bad])
    for call in (lambda: embedding(ids, WEIGHT), lambda: one_hot(ids, 6, WEIGHT.dtype)):
        with pytest.raises(IndexError, match="the alphabet has 0 to 5"):
            call()


def test_no_ids_give_no_rows() -> None:
    assert embedding(np.zeros((2, 0), np.int64), WEIGHT).shape == (2, 0, 3)


@pytest.mark.parametrize("shape", [(3,), (2, 3), (2, 4, 3)])
def test_linear_is_torchs(shape: tuple[int, ...]) -> None:
    draw = np.random.default_rng(1)
    x, bias = draw.standard_normal(shape), draw.standard_normal(6)
    theirs = torch.nn.functional.linear(*map(torch.from_numpy, (x, WEIGHT, bias))).numpy()
    np.testing.assert_allclose(linear(x, WEIGHT, bias), theirs, atol=1e-14)


def test_linear_by_hand() -> None:
    y = linear(np.array([2.0, 3.0]), np.array([[1.0, 10.0], [0.0, -1.0]]), np.array([0.5, 0.25]))
    np.testing.assert_array_equal(y, [32.5, -2.75])
