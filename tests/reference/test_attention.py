import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from seqlab.reference.attention import AttentionWeights, attention, causal, joined, mask, project

LN2 = np.log(2.0)
KEYS = ["query", "key", "value", "scores", "attention", "heads", "attended"]


def module(heads: int, feature: int, bias: bool, dtype: torch.dtype = torch.float64) -> nn.MultiheadAttention:
    torch.manual_seed(10 * heads + feature)
    made = nn.MultiheadAttention(heads * feature, heads, bias=bias, batch_first=True, dtype=dtype)
    for name, part in made.named_parameters():
        if "bias" in name:
            nn.init.normal_(part)
    return made


def weights_of(made: nn.MultiheadAttention) -> AttentionWeights:
    """Torch keeps the rows of all heads of q, then those of k, then those of v."""
    parts = {name: part.detach().numpy() for name, part in made.named_parameters()}
    width, feature = made.embed_dim, made.head_dim
    cut = {}
    for number, part in enumerate("qkv"):
        rows = [slice(number * width + head * feature, number * width + (head + 1) * feature)
                for head in range(made.num_heads)]
        cut[f"W_{part}"] = np.stack([parts["in_proj_weight"][row] for row in rows])
        if "in_proj_bias" in parts:
            cut[f"b_{part}"] = np.stack([parts["in_proj_bias"][row] for row in rows])
    return AttentionWeights(**cut, W_o=parts["out_proj.weight"], b_o=parts.get("out_proj.bias"))


def random(heads: int = 2, feature: int = 3, dtype: type = np.float64) -> AttentionWeights:
    return weights_of(module(heads, feature, True, torch.float64 if dtype is np.float64 else torch.float32))


def drawn(*shape: int, dtype: type = np.float64) -> np.ndarray:
    return np.random.default_rng(0).standard_normal(shape).astype(dtype)


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("masked", [True, False])
@pytest.mark.parametrize("heads", [1, 2, 3, 5, 8])
@torch.inference_mode()
def test_torch_s_module_gives_the_same(heads: int, masked: bool, bias: bool) -> None:
    made, x = module(heads, 4, bias), drawn(3, 7, 4 * heads)
    later = torch.ones(7, 7, dtype=torch.bool).triu(1) if masked else None
    there = torch.from_numpy(x)
    attended, pattern = made(there, there, there, attn_mask=later, average_attn_weights=False)
    ours = attention(x, weights_of(made), causal(7) if masked else None)
    assert list(ours) == KEYS
    np.testing.assert_allclose(ours["attended"], attended.numpy(), atol=1e-14)
    np.testing.assert_allclose(ours["attention"], pattern.numpy(), atol=1e-14)


def test_one_head_by_hand() -> None:
    # One head of width 1: q = 2x, k = x, v = 10x, and √d = 1. At t = 1 the scores are 2 · x_1 · (0, ln 2 / 2).
    one = np.ones((1, 1, 1))
    x = np.array([[[0.0], [LN2 / 2]]])
    found = attention(x, AttentionWeights(2 * one, one, 10 * one, np.array([[3.0]])))
    third = 2 * (LN2 / 2) ** 2
    np.testing.assert_allclose(found["scores"][0, 0], [[0, 0], [0, third]], atol=1e-16)
    share = np.exp(third) / (1 + np.exp(third))
    np.testing.assert_allclose(found["attention"][0, 0], [[0.5, 0.5], [1 - share, share]], atol=1e-16)
    np.testing.assert_allclose(found["attended"][0, :, 0], [30 * LN2 / 4, 30 * share * LN2 / 2], atol=1e-15)


def test_scores_are_divided_by_the_root_of_the_features_of_a_head() -> None:
    weights, x = random(2, 9), drawn(1, 4, 18)
    found = attention(x, weights)
    for head in range(2):
        query, key = (x[0] @ part[head].T + bias[head] for part, bias in
                      ((weights.W_q, weights.b_q), (weights.W_k, weights.b_k)))
        np.testing.assert_allclose(found["scores"][0, head], query @ key.T / 3, atol=1e-14)


