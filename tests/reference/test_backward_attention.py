"""Attention alone, with and without mask and biases, and the parts of a block, against torch's autograd."""

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from seqlab.reference.activations import gelu_slope
from seqlab.reference.attention import AttentionWeights, attention, causal
from seqlab.reference.backward_attention import attention_gradient, named, softmax_gradient
from seqlab.reference.layer_norm import layer_norm_gradient
from seqlab.reference.linear import linear_gradient

SETTINGS = 200


def drawn(number: int) -> tuple[np.ndarray, AttentionWeights, np.ndarray | None, np.ndarray]:
    """x, weights, mask and the gradient that comes from above, all random and fixed by the number."""
    draw = np.random.default_rng(number)
    heads, feature, batch, time = (int(draw.integers(1, most)) for most in (7, 9, 5, 17))
    width = heads * feature
    shapes = {"W_q": (heads, feature, width), "W_k": (heads, feature, width), "W_v": (heads, feature, width),
              "W_o": (width, width)}
    if number % 2:
        shapes |= {"b_q": (heads, feature), "b_k": (heads, feature), "b_v": (heads, feature), "b_o": (width,)}
    weights = AttentionWeights(**{name: draw.normal(size=shape) / np.sqrt(shape[-1]) for name, shape in shapes.items()})
    allowed = causal(time) if number % 4 > 1 else None
    return draw.normal(size=(batch, time, width)), weights, allowed, draw.normal(size=(batch, time, width))


def torchs(x: np.ndarray, weights: AttentionWeights, allowed: np.ndarray | None,
           above: np.ndarray) -> dict[str, np.ndarray]:
    """Gradients by autograd, of a composition that shares nothing with ``seqlab.models``."""
    parts = {name: torch.from_numpy(array.copy()).requires_grad_() for name, array in named(weights, "").items()}
    there = torch.from_numpy(x.copy()).requires_grad_()

    def asked(part: str) -> Tensor:
        projected = torch.einsum("btw,hfw->bhtf", there, parts[f"W_{part}"])
        return projected + parts[f"b_{part}"][:, None] if f"b_{part}" in parts else projected

    values = {"query": asked("q"), "key": asked("k"), "value": asked("v")}
    values["scores"] = torch.einsum("bhtf,bhjf->bhtj", values["query"], values["key"]) / weights.W_q.shape[1] ** 0.5
    hidden = torch.zeros(allowed.shape) if allowed is not None else None
    seen = values["scores"] if hidden is None else values["scores"].masked_fill(
        ~torch.from_numpy(allowed.copy()), float("-inf"))
    values["attention"] = seen.softmax(-1)
    values["heads"] = values["attention"] @ values["value"]
    values["attended"] = F.linear(values["heads"].transpose(1, 2).flatten(2), parts["W_o"], parts.get("b_o"))
    for value in values.values():
        value.retain_grad()
    (values["attended"] * torch.from_numpy(above)).sum().backward()
    return {name: part.grad.numpy() for name, part in ({"x": there} | parts | values).items()}


