"""``nn.MultiheadAttention`` with given matrices says what NumPy says, for any size."""

import numpy as np
import pytest

from seqlab.agreement import compare
from seqlab.lenses.attention import in_precisions
from seqlab.reference.attention import AttentionWeights, attention, causal


def drawn(heads: int, feature: int, time: int, seed: int = 0, batch: int = 2) -> tuple[np.ndarray, dict]:
    rng, width = np.random.default_rng(seed), heads * feature
    weights = {f"W_{part}": rng.standard_normal((heads, feature, width)) / np.sqrt(width) for part in "qkv"}
    weights["W_o"] = rng.standard_normal((width, width))
    return rng.standard_normal((batch, time, width)), weights


@pytest.mark.parametrize(("dtype", "allowed"), [("float64", 1e-13), ("float32", 1e-5)])
@pytest.mark.parametrize("is_causal", [True, False])
@pytest.mark.parametrize(("heads", "feature", "time"), [(1, 4, 2), (4, 4, 11), (16, 1, 40), (3, 7, 5)])
def test_every_quantity_agrees(heads: int, feature: int, time: int, is_causal: bool, dtype: str,
                               allowed: float) -> None:
    x, weights = drawn(heads, feature, time)
    theirs = in_precisions(x, weights, is_causal, (dtype,))[dtype]
    ours = attention(x.astype(dtype), AttentionWeights(*(array.astype(dtype) for array in weights.values())),
                     causal(time) if is_causal else None)
    assert {array.dtype for array in theirs.values()} == {np.dtype(dtype)}
    assert compare(ours, theirs).largest <= allowed


def test_a_causal_head_never_reads_ahead_and_weights_sum_to_one() -> None:
    x, weights = drawn(4, 4, 9)
    pattern = in_precisions(x, weights, True, ("float64",))["float64"]["attention"]
    assert np.triu(pattern, 1).max() == 0
    np.testing.assert_allclose(pattern.sum(-1), 1, atol=1e-14)


def test_a_wrong_matrix_is_noticed() -> None:
    x, weights = drawn(2, 3, 4)
    theirs = in_precisions(x, weights | {"W_k": weights["W_q"]}, True, ("float64",))["float64"]
    ours = attention(x, AttentionWeights(*weights.values()), causal(4))
    assert not compare(ours, theirs).holds
