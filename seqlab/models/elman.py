"""Our own Elman layer, input and old state side by side in one linear map; and the published one, with a second map."""

from collections.abc import Mapping, Sequence
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812
from torch.nn.utils.rnn import PackedSequence

from seqlab.models import Model, stacked_cells
from seqlab.models.initialisation import normal, orthogonal, recurrent_starts
from seqlab.models.plain import PlainElman, PlainElmanOut
from seqlab.models.recurrent import before, changed_trace, unfolded
from seqlab.models.stacked import Layers, Weights, linear
from seqlab.models.unrolled import LOOK_UP, TANH, Sequences, Stack
from seqlab.reference.core import Sizes
from seqlab.reference.edit import UNCHANGED, Edit, Edits, unchanged


class Elman(Stack):
    """A stack of layers h_t = tanh(W [x_t; h_t-1] + b), batch first; weights start as torch's linear layers do.

    Its twin is ``reference.elman``; that it is the loop over ``torch.cat`` and ``nn.Linear`` that a student writes is
    tested (tests/models/test_elman.py).
    """

    mode = TANH

    def __init__(self, width: int, hidden: int, layers: int = 1) -> None:
        super().__init__()
        self.input_size, self.hidden_size, self.num_layers = width, hidden, layers
        for layer in range(layers):
            linear = nn.Linear((hidden if layer else width) + hidden, hidden)
            self.register_parameter(f"weight_l{layer}", cast(nn.Parameter, linear.weight))
            self.register_parameter(f"bias_l{layer}", linear.bias)

    def forward(self, x: Tensor | PackedSequence, state: Tensor | None = None) -> tuple[Sequences, Tensor]:
        """Hidden states of the top layer, and the last state of each layer."""
        return self.unrolled(x, state)

    def parts(self, layer: int) -> tuple[Tensor, Tensor, Tensor]:
        """Cut W where the input ends: W [x; h] = W_x x + W_h h."""
        W, b = self.layer_weights[layer]
        W_x, W_h = W.split((W.shape[1] - self.hidden_size, self.hidden_size), 1)
        return W_x, W_h, b

    @property
    def layer_weights(self) -> list[tuple[Tensor, Tensor]]:
        """W and b of each layer."""
        layers = range(self.num_layers)
        return [(getattr(self, f"weight_l{layer}"), getattr(self, f"bias_l{layer}")) for layer in layers]

    @property
    def traced_weights(self) -> list[tuple[Tensor, ...]]:
        """All weights of each layer, in the order of their use."""
        return list(self.layer_weights)

    @property
    def all_weights(self) -> list[list[Tensor]]:
        """Each layer's weights as ``nn.RNN`` has them: W_ih, W_hh, b_ih, b_hh; the one bias stands for both."""
        return [[*self.parts(layer), self.parts(layer)[2]] for layer in range(self.num_layers)]


class ElmanOut(Elman):
    """A stack of layers h_t = tanh(W_1 [x_t; h_t-1] + b_1) that give out_t = W_2 h_t + b_2 to what reads them."""

    def __init__(self, width: int, hidden: int, layers: int = 1) -> None:
        super().__init__(width, hidden, layers)
        for layer in range(layers):
            linear = nn.Linear(hidden, hidden)
            self.register_parameter(f"out_weight_l{layer}", cast(nn.Parameter, linear.weight))
            self.register_parameter(f"out_bias_l{layer}", linear.bias)

    def given(self, layer: int, h: Tensor) -> Tensor:
        """Map a layer's hidden states: out_t = W_2 h_t + b_2."""
        return F.linear(h, *self.output_weights[layer])

    @property
    def traced_weights(self) -> list[tuple[Tensor, ...]]:
        """All weights of each layer, those of the second map last."""
        return [(*one, *two) for one, two in zip(self.layer_weights, self.output_weights, strict=True)]

    @property
    def output_weights(self) -> list[tuple[Tensor, Tensor]]:
        """W_2 and b_2 of each layer."""
        return [(getattr(self, f"out_weight_l{layer}"), getattr(self, f"out_bias_l{layer}"))
                for layer in range(self.num_layers)]


