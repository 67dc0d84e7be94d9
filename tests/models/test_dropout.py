"""Dropout with cheap coins: what it must share with torch's own."""

import time

import pytest
import torch
from torch import nn

from seqlab.models.dropout import Dropout


@pytest.mark.parametrize("p", [0.1, 0.3, 0.5, 0.9])
def test_it_silences_its_share_and_keeps_the_mean(p: float) -> None:
    torch.manual_seed(0)
    made = Dropout(p)
    found = made(torch.ones(500, 1001))
    silent = (found == 0).float().mean().item()
    assert silent == pytest.approx(p, abs=0.004)
    assert found.mean().item() == pytest.approx(1, abs=0.01)
    assert len(found.unique()) == 2
    units = (found == 0).float().mean(0)  # no unit is favoured, and neighbours in one random number are independent
    assert units.std().item() == pytest.approx((p * (1 - p) / 500) ** 0.5, rel=0.15)
    pairs = ((found[:, 1:] == 0) & (found[:, :-1] == 0)).float().mean().item()
    assert pairs == pytest.approx(silent ** 2, abs=0.004)


def test_what_is_silenced_has_no_gradient() -> None:
    torch.manual_seed(0)
    x = torch.randn(7, 13, requires_grad=True)
    found = Dropout(0.5)(x)
    found.sum().backward()
    assert torch.equal(x.grad == 0, found == 0)
    assert (x.grad[found != 0] == 2).all()


def test_judging_and_nothing_to_silence_leave_it_alone() -> None:
    x = torch.randn(3, 4)
    assert Dropout(0.5).eval()(x) is x
    assert Dropout(0.0)(x) is x
    assert (Dropout(0.999)(torch.ones(1000)) != 0).float().mean() < 0.05


def test_the_same_seed_silences_the_same() -> None:
    x = torch.ones(5, 33)
    drawn = []
    for _ in range(2):
        torch.manual_seed(3)
        drawn.append(Dropout(0.4)(x))
    assert torch.equal(*drawn)
    assert not torch.equal(drawn[0], Dropout(0.4)(x))


def test_it_takes_a_fraction_of_the_time() -> None:
    x = torch.randn(64, 200, 64)
    ours, theirs = (min(_seconds(made, x) for _ in range(7)) for made in (Dropout(0.3), nn.Dropout(0.3)))
    assert ours < theirs * 0.8  # a third of it on a quiet machine


def _seconds(made: nn.Module, x: torch.Tensor) -> float:
    began = time.perf_counter()
    made(x)
    return time.perf_counter() - began
