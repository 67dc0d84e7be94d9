import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from seqlab.reference import linear as module
from seqlab.reference.linear import FEW, OUTPUTS, ROWS, TERMS, embedding, in_turn, linear, matrices, one_hot, product

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


def drawn(*shapes: tuple[int, ...]) -> list[np.ndarray]:
    """Numbers in float32, of such different sizes that the order in which they are added shows."""
    draw = np.random.default_rng(3)
    return [(draw.standard_normal(shape) * 10.0 ** draw.integers(-2, 3, shape)).astype(np.float32) for shape in shapes]


def watched(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Note every product that is added in turn from now on."""
    calls: list[int] = []

    def noted(left: np.ndarray, right: np.ndarray) -> np.ndarray:
        calls.append(left.shape[-1])
        return in_turn(left, right)

    monkeypatch.setattr(module, "in_turn", noted)
    return calls


@pytest.mark.parametrize("terms", [1, 2, 3, 11])
def test_in_turn_each_term_is_rounded_and_added_from_the_left(terms: int) -> None:
    x, W_T = drawn((5, terms), (terms, 7))
    for row, column in np.ndindex(5, 7):
        total = x[row, 0] * W_T[0, column]
        for term in range(1, terms):
            total = np.float32(total + np.float32(x[row, term] * W_T[term, column]))
        assert in_turn(x, W_T)[row, column] == total


@pytest.mark.parametrize(("rows", "terms", "outputs", "small"), [
    (ROWS, TERMS - 1, OUTPUTS - 1, True), (ROWS, TERMS, OUTPUTS - 1, False), (ROWS, TERMS - 1, OUTPUTS, False),
    (ROWS - 1, TERMS - 1, 768, True), (1, TERMS, 768, False), (48, 3, 2, True), (48, 3, 64, False)])
def test_only_a_small_product_is_added_in_turn(monkeypatch: pytest.MonkeyPatch, rows: int, terms: int, outputs: int,
                                               small: bool) -> None:
    x, W_T = drawn((rows, terms), (terms, outputs))
    calls = watched(monkeypatch)
    product(x, W_T)
    assert bool(calls) is small


@pytest.mark.parametrize(("rows", "terms", "columns"), [(8, 2, 8), (8, 8, 2), (40, 2, 40), (2, TERMS, 8), (20, 2, 9)])
def test_matrices_of_few_numbers_are_added_in_turn(monkeypatch: pytest.MonkeyPatch, rows: int, terms: int,
                                                   columns: int) -> None:
    left, right = drawn((3, rows, terms), (3, terms, columns))
    np.testing.assert_allclose(matrices(left, right), left @ right, rtol=1e-5, atol=1e-2)
    calls = watched(monkeypatch)
    matrices(left, right)
    assert bool(calls) is (rows * terms * columns < FEW and terms < TERMS)


def test_no_terms_add_up_to_zero() -> None:
    np.testing.assert_array_equal(product(np.zeros((2, 0)), np.zeros((0, 3))), np.zeros((2, 3)))