def quantities(x: Tensor, state: tuple[Tensor, ...], weights: Sequence[Tensor],
               edit: Edit = unchanged) -> dict[str, Tensor]:
    """Compute a layer's pre-activation and new state; where there is a second map, what it gives as well."""
    W, b, *second = weights
    a = F.linear(torch.cat((x, state[0]), -1), W, b)
    edit(a=a)
    h = a.tanh()
    edit(h=h)
    if not second:
        return {"a": a, "h": h}
    out = F.linear(h, *second)
    edit(out=out)
    return {"a": a, "h": h, "out": out}


def trace(core: Elman, x: Tensor, state: tuple[Tensor, ...] | None = None,
          edits: Edits = UNCHANGED) -> Mapping[str, Tensor]:
    """Run the module, and compute each layer's pre-activations from its states, all times at once."""
    firsts = state[0] if state else x.new_zeros(core.num_layers, len(x), core.hidden_size)
    if edits is not UNCHANGED:
        return changed_trace(quantities, core.traced_weights, x, (firsts,), edits)
    values: dict[str, Tensor] = {}
    below = x
    for layer, h in enumerate(core.layers(x, firsts)):
        parts = quantities(below, (before(h, firsts[layer]),), core.traced_weights[layer])
        below = core.given(layer, h)
        given = {"out": below} if "out" in parts else {}
        values |= {f"{key}.{layer}": part for key, part in (parts | {"h": h} | given).items()}
    return values


def step(core: Elman, x: Tensor) -> dict[str, list[Tensor]]:
    """Run the stack one time step after another, each as torch's plain operations have it."""
    return unfolded(_cell, core.layer_weights, x, core.hidden_size)


def step_out(core: ElmanOut, x: Tensor) -> dict[str, list[Tensor]]:
    """Run each layer so, and map each of its states."""
    values: dict[str, list[Tensor]] = {}
    for layer, weights in enumerate(core.layer_weights):
        states = unfolded(_cell, [weights], x, core.hidden_size)["h.0"]
        outputs = [F.linear(h, *core.output_weights[layer]) for h in states]
        values |= {f"h.{layer}": states, f"out.{layer}": outputs}
        x = torch.stack(outputs, 1)
    return values


def _cell(x: Tensor, h: Tensor, W: Tensor, b: Tensor) -> Tensor:
    return F.linear(torch.cat((x, h), -1), W, b).tanh()


def build(width: int, sizes: Sizes) -> Elman:
    """Make the module."""
    return Elman(width, sizes.hidden, sizes.layers)


def build_out(width: int, sizes: Sizes) -> ElmanOut:
    """Make the module with a second map."""
    return ElmanOut(width, sizes.hidden, sizes.layers)


def _parts(weights: Weights, layer: int) -> tuple[Tensor, Tensor, Tensor, None]:
    """Cut the W of each of many models where the input ends."""
    W, b = weights[f"weight_l{layer}"], weights[f"bias_l{layer}"]
    hidden = b.shape[1]
    return W[..., :-hidden], W[..., -hidden:], b, None


def _given(weights: Weights, layer: int, h: Tensor) -> Tensor:
    """Map the hidden states of many models once more."""
    return linear(h, weights[f"out_weight_l{layer}"], weights[f"out_bias_l{layer}"])


MODEL = (Model("elman", build, trace, initialise=recurrent_starts(content=0, gain=1.5), step=step, packs=True,
               time_first=True, look_up=LOOK_UP, plain=PlainElman,
               stacked=Layers(_parts, stacked_cells.rnn)),
         Model[ElmanOut]("elman_out", build_out, trace, initialise={"orthogonal": orthogonal, "normal": normal},
               step=step_out, packs=True, time_first=True, look_up=LOOK_UP, plain=PlainElmanOut,
                         stacked=Layers(_parts, stacked_cells.rnn, _given)))
