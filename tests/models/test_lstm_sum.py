"""The LSTM stack whose layers' outputs are added up: torch's own cells, step by step, say what it must give."""

import pytest
import torch
from torch import Tensor, nn

from seqlab.models import models
from seqlab.models.lstm_sum import SummedLSTM
from seqlab.models.network import SequenceNetwork
from seqlab.reference.core import cores
from seqlab.tasks import Dimensions
from seqlab.training.config import NetworkConfig

BATCH, TIME, INPUT, HIDDEN = 2, 7, 4, 5


def made(layers: int) -> SummedLSTM:
    torch.manual_seed(layers)
    core = models()["lstm_sum"].build(INPUT, NetworkConfig(model="lstm_sum", hidden=HIDDEN, layers=layers)).double()
    assert isinstance(core, SummedLSTM)
    return core


def drawn(layers: int) -> tuple[Tensor, tuple[Tensor, Tensor]]:
    torch.manual_seed(100)
    h, c = torch.randn(2, layers, BATCH, HIDDEN, dtype=torch.float64)
    return torch.randn(BATCH, TIME, INPUT, dtype=torch.float64), (h, c)


def by_cells(core: SummedLSTM, x: Tensor, state: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor, Tensor]:
    """The sum at every time, and the last h and c of every layer, by nn.LSTMCell."""
    below, total, lasts = x, torch.zeros(BATCH, TIME, HIDDEN, dtype=x.dtype), []
    for layer, weights in enumerate(core.all_weights):
        cell = nn.LSTMCell(below.shape[2], HIDDEN).double()
        for name, weight in zip(("weight_ih", "weight_hh", "bias_ih", "bias_hh"), weights, strict=True):
            getattr(cell, name).data = weight.detach()
        pair, outputs = (state[0][layer], state[1][layer]), []
        for t in range(TIME):
            pair = cell(below[:, t], pair)
            outputs.append(pair[0])
        below = torch.stack(outputs, 1)
        total = total + below
        lasts.append(pair)
    h, c = (torch.stack(parts) for parts in zip(*lasts, strict=True))
    return total, h, c


@pytest.mark.parametrize("layers", [1, 2, 4])
@torch.inference_mode()
def test_it_is_the_sum_of_all_layers(layers: int) -> None:
    core, (x, state) = made(layers), drawn(layers)
    found, (h, c) = core(x, state)
    for ours, theirs in zip((found, h, c), by_cells(core, x, state), strict=True):
        torch.testing.assert_close(ours, theirs, rtol=0, atol=1e-13)
    zero = tuple(torch.zeros_like(part) for part in state)
    assert torch.equal(core(x)[0], core(x, zero)[0])


@torch.inference_mode()
def test_one_layer_is_a_plain_lstm() -> None:
    core, (x, state) = made(1), drawn(1)
    torch.testing.assert_close(core(x, state)[0], nn.LSTM.forward(core, x, state)[0], rtol=0, atol=0)


@torch.inference_mode()
def test_two_layers_are_more_than_the_top_one() -> None:
    core, (x, state) = made(2), drawn(2)
    assert (core(x, state)[0] - nn.LSTM.forward(core, x, state)[0]).abs().max() > 0.1


@torch.inference_mode()
def test_a_state_can_be_carried_over() -> None:
    """Text is read on from batch to batch: two halves, with the state between them, must be the whole."""
    torch.manual_seed(0)
    sizes = Dimensions(symbols=7, classes=7)
    network = SequenceNetwork(NetworkConfig(model="lstm_sum", hidden=HIDDEN, layers=3), sizes).double().eval()
    ids = torch.randint(7, (BATCH, 10))
    whole, last = network.advance(ids)
    first, state = network.advance(ids[:, :4])
    second, end = network.advance(ids[:, 4:], None, state)
    torch.testing.assert_close(torch.cat((first, second), 1), whole, rtol=0, atol=1e-13)
    for ours, theirs in zip(end, last, strict=True):
        torch.testing.assert_close(ours, theirs, rtol=0, atol=1e-13)


def test_every_layer_learns_from_its_own_output() -> None:
    """Were the sum cut off from a lower layer, its gradient would come by the layer above alone."""
    core, (x, _) = made(2), drawn(2)
    with torch.no_grad():
        core.weight_ih_l1.zero_()  # nothing goes from layer 0 through layer 1
    core(x)[0].sum().backward()
    assert core.weight_hh_l0.grad.abs().max() > 0


def test_its_weights_are_those_of_a_stack() -> None:
    core = made(2)
    plain = nn.LSTM(INPUT, HIDDEN, 2)
    assert [(name, part.shape) for name, part in core.state_dict().items()] == [
        (name, part.shape) for name, part in plain.state_dict().items()]
    assert cores()["lstm_sum"].label == "LSTM, summed outputs"
