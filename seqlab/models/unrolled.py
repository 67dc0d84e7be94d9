"""A simple recurrent layer unrolled over time, fast on a CPU: few passes over memory, and its way back by hand.

Plain autograd keeps a node and fresh memory for each operation of each time step. Here a layer is one node: the states
are written over the input's part, time step by time step, and the gradients go back through time in as few operations.
"""

from abc import abstractmethod
from typing import Any

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.autograd.function import once_differentiable
from torch.nn import functional as F  # noqa: N812
from torch.nn.utils.rnn import PackedSequence

from seqlab.models import LookUp

Sequences = Tensor | PackedSequence  # batch time width, or packed
TANH = "RNN_TANH"  # torch's names of the two simple layers; the other is RNN_RELU


class Stack(nn.Module):
    """A stack of simple recurrent layers, built otherwise: batch first, or packed; unrolled over time here."""

    num_layers: int
    hidden_size: int
    mode: str

    @abstractmethod
    def parts(self, layer: int) -> tuple[Tensor, Tensor, Tensor]:
        """W_x, W_h and b of a layer: h_t = act(W_x x_t + W_h h_t-1 + b)."""

    def unrolls(self, like: Tensor) -> bool:
        """Whether data such as ``like`` goes through the stack here: on a CPU, while something is learned."""
        return torch.is_grad_enabled() and like.is_cpu

    def given(self, layer: int, h: Tensor) -> Tensor:
        """What a layer gives to the one above, and the top one to the decoder, of hidden states: themselves."""
        return h

    def unrolled(self, x: Tensor | PackedSequence, state: Tensor | None = None) -> tuple[Sequences, Tensor]:
        """Run all layers: what the top one gives, laid out as ``x`` is, and the last state of each."""
        if not isinstance(x, PackedSequence):
            batch, time, _ = x.shape
            states, last = self._run(x.transpose(0, 1).reshape(time * batch, -1), 0, [batch] * time, state)
            return self._top(states).view(time, batch, -1).transpose(0, 1), last
        order, back = x.sorted_indices, x.unsorted_indices
        before = state if state is None or order is None else state.index_select(1, order)
        states, last = self._run(x.data, 0, x.batch_sizes.tolist(), before)
        top = PackedSequence(self._top(states), x.batch_sizes, order, back)
        return top, last if back is None else last[:, back]

    def layers(self, x: Float[Tensor, "batch time input"], state: Tensor | None = None) -> list[Tensor]:
        """Hidden states of every layer, batch first."""
        batch, time, _ = x.shape
        states, _ = self._run(x.transpose(0, 1).reshape(time * batch, -1), 0, [batch] * time, state)
        return [h.view(time, batch, -1).transpose(0, 1) for h in states]

    def looked_up(self, codes: Float[Tensor, "symbols input"], ids: Int[Tensor, "batch time"],
                  state: Tensor | None = None) -> tuple[Float[Tensor, "batch time hidden"], Tensor]:
        """Run all layers on the codes of ids: what each symbol sends to the first layer is worked out once."""
        batch, time = ids.shape
        W_x, _, b = self.parts(0)
        sent = Looked.apply(F.linear(codes, W_x, b), ids.T.reshape(-1))
        states, last = self._run(sent, 1, [batch] * time, state)
        return self._top(states).view(time, batch, -1).transpose(0, 1), last

    def _top(self, states: list[Tensor]) -> Tensor:
        return self.given(self.num_layers - 1, states[-1])

    def _run(self, below: Tensor, ready: int, sizes: list[int], state: Tensor | None) -> tuple[list[Tensor], Tensor]:
        """Run the layers on places; for the first ``ready`` of them W_x x + b is what is given."""
        states: list[Tensor] = []
        for layer in range(self.num_layers):
            W_x, W_h, b = self.parts(layer)
            under = self.given(layer - 1, below) if layer else below
            a = under if layer < ready else F.linear(under, W_x, b)
            first = a.new_zeros(sizes[0], self.hidden_size) if state is None else state[layer]
            below = Unrolled.apply(a, W_h, first, sizes, self.mode, torch.is_grad_enabled())
            states.append(below)
        return states, torch.stack([_ends(h, sizes) for h in states])


LOOK_UP: LookUp[Stack] = LookUp(lambda core, like: core.unrolls(like),
                                lambda core, codes, ids, state: core.looked_up(codes, ids, state))


def _ends(h: Float[Tensor, "places hidden"], sizes: list[int]) -> Float[Tensor, "batch hidden"]:
    """Last state of each sequence; the shorter ones are the later ones."""
    if sizes[-1] == sizes[0]:
        return h[-sizes[0]:]
    steps = zip(h.split(sizes), [*sizes[1:], 0], strict=True)
    return torch.cat([state[size:] for state, size in reversed(list(steps))])


