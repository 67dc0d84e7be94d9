"""What the recurrent models share: a stack run layer by layer, with the state each layer started from."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Protocol, runtime_checkable

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from seqlab.reference.edit import Edit, Edits


@runtime_checkable
class Quantities(Protocol):
    """The formulas of one layer, at one time."""

    def __call__(self, x: Tensor, state: tuple[Tensor, ...], weights: Sequence[Tensor],
                 edit: Edit) -> Mapping[str, Tensor]:
        """Give every quantity in the order of computation, each shown to ``edit`` first; what is read above last."""
        ...


def changed_trace(quantities: Quantities, weights: Sequence[Sequence[Tensor]], x: Tensor, state: tuple[Tensor, ...],
                  edits: Edits, keys: tuple[str, ...] = ("h",)) -> dict[str, Tensor]:
    """Run each layer one time after another, since what is changed at one time changes what follows; every quantity.

    ``state`` are the initial states, ``layer batch hidden``, and ``keys`` their names.
    """
    values: dict[str, Tensor] = {}
    below = x
    for layer, own in enumerate(weights):
        edit, times = edits.at(layer), []
        now = tuple(part[layer].clone() for part in state)
        edit(-1, **dict(zip(keys, now, strict=True)))
        for t, reading in enumerate(below.unbind(1)):
            times.append(quantities(reading, now, own, partial(edit, t)))
            now = tuple(times[-1][key] for key in keys)
        result = {key: torch.stack([parts[key] for parts in times], 1) for key in times[0]}
        values |= {f"{key}.{layer}": part for key, part in result.items()}
        below = result[list(result)[-1]]
    return values


def layer_outputs(core: nn.RNNBase, x: Tensor, state: tuple[Tensor, ...] | None,
                  top: Tensor | None = None) -> Iterator[tuple[Tensor, Tensor, tuple[Tensor, ...]]]:
    """Run the fused module and say what each of its layers read and produced.

    Yields the layer's input and hidden states (``batch time width``) and its initial states (``batch hidden``
    each). The top layer's hidden states come from the whole module (or are ``top``, where that gives something else);
    a module does not give those of the layers below, so they come from the same kernel run on one layer.
    """
    state = state or zeros(core, x)
    if top is None:
        top, _ = core(x, state if len(state) > 1 else state[0])
    below = x
    for layer in range(core.num_layers):
        first = tuple(part[layer:layer + 1].contiguous() for part in state)
        h = one_layer(core, layer, below, first)[0] if layer < core.num_layers - 1 else top
        yield below, h, tuple(part[0] for part in first)
        below = h


def packed_pass(core: nn.Module, x: Tensor, lengths: Tensor,
                state: tuple[Tensor, ...] | Tensor | None) -> tuple[Tensor, tuple[Tensor, ...] | Tensor]:
    """Run a core over the real time steps alone; its output is 0 at the others, its last state the last real one."""
    packed = pack_padded_sequence(x, lengths.cpu(), batch_first=True, enforce_sorted=False)
    values, last = core(packed, state)
    return pad_packed_sequence(values, batch_first=True, total_length=x.shape[1])[0], last


def one_layer(core: nn.RNNBase, layer: int, below: Tensor, first: tuple[Tensor, ...],
              sizes: Tensor | None = None) -> tuple[Tensor, tuple[Tensor, ...]]:
    """Run the fused kernel on one layer from its initial states (``1 batch hidden``): hidden states, last states.

    With ``sizes``, the number of sequences at each time, ``below`` is the data of packed sequences, and so is what it
    gives.
    """
    kernel = getattr(torch, core.mode.lower())
    begin, rest = first if len(first) > 1 else first[0], (core.all_weights[layer], True, 1, 0.0, core.training, False)
    h, *last = kernel(below, begin, *rest, True) if sizes is None else kernel(below, sizes, begin, *rest)
    return h, tuple(last)


def zeros(core: nn.RNNBase, x: Tensor) -> tuple[Tensor, ...]:
    """Give the initial states that hold nothing: h, and c of an LSTM; ``layer batch hidden``."""
    return (x.new_zeros(core.num_layers, x.shape[0], core.hidden_size),) * (2 if core.mode == "LSTM" else 1)


def unfolded(cell: Callable[..., Tensor | tuple[Tensor, ...]], weights: Sequence[Sequence[Tensor]], x: Tensor,
             hidden: int, keys: tuple[str, ...] = ("h",)) -> dict[str, list[Tensor]]:
    """Run each layer from zeros, one time step after another: each state of each layer, one tensor for each time.

    ``cell(x_t, state, *weights)`` is one step of a layer with its ``weights``, as torch's own cells have it: the state
    is a tensor, or a tuple where there are several ``keys``, of which the first is the one that the next layer reads.
    The top layer's is the last one given.
    """
    values: dict[str, list[Tensor]] = {}
    below = list(x.unbind(1))
    for layer, own in enumerate(weights):
        state, states = (x.new_zeros(len(x), hidden),) * len(keys), []
        for reading in below:
            after = cell(reading, state if len(keys) > 1 else state[0], *own)
            state = after if isinstance(after, tuple) else (after,)
            states.append(state)
        by_key = zip(keys, map(list, zip(*states, strict=True)), strict=True)
        values |= {f"{key}.{layer}": parts for key, parts in reversed(list(by_key))}
        below = values[f"{keys[0]}.{layer}"]
    return values


def fused_steps(kernel: str, core: nn.RNNBase, x: Tensor) -> dict[str, list[Tensor]]:
    """Run one of torch's fused modules by its own cell of one step, such as ``gru_cell``."""
    keys = ("h", "c") if kernel == "lstm_cell" else ("h",)
    return unfolded(getattr(torch, kernel), core.all_weights, x, core.hidden_size, keys)


def before(h: Tensor, first: Tensor) -> Tensor:
    """States one step earlier: the initial state, then all but the last; ``batch time hidden``."""
    return torch.cat((first[:, None], h[:, :-1]), 1)
