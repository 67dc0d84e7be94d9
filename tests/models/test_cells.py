"""The gates that seqlab shows are torch's own: they are asked from nn.GRUCell, LSTMCell and RNNCell one step at a time.

A cell gives back only its state, so a gate is read by forcing the others: a bias of ±10,000 opens or shuts them.
"""

import math
from collections.abc import Iterator

import pytest
import torch
from torch import Tensor, nn

from seqlab.models import models
from seqlab.training.config import NetworkConfig

BATCH, TIME, INPUT, HIDDEN, LAYERS = 3, 9, 4, 5, 3
CELL = {"gru": nn.GRUCell, "lstm": nn.LSTMCell,
        "rnn_tanh": nn.RNNCell, "rnn_relu": lambda *sizes: nn.RNNCell(*sizes, nonlinearity="relu")}
FAR = 1e4


def made(name: str) -> tuple[nn.RNNBase, Tensor, tuple[Tensor, ...], dict[str, Tensor]]:
    """A fused module in float64, an input, an initial state, and the trace that seqlab makes of the pass."""
    torch.manual_seed(sum(map(ord, name)))
    core = models()[name].build(INPUT, NetworkConfig(model=name, hidden=HIDDEN, layers=LAYERS)).double()
    x = torch.randn(BATCH, TIME, INPUT, dtype=torch.float64)
    state = tuple(torch.randn(LAYERS, BATCH, HIDDEN, dtype=torch.float64) for _ in range(2 if name == "lstm" else 1))
    with torch.inference_mode():
        return core, x, state, dict(models()[name].trace(core, x, state))


def cell_of(core: nn.RNNBase, name: str, layer: int, alone: tuple[int, ...] = (), **forced: float) -> nn.Module:
    """Torch's cell of one layer; blocks in ``alone`` lose every weight, ``forced`` sets the bias of such a block."""
    weights = [part.detach().clone() for part in core.all_weights[layer]]
    cell = CELL[name](weights[0].shape[1], HIDDEN).double()
    for block in alone:
        for part in weights:
            part[block * HIDDEN:(block + 1) * HIDDEN] = 0
    for block, value in forced.items():
        number = int(block.removeprefix("block"))
        weights[2][number * HIDDEN:(number + 1) * HIDDEN] = value
    for key, part in zip(("weight_ih", "weight_hh", "bias_ih", "bias_hh"), weights, strict=True):
        getattr(cell, key).data = part
    return cell


def steps(x: Tensor, trace: dict[str, Tensor], state: tuple[Tensor, ...], layer: int,
          lstm: bool = False) -> Iterator[tuple]:
    """Every time of a layer: what it read, its state before (h, or h and c), and the time."""
    below = x if layer == 0 else trace[f"h.{layer - 1}"]
    for t in range(TIME):
        h = trace[f"h.{layer}"][:, t - 1] if t else state[0][layer]
        if lstm:
            yield t, below[:, t], h, trace[f"c.{layer}"][:, t - 1] if t else state[1][layer]
        else:
            yield t, below[:, t], h


def close(ours: Tensor, theirs: Tensor) -> None:
    torch.testing.assert_close(ours, theirs, rtol=0, atol=1e-13)


@pytest.mark.parametrize("name", CELL)
@torch.inference_mode()
def test_states_are_those_of_torchs_cell_step_by_step(name: str) -> None:
    core, x, state, trace = made(name)
    below = x
    for layer in range(LAYERS):
        cell, outputs, cells = cell_of(core, name, layer), [], []
        h, *c = (part[layer] for part in state)
        for t in range(TIME):
            if c:
                h, c[0] = cell(below[:, t], (h, c[0]))
                cells.append(c[0])
            else:
                h = cell(below[:, t], h)
            outputs.append(h)
        below = torch.stack(outputs, 1)
        close(trace[f"h.{layer}"], below)
        if cells:
            close(trace[f"c.{layer}"], torch.stack(cells, 1))


@pytest.mark.parametrize("layer", range(LAYERS))
@torch.inference_mode()
def test_the_gates_of_a_gru(layer: int) -> None:
    core, x, state, trace = made("gru")
    r, z, q, n = (trace[f"{key}.{layer}"] for key in "rzqn")
    kept = cell_of(core, "gru", layer, alone=(2,))  # n = 0: the new state is z ⊙ h
    taken = cell_of(core, "gru", layer, alone=(1,), block1=-FAR)  # z = 0: the new state is n
    for t, read, h in steps(x, trace, state, layer):
        close(kept(read, h), z[:, t] * h)
        close(taken(read, h), n[:, t])
        shown = cell_of(core, "gru", layer, alone=(0, 1), block0=FAR, block1=-FAR)  # and r = 1, W_in = 0: tanh(q)
        shown.weight_ih[2 * HIDDEN:] = 0
        shown.bias_ih[2 * HIDDEN:] = 0
        close(shown(read, h), q[:, t].tanh())
        gate = cell_of(core, "gru", layer, alone=(1, 2), block1=-FAR)  # q = 1, W_in = 0: tanh(r)
        gate.bias_hh[2 * HIDDEN:] = 1
        close(gate(read, h), r[:, t].tanh())


@pytest.mark.parametrize("layer", range(LAYERS))
@torch.inference_mode()
def test_the_gates_of_an_lstm(layer: int) -> None:
    core, x, state, trace = made("lstm")
    i, f, g, o = (trace[f"{key}.{layer}"] for key in "ifgo")
    entering = cell_of(core, "lstm", layer, alone=(1, 2), block1=-FAR, block2=FAR)  # f = 0, g = 1: c is i
    keeping = cell_of(core, "lstm", layer, alone=(0,), block0=-FAR)  # i = 0: c is f ⊙ c
    content = cell_of(core, "lstm", layer, alone=(0, 1), block0=FAR, block1=-FAR)  # i = 1, f = 0: c is g
    shown = cell_of(core, "lstm", layer, alone=(0, 1, 2), block0=FAR, block1=-FAR, block2=FAR)  # c = 1: h is o tanh 1
    for t, read, h, c in steps(x, trace, state, layer, lstm=True):
        close(entering(read, (h, c))[1], i[:, t])
        close(keeping(read, (h, c))[1], f[:, t] * c)
        close(content(read, (h, c))[1], g[:, t])
        close(shown(read, (h, c))[0], o[:, t] * math.tanh(1))


@pytest.mark.parametrize("layer", range(LAYERS))
@pytest.mark.parametrize("name", ["rnn_tanh", "rnn_relu"])
@torch.inference_mode()
def test_the_pre_activations_of_an_rnn(name: str, layer: int) -> None:
    core, x, state, trace = made(name)
    cell = cell_of(core, name, layer)
    squash = torch.tanh if name == "rnn_tanh" else torch.relu
    for t, read, h in steps(x, trace, state, layer):
        close(cell(read, h), squash(trace[f"a.{layer}"][:, t]))


@pytest.mark.parametrize("name", CELL)
def test_without_a_state_it_starts_from_zero(name: str) -> None:
    core, x, state, _ = made(name)
    with torch.inference_mode():
        implied = models()[name].trace(core, x)
        given = models()[name].trace(core, x, tuple(torch.zeros_like(part) for part in state))
    assert all(torch.equal(implied[key], given[key]) for key in implied)
