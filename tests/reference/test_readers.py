"""Weights of torch's modules, read without torch, compute what the modules compute; what cannot be read is said."""

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import save
from torch import nn

from seqlab.errors import Fault
from seqlab.reference import course, readers
from seqlab.reference.attention import attention
from seqlab.reference.cells import cells

KINDS = {"rnn": (nn.RNN, "rnn_tanh"), "gru": (nn.GRU, "gru"), "lstm": (nn.LSTM, "lstm")}


def arrays(module: nn.Module) -> dict[str, np.ndarray]:
    return {name: value.detach().numpy() for name, value in module.state_dict().items()}


def source(module: nn.Module, form: str, folder: Path) -> object:
    """The weights of a module in one of the forms that a reader takes."""
    named = {f"encoder.layer.{name}": array for name, array in arrays(module).items()}
    match form:
        case "module":
            return module
        case "tensors":
            return module.state_dict()
        case "arrays":
            return arrays(module)
        case "under a prefix":
            return named | {"decoder.weight": np.ones((2, 2))}
        case "bytes":
            return save(named)
    (folder / "weights.safetensors").write_bytes(save(arrays(module)))
    return folder / "weights.safetensors"


FORMS = ("module", "tensors", "arrays", "under a prefix", "bytes", "file")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("kind", KINDS)
def test_a_recurrent_module_computes_the_same(kind: str, bias: bool, form: str, tmp_path: Path) -> None:
    torch.manual_seed(1)
    made, core = KINDS[kind]
    module = made(3, 5, num_layers=2, bias=bias, batch_first=True, dtype=torch.float64)
    weights = readers.recurrent(source(module, form, tmp_path))
    assert readers.kind_of(weights) == kind
    x = torch.randn(2, 7, 3, dtype=torch.float64)
    theirs = module(x)[0].detach().numpy()
    assert np.abs(cells()[core].run(x.numpy(), weights)["h.1"] - theirs).max() <= 1e-12


@pytest.mark.parametrize("kind", ["RNNCell", "GRUCell", "LSTMCell"])
def test_a_single_cell_is_a_layer(kind: str) -> None:
    cell = getattr(nn, kind)(3, 4)
    assert np.array_equal(readers.recurrent(cell)["core.weight_hh_l0"], cell.weight_hh.detach().numpy())


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("heads", [1, 3])
def test_attention_computes_the_same(heads: int, bias: bool, form: str, tmp_path: Path) -> None:
    torch.manual_seed(1)
    module = nn.MultiheadAttention(6, heads, bias=bias, batch_first=True, dtype=torch.float64)
    for name, part in module.named_parameters():
        if "bias" in name:
            nn.init.normal_(part)  # torch starts them at zero
    weights = readers.multihead(source(module, form, tmp_path), heads)
    assert (weights.b_q is None) is not bias
    x = torch.randn(2, 7, 6, dtype=torch.float64)
    theirs = module(x, x, x)[0].detach().numpy()
    assert np.abs(attention(x.numpy(), weights)["attended"] - theirs).max() <= 1e-12


def test_a_module_knows_its_heads() -> None:
    module = nn.MultiheadAttention(6, 3)
    assert len(readers.multihead(module).W_q) == 3
    with pytest.raises(Fault, match="has 3 heads, not 2"):
        readers.multihead(module, 2)
    with pytest.raises(Fault, match="number of heads; give it"):
        readers.multihead(module.state_dict())


@pytest.mark.parametrize("kind", ["rnn", "gru"])
def test_a_layer_in_the_courses_convention(kind: str) -> None:
    torch.manual_seed(1)
    module = KINDS[kind][0](3, 5, batch_first=True, dtype=torch.float64)
    x, state = torch.randn(2, 7, 3, dtype=torch.float64), torch.randn(2, 5, dtype=torch.float64)
    weights = readers.recurrent(module)
    if kind == "rnn":
        wt_h, wt_x, bias = parts = readers.course_rnn(weights)
        assert (wt_h.shape, wt_x.shape, bias.shape) == ((5, 5), (3, 5), (5,))
        ours, last = course.rnn(*parts, state[None].numpy(), x.numpy())
    else:
        r, z, n = readers.course_gru(weights)
        assert [part.shape for part in r] == [(3, 5), (5,), (5, 5), (5,)]
        ours, last = course.gru(r, z, n, state[None].numpy(), x.numpy())
    for one, other in zip((ours, last), module(x, state[None]), strict=True):
        assert np.abs(one - other.detach().numpy()).max() <= 1e-12


def test_attention_in_the_courses_convention() -> None:
    module = nn.MultiheadAttention(10, 5, bias=False, batch_first=True, dtype=torch.float64)
    Wq, Wk, Wv, Wo = readers.course_mha(readers.multihead(module))
    assert (len(Wq), Wq[0].shape, Wo.shape) == (5, (10, 2), (10, 10))
    x = torch.randn(4, 8, 10, dtype=torch.float64)
    ours = course.mha(Wq, Wk, Wv, Wo, x.numpy())
    assert np.abs(ours - module(x, x, x)[0].detach().numpy()).max() <= 1e-12
    biased = nn.MultiheadAttention(10, 5)
    nn.init.ones_(biased.in_proj_bias)
    with pytest.raises(Fault, match="b_q is not zero"):
        readers.course_mha(readers.multihead(biased))


