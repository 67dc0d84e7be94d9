"""Recurrent layers of many models at once: matrix products over the models, and the way back through time by hand.

A layer is one node of the graph, as in ``unrolled``; each operation of a time step serves all models, which for small
ones costs hardly more than one of them would.
"""

from functools import partial
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor
from torch.autograd.function import once_differentiable

States = Float[Tensor, "time model batch hidden"]
_sigmoid_back = torch.ops.aten.sigmoid_backward.grad_input
_tanh_back = torch.ops.aten.tanh_backward.grad_input


def _before(a: Tensor, W: Tensor, first: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    """Make room for h, and c of an LSTM, of all times and the one before, which is filled in."""
    time, models, batch, _ = a.shape
    made = tuple(a.new_empty(time + 1, models, batch, W.shape[2]) for _ in first)
    for part, given in zip(made, first, strict=True):
        part[0] = given
    return made


def _zeros(a: Tensor, W: Tensor, count: int) -> tuple[Tensor, ...]:
    return (a.new_zeros(a.shape[1], a.shape[2], W.shape[2]),) * count


def _outer(da: Tensor, h: Tensor) -> Float[Tensor, "model gates hidden"]:
    """dL/dW = Σ_t dL/da_t h_t-1ᵀ of each model, all times in one product."""
    models = da.shape[1]
    left = da.permute(1, 3, 0, 2).reshape(models, da.shape[3], -1)
    return left @ h.transpose(0, 1).reshape(models, -1, h.shape[3])


class StackedGRU(torch.autograd.Function):
    """h_t = n + z ⊙ (h_t-1 - n), with r and z from a + W h + b, and n = tanh(a_n + r ⊙ (W_n h + b_n))."""

    @staticmethod
    def forward(ctx: Any, a: Tensor, W: Tensor, b: Tensor, first: Tensor) -> States:
        """Give the hidden states at all times."""
        (h,), hidden = _before(a, W, (first,)), W.shape[2]
        gates, sent, back = torch.empty_like(a, memory_format=torch.contiguous_format), a.new_empty(a.shape), W.mT
        for t in range(len(a)):
            torch.baddbmm(b[:, None], h[t], back, out=sent[t])
            r_z, n = gates[t, ..., :2 * hidden], gates[t, ..., 2 * hidden:]
            torch.add(a[t, ..., :2 * hidden], sent[t, ..., :2 * hidden], out=r_z).sigmoid_()
            torch.addcmul(a[t, ..., 2 * hidden:], r_z[..., :hidden], sent[t, ..., 2 * hidden:], out=n).tanh_()
            torch.lerp(n, h[t], r_z[..., hidden:], out=h[t + 1])
        ctx.save_for_backward(gates, sent, h, W)
        return h[1:]

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, above: States) -> tuple[Tensor | None, ...]:
        """Go back through time; ``da`` is dL/da, ``ds`` dL/d(W h + b), which differ in the candidate's part."""
        gates, sent, h, W = ctx.saved_tensors
        hidden, da = W.shape[2], torch.empty_like(gates)
        ds, dh = torch.empty_like(gates), torch.zeros_like(h[0])
        for t in reversed(range(len(gates))):
            dh.add_(above[t])
            (r, z, n), (da_r, da_z, da_n) = gates[t].chunk(3, -1), da[t].chunk(3, -1)
            _tanh_back(torch.addcmul(dh, dh, z, value=-1), n, grad_input=da_n)
            _sigmoid_back(dh * (h[t] - n), z, grad_input=da_z)
            _sigmoid_back(da_n * sent[t, ..., 2 * hidden:], r, grad_input=da_r)
            ds[t, ..., :2 * hidden] = da[t, ..., :2 * hidden]
            torch.mul(da_n, r, out=ds[t, ..., 2 * hidden:])
            dh.mul_(z).baddbmm_(ds[t], W)
        return da, _outer(ds, h[:-1]), ds.sum((0, 2)), None


