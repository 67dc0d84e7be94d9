"""Many cores of one shape in one pass: their weights lie one above another, ``model …``; none knows of the others."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.func import functional_call, vmap
from torch.nn.attention import SDPBackend, sdpa_kernel

from seqlab.models import StackedInputs
from seqlab.models.unrolled import Looked

Weights = Mapping[str, Tensor]  # by name; each ``model …``


def linear(x: Float[Tensor, "time model batch width"], W: Float[Tensor, "model out width"],
           b: Float[Tensor, "model out"]) -> Float[Tensor, "time model batch out"]:
    """Apply each model's own linear map, at all times at once."""
    time, models, batch, width = x.shape
    rows = x.transpose(0, 1).reshape(models, time * batch, width)
    return torch.baddbmm(b[:, None], rows, W.mT).view(models, time, batch, -1).transpose(0, 1)


@dataclass(frozen=True)
class Symbols:
    """What the models read: ids, a condition for each sequence or None, and the codes of both."""

    ids: Int[Tensor, "model batch time"]
    condition: Int[Tensor, "model batch"] | None
    codes: Float[Tensor, "model symbol code"]
    given: Float[Tensor, "model value given"] | None
    given_first: bool

    def joined(self) -> Float[Tensor, "model batch time input"]:
        """Look the codes up, and join those of symbol and condition."""
        codes = _looked_up(self.codes, self.ids)
        if self.given is None or self.condition is None:
            return codes
        same = _looked_up(self.given, self.condition)[:, :, None].expand(-1, -1, codes.shape[2], -1)
        return torch.cat((same, codes) if self.given_first else (codes, same), -1)

    def sent(self, W: Float[Tensor, "model out input"],
             b: Float[Tensor, "model out"]) -> Float[Tensor, "time model batch out"]:
        """W x + b at all times; what each symbol and each condition sends is worked out once, where that pays."""
        if self.codes.shape[1] > self.ids[0].numel():
            return linear(self.joined().permute(2, 0, 1, 3), W, b)
        width = self.codes.shape[2]
        if self.given is None or self.condition is None:
            return _looked_up(torch.baddbmm(b[:, None], self.codes, W.mT), self.ids.permute(2, 0, 1), 1)
        cut = W.shape[2] - width if self.given_first else width
        parts = W[..., :cut], W[..., cut:]
        of_symbol, of_given = reversed(parts) if self.given_first else parts
        once = _looked_up(torch.baddbmm(b[:, None], self.given, of_given.mT), self.condition)
        return _looked_up(self.codes @ of_symbol.mT, self.ids.permute(2, 0, 1), 1) + once


def _looked_up(tables: Float[Tensor, "model row width"], ids: Int[Tensor, "..."], models: int = 0) -> Tensor:
    """Rows of each model's own table; ``models`` is the axis of ``ids`` that counts them."""
    count, rows, width = tables.shape
    shape = [count if axis == models else 1 for axis in range(ids.ndim)]
    first = torch.arange(0, count * rows, rows, device=ids.device).view(shape)
    return Looked.apply(tables.reshape(count * rows, width), (ids + first).reshape(-1)).view(*ids.shape, width)


@runtime_checkable
class StackedCell(Protocol):
    """One recurrent layer over all times, for many models."""

    def __call__(self, a: Float[Tensor, "time model batch gates"], W: Tensor, b: Tensor | None,
                 first: tuple[Tensor, ...]) -> tuple[Tensor, tuple[Tensor, ...]]:
        """From what the input sends: hidden states, ``time model batch hidden``, and the last state of each key.

        ``first`` are the states before (none: zeros); no gradient goes back to them.
        """
        ...


@runtime_checkable
class Deep(Protocol):
    """A core with layers."""

    num_layers: int


@dataclass(frozen=True)
class Layers:
    """A stack of recurrent layers.

    ``parts(weights, layer)`` gives W_x, W_h, the bias that goes with the input, and the state's own (None: there is
    none); ``given(weights, layer, h)`` what a layer gives to what reads it. ``summed``: the layers' outputs are added.
    """

    parts: Callable[[Weights, int], tuple[Tensor, Tensor, Tensor, Tensor | None]]
    cell: StackedCell
    given: Callable[[Weights, int, Tensor], Tensor] = lambda weights, layer, h: h
    summed: bool = False

    def __call__(self, core: Deep, weights: Weights, inputs: StackedInputs,
                 state: tuple[Tensor, ...]) -> tuple[Tensor, tuple[Tensor, ...]]:
        """Run all layers."""
        lasts, outputs = list[tuple[Tensor, ...]](), list[Tensor]()
        for layer in range(core.num_layers):
            W_x, W_h, b_x, b_h = self.parts(weights, layer)
            a = linear(outputs[-1], W_x, b_x) if outputs else inputs.sent(W_x, b_x)
            h, last = self.cell(a, W_h, b_h, tuple(part[:, layer] for part in state))
            outputs.append(self.given(weights, layer, h))
            lasts.append(last)
        after = tuple(torch.stack(parts, 1) for parts in zip(*lasts, strict=True))
        return sum(outputs[1:], outputs[0]) if self.summed else outputs[-1], after


def fused(weights: Weights, layer: int) -> tuple[Tensor, Tensor, Tensor, None]:
    """Weights of a layer of torch's modules whose two biases are only added up."""
    W_x, W_h, b_x, b_h = fused_apart(weights, layer)
    return W_x, W_h, b_x + b_h, None


def fused_apart(weights: Weights, layer: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Weights of a layer of torch's modules."""
    W_x, W_h, b_x, b_h = (weights[f"{kind}_l{layer}"] for kind in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"))
    return W_x, W_h, b_x, b_h


def mapped(core: nn.Module, weights: Weights, inputs: StackedInputs,
           state: tuple[Tensor, ...]) -> tuple[Tensor, tuple[Tensor, ...]]:
    """Run a core without a state: torch's own operations over the models (``torch.func.vmap``).

    Attention is then computed by plain matrix products, for its fused kernel on a CPU takes one model at a time.
    """
    def one(own: dict[str, Tensor], x: Tensor) -> Tensor:
        values: Tensor = functional_call(core, own, (x,))[0]
        return values

    with sdpa_kernel(SDPBackend.MATH):
        return vmap(one)(dict(weights), inputs.joined()).permute(2, 0, 1, 3), ()