GRU = {"weight_ih_l0": np.ones((6, 3)), "weight_hh_l0": np.ones((6, 2)), "bias_ih_l0": np.ones(6),
       "bias_hh_l0": np.ones(6)}
NAN = np.ones((6, 3))
NAN[4, 1] = np.nan


@pytest.mark.parametrize(("weights", "said"), [
    (GRU | {"weight_ih_l0": NAN}, r"weight_ih_l0 hold nan at \[4, 1\]: expected finite"),
    (GRU | {"weight_ih_l0": np.ones((5, 3))}, "weight_ih_l0 have the wrong shape: expected 6 × 3, got 5 × 3"),
    (GRU | {"bias_hh_l0": np.ones((6, 1))}, "bias_hh_l0 have the wrong shape: expected 6, got 6 × 1"),
    (GRU | {"weight_hh_l0": np.ones((5, 2))}, r"expected 2 × 2 \(rnn\), 6 × 2 \(gru\), 8 × 2 \(lstm\), got 5 × 2"),
    (GRU | {"weight_hh_l0": np.ones(6)}, "expected a matrix, got 6"),
    (GRU | {"weight_ih_l0": np.ones((6, 3), int)}, "weight_ih_l0 are of type int64"),
    ({name: GRU[name] for name in ("weight_hh_l0", "bias_ih_l0")}, "weight_ih_l0 are missing"),
    (GRU | {"weight_hh_l1": np.ones((6, 2))}, "weight_ih_l1 are missing; expected 6 × 2"),
    (GRU | {"weight_ih_l0_reverse": np.ones((6, 3))}, "weight_ih_l0_reverse: a bidirectional network is not"),
    (GRU | {"weight_hr_l0": np.ones((2, 2))}, "weight_hr_l0: a projected state"),
    ({"weight": np.ones((2, 2))}, "weight_hh_l0 are missing"), ({}, "weight_hh_l0 are missing"),
    ({"a.weight_hh_l0": np.ones((2, 2)), "b.weight_hh_l0": np.ones((2, 2))}, r"hold 2 such layers \(a., b.\); give"),
    (b"no safetensors", "no safetensors file"), ("/nowhere/at.all", "no safetensors file"), (7, "must be a module"),
    (GRU | {"weight_ih_l0": [[1.0], [1.0, 2.0]]}, "weight_ih_l0 cannot be read as an array"),
])
def test_recurrent_weights_that_cannot_be_used(weights: object, said: str) -> None:
    with pytest.raises(Fault, match=said):
        readers.recurrent(weights)


def test_the_kind_that_is_asked_for_is_held() -> None:
    with pytest.raises(Fault, match="weight_ih_l0 have the wrong shape: expected 8 × 3, got 6 × 3"):
        readers.recurrent(GRU, "lstm")
    with pytest.raises(Fault, match="no recurrent layer 'sru'"):
        readers.recurrent(GRU, "sru")


def test_one_of_several_layers_by_its_prefix() -> None:
    both = {f"a.{name}": array for name, array in GRU.items()} | {f"b.{name}": 2 * part for name, part in GRU.items()}
    for prefix in ("b.", "b"):
        assert readers.recurrent(both, prefix=prefix)["core.bias_ih_l0"][0] == 2


def test_a_bidirectional_module_is_refused() -> None:
    with pytest.raises(Fault, match="bidirectional"):
        readers.recurrent(nn.GRU(3, 4, bidirectional=True))
    with pytest.raises(Fault, match="proj_size"):
        readers.recurrent(nn.LSTM(3, 4, proj_size=2))


@pytest.mark.parametrize(("module", "heads", "said"), [
    (nn.MultiheadAttention(6, 2, kdim=3, vdim=3), 2, "kdim, vdim"),
    (nn.MultiheadAttention(6, 2, add_bias_kv=True), 2, "add_bias_kv"),
    (nn.MultiheadAttention(6, 2).state_dict(), 4, "4 heads do not divide the width 6"),
    (nn.MultiheadAttention(6, 2).state_dict(), 0, "0 heads do not divide"),
    ({"out_proj.weight": np.ones((4, 4)), "in_proj_weight": np.ones((4, 4))}, 2, "expected 12 × 4, got 4 × 4"),
    ({"out_proj.weight": np.ones((4, 4))}, 2, "in_proj_weight are missing; expected 12 × 4"),
])
def test_attention_weights_that_cannot_be_used(module: object, heads: int, said: str) -> None:
    with pytest.raises(Fault, match=said):
        readers.multihead(module, heads)


def test_half_precision_becomes_single() -> None:
    assert readers.recurrent(nn.RNN(2, 3).half())["core.weight_ih_l0"].dtype == np.float32
    with pytest.raises(Fault, match="save them as float32"):
        readers.recurrent(nn.RNN(2, 3).bfloat16())
