"""The layer unrolled by hand: torch's own modules and autograd say what it must give, forward and backward."""

import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence

from seqlab.models.network import SequenceNetwork
from seqlab.models.rnn import SimpleRNN
from seqlab.models.unrolled import Looked, Stack, Unrolled
from seqlab.tasks import Dimensions
from seqlab.training.config import NetworkConfig

BATCH, TIME, INPUT, HIDDEN = 4, 6, 3, 5
SIZES = {"equal": [4] * TIME, "falling": [4, 4, 2, 2, 1, 1], "one time": [4]}


def pair(mode: str, layers: int, dtype: torch.dtype = torch.float64) -> tuple[SimpleRNN, nn.RNN]:
    """Ours and torch's, with the same weights."""
    torch.manual_seed(layers)
    ours = SimpleRNN(INPUT, HIDDEN, layers, nonlinearity=mode, batch_first=True).to(dtype)
    theirs = nn.RNN(INPUT, HIDDEN, layers, nonlinearity=mode, batch_first=True).to(dtype)
    theirs.load_state_dict(ours.state_dict())
    return ours, theirs


def drawn(layers: int, dtype: torch.dtype = torch.float64) -> tuple[Tensor, Tensor]:
    torch.manual_seed(7)
    return (torch.randn(BATCH, TIME, INPUT, dtype=dtype, requires_grad=True),
            torch.randn(layers, BATCH, HIDDEN, dtype=dtype, requires_grad=True))


def gradients(core: nn.RNN, x: Tensor | PackedSequence, state: Tensor, leaves: list[Tensor]) -> list[Tensor]:
    values, last = core(x, state)
    h = values.data if isinstance(values, PackedSequence) else values
    torch.manual_seed(9)
    loss = (h * torch.randn(h.shape).to(h)).sum() + (last * torch.randn(last.shape).to(last)).sum()
    return [h, last, *torch.autograd.grad(loss, [*leaves, *core.parameters()])]


@pytest.mark.parametrize("layers", [1, 3])
@pytest.mark.parametrize("mode", ["tanh", "relu"])
def test_values_and_gradients_are_those_of_torch(mode: str, layers: int) -> None:
    ours, theirs = pair(mode, layers)
    x, state = drawn(layers)
    for found, known in zip(*(gradients(core, x, state, [x, state]) for core in (ours, theirs)), strict=True):
        torch.testing.assert_close(found, known, rtol=0, atol=1e-12)


@pytest.mark.parametrize("lengths", [[2, 6, 1, 4], [6, 6, 6, 6], [6, 5, 4, 1]])
@pytest.mark.parametrize("mode", ["tanh", "relu"])
def test_packed_sequences_too(mode: str, lengths: list[int]) -> None:
    ours, theirs = pair(mode, 2)
    x, state = drawn(2)
    ends = [gradients(core, pack_padded_sequence(x, torch.tensor(lengths), batch_first=True, enforce_sorted=False),
                      state, [x, state]) for core in (ours, theirs)]
    for found, known in zip(*ends, strict=True):
        torch.testing.assert_close(found, known, rtol=0, atol=1e-12)


@pytest.mark.parametrize("mode", ["RNN_TANH", "RNN_RELU"])
@pytest.mark.parametrize("sizes", SIZES.values(), ids=SIZES)
def test_its_gradients_are_those_of_its_values(sizes: list[int], mode: str) -> None:
    """gradcheck moves every number a little and looks what comes of it."""
    torch.manual_seed(1)
    a, W, first = (torch.randn(*shape, dtype=torch.float64, requires_grad=True)
                   for shape in ((sum(sizes), HIDDEN), (HIDDEN, HIDDEN), (4, HIDDEN)))
    assert torch.autograd.gradcheck(lambda a, W, first: Unrolled.apply(a.clone(), W, first, sizes, mode, True),
                                    (a, W, first))
    ids = torch.tensor([0, 2, 2, 1])
    assert torch.autograd.gradcheck(lambda table: Looked.apply(table, ids), (W,))


@pytest.mark.parametrize("scale", [1e-6, 1e-3, 0.1, 1.0, 10.0, 1e3, 1e30])
def test_the_quick_tanh_is_a_tanh(scale: float) -> None:
    """Were it less exact, a network would be trained that is not the one shown."""
    a = scale * torch.linspace(-1, 1, 4001)[:, None]
    zero, none = torch.zeros(1, 1), torch.zeros(4001, 1)
    found = Unrolled.apply(a.clone(), zero, none, [4001], "RNN_TANH", True)
    assert (found.double() - a.double().tanh()).abs().max() <= 3e-7
    exact = Unrolled.apply(a.clone(), zero, none, [4001], "RNN_TANH", False)
    assert torch.equal(exact, a.tanh())


@pytest.mark.parametrize("mode", ["tanh", "relu"])
def test_single_precision_strays_no_further_than_torch_s_own(mode: str) -> None:
    ours, theirs = pair(mode, 2, torch.float32)
    x, state = drawn(2, torch.float32)
    for found, known in zip(*(gradients(core, x, state, [x, state]) for core in (ours, theirs)), strict=True):
        torch.testing.assert_close(found, known, rtol=1e-5, atol=5e-6)


def test_where_nothing_is_learned_torch_s_module_runs() -> None:
    """The badge compares the reference with what torch itself computes."""
    ours, theirs = pair("tanh", 2, torch.float32)
    x, state = (part.detach() for part in drawn(2, torch.float32))
    with torch.no_grad():
        for found, known in zip(ours(x, state), theirs(x, state), strict=True):
            assert torch.equal(found, known)


@pytest.mark.parametrize("model", ["rnn_tanh", "rnn_relu", "elman"])
@pytest.mark.parametrize("form", ["one-hot", "embedding"])
def test_looking_up_what_a_symbol_sends_changes_nothing(model: str, form: str) -> None:
    torch.manual_seed(0)
    config = NetworkConfig(model=model, hidden=HIDDEN, layers=2, input=form, embedding=4)
    network = SequenceNetwork(config, Dimensions(symbols=7, classes=7)).double()
    ids = torch.randint(7, (BATCH, TIME))  # 24 places, more than there are symbols
    rows = [network.advance(row)[0] for row in ids.split(1)]  # 6 places: each is looked up by itself
    assert isinstance(network.core, Stack)
    assert network.model.look_up is not None
    assert network.model.look_up.pays(network.core, ids)
    assert network._repeats(ids, None)
    assert not network._repeats(ids[:1], None)
    torch.testing.assert_close(network.advance(ids)[0], torch.cat(rows), rtol=0, atol=1e-13)
    trained = [part for part in network.parameters() if part.requires_grad]
    whole = torch.autograd.grad(network.advance(ids)[0].square().sum(), trained)
    apart = torch.autograd.grad(torch.cat(rows).square().sum(), trained)
    for found, known in zip(whole, apart, strict=True):
        torch.testing.assert_close(found, known, rtol=0, atol=1e-12)
