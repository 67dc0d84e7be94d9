"""Our own Elman layers: the loop over torch.cat and nn.Linear that a student writes says what they must give."""

import pytest
import torch
from torch import Tensor, nn

from seqlab.models import models
from seqlab.models.elman import Elman, ElmanOut
from seqlab.models.network import SequenceNetwork
from seqlab.tasks import Dimensions
from seqlab.training.config import NetworkConfig
from tests.programs.reviews import Elman as Assignment

BATCH, TIME, INPUT, HIDDEN = 3, 7, 4, 6


class Student(nn.Module):
    """One layer, one step at a time."""

    def __init__(self, W: Tensor, b: Tensor) -> None:
        super().__init__()
        self.linear = nn.Linear(W.shape[1], W.shape[0], dtype=W.dtype)
        self.linear.load_state_dict({"weight": W, "bias": b})

    def forward(self, x: Tensor, h: Tensor) -> Tensor:
        states = []
        for t in range(x.shape[1]):
            h = torch.tanh(self.linear(torch.cat((x[:, t], h), dim=1)))
            states.append(h)
        return torch.stack(states, dim=1)


def made(layers: int) -> Elman:
    torch.manual_seed(layers)
    core = models()["elman"].build(INPUT, NetworkConfig(model="elman", hidden=HIDDEN, layers=layers)).double()
    assert isinstance(core, Elman)
    return core


@pytest.mark.parametrize("layers", [1, 2, 3])
def test_it_is_the_student_s_loop(layers: int) -> None:
    core = made(layers)
    torch.manual_seed(0)
    x = torch.randn(BATCH, TIME, INPUT, dtype=torch.float64, requires_grad=True)
    state = torch.randn(layers, BATCH, HIDDEN, dtype=torch.float64, requires_grad=True)
    students = [Student(W.detach(), b.detach()) for W, b in core.layer_weights]
    below, lasts = x, []
    for student, first in zip(students, state, strict=True):
        below = student(below, first)
        lasts.append(below[:, -1])
    h, last = core(x, state)
    torch.testing.assert_close(h, below, rtol=0, atol=1e-12)
    torch.testing.assert_close(last, torch.stack(lasts), rtol=0, atol=1e-12)
    mine = torch.autograd.grad(h.sin().sum(), [x, state, *core.parameters()])
    theirs = [part for student in students for part in student.parameters()]
    known = torch.autograd.grad(below.sin().sum(), [x, state, *theirs])
    for found, expected in zip(mine, known, strict=True):
        torch.testing.assert_close(found, expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize("layers", [1, 2])
def test_the_one_with_two_maps_is_the_assignment_s_layer(layers: int) -> None:
    torch.manual_seed(layers)
    core = models()["elman_out"].build(INPUT, NetworkConfig(hidden=HIDDEN, layers=layers)).double()
    assert isinstance(core, ElmanOut)
    theirs = [Assignment(INPUT if not layer else HIDDEN, HIDDEN, HIDDEN).double() for layer in range(layers)]
    for layer, one in enumerate(theirs):
        (W, b), (V, c) = core.layer_weights[layer], core.output_weights[layer]
        one.load_state_dict({"lin1.weight": W, "lin1.bias": b, "lin2.weight": V, "lin2.bias": c})
    x = torch.randn(BATCH, TIME, INPUT, dtype=torch.float64, requires_grad=True)
    state = torch.randn(layers, BATCH, HIDDEN, dtype=torch.float64, requires_grad=True)
    below, lasts = x, []
    for one, first in zip(theirs, state, strict=True):
        below, last = one(below, first)
        lasts.append(last)
    outs, last = core(x, state)
    torch.testing.assert_close(outs, below, rtol=0, atol=1e-12)
    torch.testing.assert_close(last, torch.stack(lasts), rtol=0, atol=1e-12)
    ours = torch.autograd.grad(outs.sin().sum(), [x, state, *core.layer_weights[0], *core.output_weights[0]])
    known = torch.autograd.grad(below.sin().sum(), [x, state, *theirs[0].parameters()])
    for gradient, expected in zip(ours, known, strict=True):
        torch.testing.assert_close(gradient, expected, rtol=0, atol=1e-12)


def test_its_hidden_size_is_its_own() -> None:
    shapes = {name: tuple(part.shape) for name, part in made(2).state_dict().items()}
    assert shapes == {"weight_l0": (HIDDEN, INPUT + HIDDEN), "bias_l0": (HIDDEN,),
                      "weight_l1": (HIDDEN, 2 * HIDDEN), "bias_l1": (HIDDEN,)}


def test_it_starts_as_a_linear_layer_does() -> None:
    torch.manual_seed(3)
    (W, _), = Elman(40, 60).layer_weights
    limit = 1 / 10  # 1 / √(40 + 60)
    assert limit * 0.95 < W.abs().max() <= limit
    assert W.std().item() == pytest.approx(limit / 3 ** 0.5, rel=0.05)


@pytest.mark.parametrize("how", ["normal", "orthogonal", "delay-line"])
def test_its_weights_start_as_asked(how: str) -> None:
    torch.manual_seed(1)
    network = SequenceNetwork(NetworkConfig(model="elman", hidden=20, input="one-hot", initialisation=how),
                              Dimensions(symbols=4, classes=4, memory=4))
    assert isinstance(network.core, Elman)
    _, W_h, b = network.core.parts(0)
    if how == "normal":
        assert W_h.std().item() == pytest.approx(0.01, rel=0.2)
        assert not b.any()
    elif how == "orthogonal":
        torch.testing.assert_close(W_h @ W_h.T, torch.eye(20), rtol=0, atol=1e-5)
    else:  # five blocks of four units: each copies the one before
        assert torch.equal(W_h[4:].nonzero(), torch.stack((torch.arange(16), torch.arange(16)), 1))


@torch.inference_mode()
def test_a_trace_s_states_are_the_module_s_own() -> None:
    core = made(2)
    x = torch.randn(BATCH, TIME, INPUT, dtype=torch.float64)
    values = models()["elman"].trace(core, x)
    assert torch.equal(values["h.1"], core(x)[0])
    torch.testing.assert_close(values["a.0"].tanh(), values["h.0"], rtol=0, atol=1e-14)
