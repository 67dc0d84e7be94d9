import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from seqlab.reference.activations import gelu, log_softmax, relu, sigmoid, softmax, tanh

DTYPES = (np.float32, np.float64)
HUGE = [-1e30, -1e4, -100.0, -1.0, 0.0, 1.0, 100.0, 1e4, 1e30]
scores = arrays(np.float64, (3, 5), elements=st.floats(-50, 50))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("function", [sigmoid, tanh, relu, gelu, softmax, log_softmax])
def test_any_magnitude_is_finite_silent_and_of_the_same_type(function: object, dtype: type) -> None:
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        result = function(np.array(HUGE, dtype))
    assert result.dtype == dtype
    assert np.isfinite(result).all()


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("function", [sigmoid, tanh, relu, gelu, softmax, log_softmax])
def test_the_argument_is_left_alone(function: object, dtype: type) -> None:
    given_ = np.linspace(-3, 3, 12, dtype=dtype).reshape(3, 4)
    kept = given_.copy()
    assert not np.shares_memory(function(given_), given_)
    np.testing.assert_array_equal(given_, kept)


def test_known_values() -> None:
    a = np.log([1.0, 3.0, 1 / 3])
    np.testing.assert_allclose(sigmoid(a), [0.5, 0.75, 0.25], atol=1e-16)
    np.testing.assert_allclose(tanh(np.log([1.0, 2.0, 0.5])), [0, 0.6, -0.6], atol=1e-16)
    np.testing.assert_array_equal(relu(np.array([-2.0, 0.0, 3.0])), [0, 0, 3])
    np.testing.assert_allclose(softmax(np.log([1.0, 2.0, 5.0])), [0.125, 0.25, 0.625], atol=1e-16)


@pytest.mark.parametrize("dtype", DTYPES)
def test_the_ends_are_reached(dtype: type) -> None:
    far = np.array([-1e4, 1e4], dtype)
    np.testing.assert_array_equal(sigmoid(far), [0, 1])
    np.testing.assert_array_equal(tanh(far), [-1, 1])


@given(arrays(np.float64, 7, elements=st.floats(-700, 700)))
def test_torch_gives_the_same(a: np.ndarray) -> None:
    for ours, theirs in ((sigmoid, torch.sigmoid), (tanh, torch.tanh), (relu, torch.relu)):
        np.testing.assert_allclose(ours(a), theirs(torch.from_numpy(a)).numpy(), atol=1e-15)


def test_tanh_is_rounded_correctly_in_float32() -> None:
    a = np.linspace(-9, 9, 20_001, dtype=np.float32)
    np.testing.assert_array_equal(tanh(a), np.tanh(a.astype(np.float64)).astype(np.float32))


@given(scores)
def test_a_softmax_is_a_distribution(y: np.ndarray) -> None:
    p = softmax(y)
    assert (p >= 0).all()
    np.testing.assert_allclose(p.sum(-1), 1, atol=1e-15)
    np.testing.assert_allclose(np.log(np.maximum(p, 1e-300)), log_softmax(y), atol=1e-9)


@given(scores, st.floats(-1e6, 1e6))
def test_a_softmax_does_not_see_a_shift(y: np.ndarray, shift: float) -> None:
    # The shifted scores themselves are rounded by about 1e6 · 2^-53.
    np.testing.assert_allclose(softmax(y + shift), softmax(y), atol=1e-9)
    np.testing.assert_allclose(log_softmax(y + shift), log_softmax(y), atol=1e-8)


@given(scores)
def test_torch_gives_the_same_softmax(y: np.ndarray) -> None:
    np.testing.assert_allclose(softmax(y), torch.softmax(torch.from_numpy(y), -1).numpy(), atol=1e-15)
    np.testing.assert_allclose(log_softmax(y), torch.log_softmax(torch.from_numpy(y), -1).numpy(), atol=1e-13)