@pytest.mark.parametrize("portion", range(4))
def test_every_gradient_agrees(portion: int) -> None:
    for number in range(portion * SETTINGS // 4, (portion + 1) * SETTINGS // 4):
        x, weights, allowed, above = drawn(number)
        own, d_x, trace = attention_gradient(x, weights, attention(x, weights, allowed), above)
        ours, theirs = {"x": d_x, **named(own, ""), **trace}, torchs(x, weights, allowed, above)
        assert set(ours) == set(theirs)
        gaps = {name: np.abs(ours[name] - theirs[name]).max() for name in theirs}
        assert max(gaps.values()) <= 1e-10, f"setting {number}: {max(gaps, key=gaps.__getitem__)}"


def test_torchs_own_module_agrees() -> None:
    x, weights, _, above = drawn(5)
    heads, _, width = weights.W_q.shape
    module = nn.MultiheadAttention(width, heads, batch_first=True).double()
    with torch.no_grad():
        stacked = [getattr(weights, f"{kind}_{part}") for kind in "Wb" for part in "qkv"]
        module.in_proj_weight.copy_(torch.from_numpy(np.concatenate([m.reshape(-1, width) for m in stacked[:3]])))
        module.in_proj_bias.copy_(torch.from_numpy(np.concatenate([b.reshape(-1) for b in stacked[3:]])))
        module.out_proj.weight.copy_(torch.from_numpy(weights.W_o))
        module.out_proj.bias.copy_(torch.from_numpy(weights.b_o))
    there = torch.from_numpy(x).requires_grad_()
    (module(there, there, there)[0] * torch.from_numpy(above)).sum().backward()
    own, d_x, _ = attention_gradient(x, weights, attention(x, weights), above)
    np.testing.assert_allclose(d_x, there.grad.numpy(), atol=1e-10)
    np.testing.assert_allclose(np.concatenate([m.reshape(-1, width) for m in (own.W_q, own.W_k, own.W_v)]),
                               module.in_proj_weight.grad.numpy(), atol=1e-10)
    np.testing.assert_allclose(own.W_o, module.out_proj.weight.grad.numpy(), atol=1e-10)


def test_the_future_has_no_gradient_behind_a_mask() -> None:
    x, weights, _, above = drawn(7)
    above = above.copy()
    above[:, 2:] = 0
    _, d_x, trace = attention_gradient(x, weights, attention(x, weights, causal(x.shape[1])), above)
    assert x.shape[1] > 3
    assert not d_x[:, 2:].any()
    assert not np.triu(trace["scores"], 1).any()


@pytest.mark.parametrize("mistake", ["no sum in softmax", "no √feature", "key and query swapped", "no W_o"])
def test_what_one_easily_gets_wrong_is_noticed(mistake: str, monkeypatch: pytest.MonkeyPatch) -> None:
    x, weights, allowed, above = drawn(11)
    values = dict(attention(x, weights, allowed))
    if mistake == "no sum in softmax":
        monkeypatch.setattr("seqlab.reference.backward_attention.softmax_gradient", lambda p, gradient: p * gradient)
    elif mistake == "no √feature":
        monkeypatch.setattr("seqlab.reference.backward_attention.np.sqrt", lambda *_, **__: 1.0)
    elif mistake == "key and query swapped":
        values["query"], values["key"] = values["key"], values["query"]
    else:
        weights = AttentionWeights(weights.W_q, weights.W_k, weights.W_v, np.eye(len(weights.W_o)))
    assert weights.W_q.shape[1] > 1
    d_x = attention_gradient(x, weights, values, above)[1]
    monkeypatch.undo()
    right = torchs(x, drawn(11)[1], allowed, above)["x"]
    assert np.abs(d_x - right).max() > 1e-3


@pytest.mark.parametrize("shape", [(1,), (3, 7), (2, 3, 4, 5)])
def test_layer_norm(shape: tuple[int, ...]) -> None:
    draw = np.random.default_rng(2)
    x, above = draw.normal(size=(2, *shape)) * 3
    weight = draw.normal(size=shape[-1])
    there, scale = torch.from_numpy(x.copy()).requires_grad_(), torch.from_numpy(weight.copy()).requires_grad_()
    shift = torch.zeros_like(scale, requires_grad=True)
    (F.layer_norm(there, shape[-1:], scale, shift) * torch.from_numpy(above)).sum().backward()
    for ours, theirs in zip(layer_norm_gradient(x, weight, above), (there, scale, shift), strict=True):
        np.testing.assert_allclose(ours, theirs.grad.numpy(), atol=1e-11)


def test_gelu() -> None:
    a = np.linspace(-6, 6, 101)
    there = torch.from_numpy(a.copy()).requires_grad_()
    F.gelu(there, approximate="tanh").sum().backward()
    np.testing.assert_allclose(gelu_slope(a), there.grad.numpy(), atol=1e-14)


def test_softmax_moved_as_a_whole_changes_nothing() -> None:
    p = np.array([[0.2, 0.3, 0.5]])
    assert np.abs(softmax_gradient(p, np.ones((1, 3)))).max() < 1e-16
    np.testing.assert_allclose(softmax_gradient(p, np.array([[1.0, 0.0, 0.0]])), [[0.16, -0.06, -0.1]], atol=1e-15)


def test_linear() -> None:
    x, weight, above = np.array([[[1.0, 2.0]], [[3.0, 4.0]]]), np.array([[1.0, -1.0]]), np.array([[[2.0]], [[10.0]]])
    d_x, d_weight, d_bias = linear_gradient(x, weight, above)
    assert d_x.tolist() == [[[2, -2]], [[10, -10]]]
    assert d_weight.tolist() == [[32, 44]]
    assert d_bias.tolist() == [12]