class Unrolled(torch.autograd.Function):
    """The hidden states of a layer as one node of the graph: h_t = act(a_t + W h_t-1), from a_t = W_x x_t + b.

    ``sizes`` is how many sequences there are at each time; they never grow, and those of each time follow one another
    in ``a``, as in a ``PackedSequence``. With ``quick``, tanh is worked out in float32 as tanh(a) = 2σ(2a) - 1, which
    a CPU does in a fraction of the time; the difference stays below 3e-7 (tests/models/test_unrolled.py).
    """

    @staticmethod
    def forward(ctx: Any, a: Float[Tensor, "places hidden"], W: Float[Tensor, "hidden hidden"],
                first: Float[Tensor, "batch hidden"], sizes: list[int], mode: str, quick: bool) -> Tensor:
        """Overwrite ``a`` with the hidden states and give it back."""
        doubled = quick and mode == TANH and a.dtype == torch.float32
        factor, before, minus_one = 1 + doubled, first, a.new_full((), -1.0)
        back = W.T * factor
        for now in a.split(sizes):
            now.addmm_(before[:len(now)], back, beta=factor)
            if doubled:
                torch.add(minus_one, now.sigmoid_(), alpha=2, out=now)
            elif mode == TANH:
                now.tanh_()
            else:
                now.relu_()
            before = now
        ctx.mark_dirty(a)
        ctx.save_for_backward(a, W, first)
        ctx.sizes, ctx.mode = sizes, mode
        return a

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, above: Float[Tensor, "places hidden"]) -> tuple[Tensor | None, ...]:
        """Go back through time: dL/dh_t = above_t + Wᵀ dL/da_t+1 and dL/da_t = dL/dh_t ⊙ slope(h_t)."""
        h, W, first = ctx.saved_tensors
        sizes = ctx.sizes
        da = torch.empty_like(h)
        steps = list(zip(above.split(sizes), h.split(sizes), da.split(sizes), strict=True))
        sent, state, later = steps[-1]
        _sloped(sent, state, later, ctx.mode)
        for sent, state, earlier in reversed(steps[:-1]):
            on = len(later)  # sequences that go on to the next time
            torch.addmm(sent[:on], later, W, out=earlier[:on])
            if on < len(earlier):
                earlier[on:] = sent[on:]
            _sloped(earlier, state, earlier, ctx.mode)
            later = earlier
        d_first = None
        if ctx.needs_input_grad[2]:
            d_first = torch.zeros_like(first)
            torch.mm(da[:sizes[0]], W, out=d_first[:sizes[0]])
        return da, _outer(da, h, first, sizes), d_first, None, None, None


def _sloped(dh: Tensor, h: Tensor, out: Tensor, mode: str) -> None:
    """dL/da = dL/dh ⊙ slope, known from the state itself: 1 - h² of tanh, and of ReLU 1 where h > 0."""
    if mode == TANH:
        torch.ops.aten.tanh_backward.grad_input(dh, h, grad_input=out)
    else:
        torch.ops.aten.threshold_backward.grad_input(dh, h, 0, grad_input=out)


def _outer(da: Tensor, h: Tensor, first: Tensor, sizes: list[int]) -> Tensor:
    """dL/dW = Σ_t dL/da_t h_t-1ᵀ, in one product where all times have as many sequences."""
    size = sizes[0]
    product = da[:size].T @ first[:size]
    if sizes[-1] == size:
        return product.addmm_(da[size:].T, h[:-size]) if len(sizes) > 1 else product
    for state, now in zip(h.split(sizes), da.split(sizes)[1:], strict=False):
        product.addmm_(now.T, state[:len(now)])
    return product


class Looked(torch.autograd.Function):
    """Rows of a table; on a CPU its way back takes a fifth of the time that an embedding's takes."""

    @staticmethod
    def forward(ctx: Any, table: Float[Tensor, "symbols width"],
                ids: Int[Tensor, " places"]) -> Float[Tensor, "places width"]:
        """Pick the row of each id."""
        ctx.save_for_backward(ids)
        ctx.symbols = len(table)
        return table.index_select(0, ids)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Float[Tensor, "places width"]) -> tuple[Tensor, None]:
        """Each row gathers the gradients of all places where it was read."""
        ids, = ctx.saved_tensors
        return gradient.new_zeros(ctx.symbols, gradient.shape[1]).index_add_(0, ids, gradient), None
