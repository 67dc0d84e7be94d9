import pytest
import torch
from torch import nn

from seqlab.models.lstm_sum import SummedLSTM
from seqlab.models.network import Encoder, SequenceNetwork
from seqlab.models.recurrent import before
from seqlab.models.rnn import SimpleRNN
from seqlab.reference.cells import cells
from seqlab.reference.core import cores
from seqlab.tasks import Dimensions
from seqlab.training.config import NetworkConfig

SIZES = Dimensions(symbols=7, classes=5, conditions=3)
IDS, CONDITION = torch.tensor([[1, 4, 6], [0, 0, 2]]), torch.tensor([2, 0])


def made(cell: str = "gru", sizes: Dimensions = SIZES, **settings: object) -> SequenceNetwork:
    torch.manual_seed(0)
    return SequenceNetwork(NetworkConfig(model=cell, hidden=4, embedding=3, **settings), sizes)


@pytest.mark.parametrize("cell", cells())
def test_weights_are_named_as_the_reference_reads_them(cell: str) -> None:
    names = {"encoder.symbol.weight": (7, 3), "encoder.condition.weight": (3, 3), "decoder.weight": (5, 4),
             "decoder.bias": (5,)}
    blocks = cells()[cell].gates * 4
    for layer in range(2):
        if cell in ("elman", "elman_out"):
            names |= {f"core.weight_l{layer}": (4, 8 if layer else 10), f"core.bias_l{layer}": (4,)}
            if cell == "elman_out":
                names |= {f"core.out_weight_l{layer}": (4, 4), f"core.out_bias_l{layer}": (4,)}
            continue
        names |= {f"core.weight_ih_l{layer}": (blocks, 4 if layer else 6), f"core.weight_hh_l{layer}": (blocks, 4),
                  f"core.bias_ih_l{layer}": (blocks,), f"core.bias_hh_l{layer}": (blocks,)}
    assert {name: tuple(part.shape) for name, part in made(cell, layers=2).state_dict().items()} == names


def test_without_a_condition_there_is_no_code_for_one() -> None:
    plain = made(sizes=Dimensions(7, 5))
    assert "encoder.condition.weight" not in plain.state_dict()
    assert plain.encoder.width == 3


FUSED = [cell for cell in cells() if isinstance(made(cell).core, nn.RNNBase)]  # and not all of seqlab's own


@pytest.mark.parametrize("cell", FUSED)
def test_it_is_the_fused_module(cell: str) -> None:
    core = made(cell, layers=2).core
    assert {"gru", "lstm", "rnn_tanh", "rnn_relu", "lstm_sum"} <= set(FUSED)
    assert type(core) in (nn.GRU, nn.LSTM, SimpleRNN, SummedLSTM)
    assert core.batch_first
    assert (core.num_layers, core.hidden_size, core.input_size) == (2, 4, 6)
    assert core.mode == cell.upper().removesuffix("_SUM")


def test_one_hot_codes_are_the_identity_and_are_not_trained() -> None:
    network = made(input="one-hot")
    for part, size in ((network.encoder.symbol, 7), (network.encoder.condition, 3)):
        assert not part.weight.requires_grad
        assert torch.equal(part.weight, torch.eye(size))
    assert network.encoder.width == 10
    before_step = network.encoder.symbol.weight.clone()
    trained = [part for part in network.parameters() if part.requires_grad]
    assert len(trained) == 6
    network(IDS, CONDITION).sum().backward()
    torch.optim.SGD(network.parameters(), 1.0).step()
    assert torch.equal(network.encoder.symbol.weight, before_step)


def test_learned_codes_are_trained() -> None:
    network = made()
    network(IDS, CONDITION).sum().backward()
    assert all(part.grad is not None and part.grad.abs().sum() > 0 for part in network.parameters())


@torch.inference_mode()
def test_the_condition_is_the_same_at_every_time() -> None:
    encoder: Encoder = made().encoder
    x = encoder(IDS, CONDITION)
    assert x.shape == (2, 3, 6)
    for row, condition in enumerate(CONDITION):
        assert torch.equal(x[row, :, 3:], encoder.condition.weight[condition].expand(3, 3))
    assert torch.equal(x[..., :3], encoder.symbol.weight[IDS])


@pytest.mark.parametrize("cell", FUSED)
@torch.inference_mode()
def test_a_condition_that_stands_first_only_moves_the_columns_of_its_weights(cell: str) -> None:
    after, first = made(cell), made(cell, condition_first=True)
    names = {"encoder.condition.weight": "encoder.condition_first.weight"}
    weights = {names.get(name, name): part.clone() for name, part in after.state_dict().items()}
    weights["core.weight_ih_l0"] = weights["core.weight_ih_l0"].roll(3, dims=1)
    first.load_state_dict(weights)
    assert torch.equal(first.encoder(IDS, CONDITION), after.encoder(IDS, CONDITION).roll(3, dims=-1))
    torch.testing.assert_close(first(IDS, CONDITION), after(IDS, CONDITION), rtol=0, atol=1e-6)


@pytest.mark.parametrize("cell", cores())
@torch.inference_mode()
def test_a_trace_ends_in_the_logits_of_a_pass(cell: str) -> None:
    network = made(cell, layers=3)
    logits = network(IDS, CONDITION)
    trace = network.trace(IDS, CONDITION)
    assert logits.shape == (2, 3, 5)
    torch.testing.assert_close(trace["logits"], logits, rtol=0, atol=1e-6)
    torch.testing.assert_close(trace["p"], logits.softmax(-1), rtol=0, atol=1e-6)


@pytest.mark.parametrize("cell", cores())
@torch.inference_mode()
def test_where_the_state_is_the_logits_there_is_no_decoder(cell: str) -> None:
    network = made(cell, sizes=Dimensions(7, 4, 3), readout="state")
    assert not any(name.startswith("decoder") for name in network.state_dict())
    trace = network.trace(IDS, CONDITION)
    assert torch.equal(trace["logits"], trace[list(trace)[-3]])
    torch.testing.assert_close(network(IDS, CONDITION), trace["logits"], rtol=0, atol=1e-6)


def test_a_trace_keeps_no_gradients() -> None:
    assert not any(value.requires_grad for value in made().trace(IDS, CONDITION).values())


def test_the_state_before_is_the_first_and_then_all_but_the_last() -> None:
    h, first = torch.arange(12.0).reshape(2, 3, 2), torch.full((2, 2), -1.0)
    assert torch.equal(before(h, first), torch.stack([first, h[:, 0], h[:, 1]], 1))


@pytest.mark.parametrize(("cell", "how"), [(cell, how) for cell in cores()
                                           for how in cores()[cell].initialisations])
def test_a_seed_fixes_the_starting_weights(cell: str, how: str) -> None:
    sizes = Dimensions(7, 5, 3, memory=2)
    first, second = (made(cell, sizes, initialisation=how).state_dict() for _ in range(2))
    assert all(torch.equal(first[name], second[name]) for name in first)
    assert all(part.isfinite().all() for part in first.values())