class StackedLSTM(torch.autograd.Function):
    """c_t = f ⊙ c_t-1 + i ⊙ g, h_t = o ⊙ tanh(c_t), the gates from a + W h."""

    @staticmethod
    def forward(ctx: Any, a: Tensor, W: Tensor, first_h: Tensor, first_c: Tensor) -> tuple[States, Tensor]:
        """Give the hidden states at all times, and the last cell."""
        (h, c), hidden = _before(a, W, (first_h, first_c)), W.shape[2]
        gates, squashed, back = a.new_empty(a.shape), torch.empty_like(c[1:]), W.mT
        for t in range(len(a)):
            torch.baddbmm(a[t], h[t], back, out=gates[t])
            gates[t, ..., :2 * hidden].sigmoid_()
            gates[t, ..., 3 * hidden:].sigmoid_()
            i, f, g, o = gates[t].chunk(4, -1)
            torch.mul(f, c[t], out=c[t + 1]).addcmul_(i, g.tanh_())
            torch.tanh(c[t + 1], out=squashed[t])
            torch.mul(o, squashed[t], out=h[t + 1])
        ctx.save_for_backward(gates, squashed, h, c, W)
        last = c[-1].clone()
        ctx.mark_non_differentiable(last)
        return h[1:], last

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, above: States, _: Tensor) -> tuple[Tensor | None, ...]:
        """Go back through time."""
        gates, squashed, h, c, W = ctx.saved_tensors
        da = torch.empty_like(gates)
        dh, dc, through = torch.zeros_like(h[0]), torch.zeros_like(c[0]), torch.empty_like(c[0])
        for t in reversed(range(len(gates))):
            dh.add_(above[t])
            (i, f, g, o), (da_i, da_f, da_g, da_o) = gates[t].chunk(4, -1), da[t].chunk(4, -1)
            dc.add_(_tanh_back(dh * o, squashed[t], grad_input=through))
            _sigmoid_back(dh * squashed[t], o, grad_input=da_o)
            _sigmoid_back(dc * g, i, grad_input=da_i)
            _sigmoid_back(dc * c[t], f, grad_input=da_f)
            _tanh_back(dc * i, g, grad_input=da_g)
            dc.mul_(f)
            torch.bmm(da[t], W, out=dh)
        return da, _outer(da, h[:-1]), None, None


class StackedRNN(torch.autograd.Function):
    """h_t = act(a_t + W h_t-1), tanh or ReLU."""

    @staticmethod
    def forward(ctx: Any, a: Tensor, W: Tensor, first: Tensor, relu: bool) -> States:
        """Give the hidden states at all times."""
        (h,), back = _before(a, W, (first,)), W.mT
        for t in range(len(a)):
            torch.baddbmm(a[t], h[t], back, out=h[t + 1])
            h[t + 1].relu_() if relu else h[t + 1].tanh_()
        ctx.save_for_backward(h, W)
        ctx.relu = relu
        return h[1:]

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, above: States) -> tuple[Tensor | None, ...]:
        """Go back through time."""
        h, W = ctx.saved_tensors
        slope = partial(torch.ops.aten.threshold_backward.grad_input, threshold=0) if ctx.relu else _tanh_back
        da, dh = torch.empty_like(h[1:]), torch.zeros_like(h[0])
        for t in reversed(range(len(da))):
            slope(dh.add_(above[t]), h[t + 1], grad_input=da[t])
            torch.bmm(da[t], W, out=dh)
        return da, _outer(da, h[:-1]), None, None


def gru(a: Tensor, W: Tensor, b: Tensor | None, first: tuple[Tensor, ...]) -> tuple[Tensor, tuple[Tensor, ...]]:
    """Run a layer of GRUs."""
    h = StackedGRU.apply(a, W, b, *(first or _zeros(a, W, 1)))
    return h, (h[-1].detach(),)


def lstm(a: Tensor, W: Tensor, b: Tensor | None, first: tuple[Tensor, ...]) -> tuple[Tensor, tuple[Tensor, ...]]:
    """Run a layer of LSTMs; there is no second bias."""
    h, c = StackedLSTM.apply(a, W, *(first or _zeros(a, W, 2)))
    return h, (h[-1].detach(), c)


def rnn(a: Tensor, W: Tensor, b: Tensor | None, first: tuple[Tensor, ...],
        relu: bool = False) -> tuple[Tensor, tuple[Tensor, ...]]:
    """Run a layer of simple RNNs; there is no second bias."""
    h = StackedRNN.apply(a, W, *(first or _zeros(a, W, 1)), relu)
    return h, (h[-1].detach(),)