@given(st.integers(0, 1000), st.booleans())
def test_weights_are_shares_and_the_masked_are_exactly_zero(seed: int, masked: bool) -> None:
    x = 3 * np.random.default_rng(seed).standard_normal((2, 6, 6))
    pattern = attention(x, random(), causal(6) if masked else None)["attention"]
    assert ((pattern >= 0) & (pattern <= 1)).all()
    np.testing.assert_allclose(pattern.sum(-1), 1, atol=1e-15)
    assert not masked or (pattern[..., ~causal(6)] == 0).all()
    assert (pattern[..., causal(6)] > 0).all()


def test_the_mask_does_not_touch_the_scores() -> None:
    x = drawn(2, 5, 6)
    np.testing.assert_array_equal(attention(x, random(), causal(5))["scores"], attention(x, random())["scores"])


def test_without_a_mask_order_does_not_matter() -> None:
    x, shuffled = drawn(1, 5, 6), [3, 0, 4, 1, 2]
    straight, mixed = attention(x, random())["attended"], attention(x[:, shuffled], random())["attended"]
    np.testing.assert_allclose(mixed, straight[:, shuffled], atol=1e-14)


def test_any_mask_will_do() -> None:
    allowed = np.eye(5, dtype=bool)
    found = attention(drawn(2, 5, 6), random(), allowed)
    np.testing.assert_array_equal(found["attention"], np.broadcast_to(np.eye(5), (2, 2, 5, 5)))
    np.testing.assert_allclose(found["heads"], found["value"], atol=1e-15)


def test_a_causal_mask_looks_at_itself_and_back() -> None:
    np.testing.assert_array_equal(causal(3), [[True, False, False], [True, True, False], [True, True, True]])
    np.testing.assert_array_equal(mask(causal(2), np.dtype(np.float32)), np.float32([[0, -np.inf], [0, 0]]))
    assert mask(causal(2), np.dtype(np.float32)).dtype == np.float32


def test_a_position_that_may_look_at_nothing_is_named() -> None:
    allowed = causal(4)
    allowed[2] = False
    with pytest.raises(ValueError, match="position 2 may look at nothing"):
        attention(drawn(1, 4, 6), random(), allowed)


@pytest.mark.parametrize("shape", [(0, 4, 6), (2, 0, 6)])
def test_nothing_to_read_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="at least one sequence and one time step"):
        attention(np.zeros(shape), random(), causal(shape[1]))


@pytest.mark.parametrize("masked", [True, False])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_scores_of_any_size_are_finite_silent_and_of_the_same_type(dtype: type, masked: bool) -> None:
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        found = attention(1e6 * drawn(2, 5, 6, dtype=dtype), random(dtype=dtype), causal(5) if masked else None)
    assert {array.dtype for array in found.values()} == {np.dtype(dtype)}
    assert all(np.isfinite(array).all() for array in found.values())


def test_inputs_are_left_alone() -> None:
    x, weights, allowed = drawn(2, 5, 6), random(), causal(5)
    kept = [array.copy() for array in (x, *vars(weights).values(), allowed)]
    found = attention(x, weights, allowed)
    for before, after in zip(kept, (x, *vars(weights).values(), allowed), strict=True):
        np.testing.assert_array_equal(before, after)
    assert not any(np.shares_memory(one, other) for one in (found["scores"],) for other in (found["attention"], x))


def test_heads_are_cut_and_joined_in_order() -> None:
    x = drawn(2, 4, 6)
    identity = np.eye(6).reshape(3, 2, 6)
    parts = project(x, identity, None)
    assert parts.shape == (2, 3, 4, 2)
    np.testing.assert_array_equal(parts[:, 1], x[..., 2:4])
    np.testing.assert_array_equal(joined(parts), x)


def test_weights_are_found_under_their_names_and_biases_may_be_missing() -> None:
    made = random()
    names = {f"core.blocks.1.attention.{name}": part for name, part in vars(made).items()}
    assert AttentionWeights.of(names, "core.blocks.1.attention.").W_v is made.W_v
    assert AttentionWeights.of(names, "core.blocks.1.attention.").b_o is made.b_o
    bare = {name: part for name, part in names.items() if ".b_" not in name}
    assert AttentionWeights.of(bare, "core.blocks.1.attention.").b_q is None
    with pytest.raises(KeyError):
        AttentionWeights.of(names, "core.blocks.0.attention.")
