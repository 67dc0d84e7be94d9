"""Clipping and updates against torch's, and whole training steps in NumPy against torch's, number by number."""

import numpy as np
import pytest
import torch
from torch import nn

from seqlab.lenses.gradients import as_batch
from seqlab.reference.backward import gradients
from seqlab.reference.core import cores
from seqlab.reference.optim import OPTIMISERS, Memory, adam, clip, sgd
from seqlab.training.config import OptimiserConfig
from seqlab.training.loop import gradient_norm, optimiser
from seqlab.training.loss import weighted_loss
from tests.benchmarks.gradients import Setting, weights_of

CLASSES = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam, "adamw": torch.optim.AdamW}


def drawn(seed: int, size: float = 1.0) -> dict[str, np.ndarray]:
    draw = np.random.default_rng(seed)
    return {"w": size * draw.normal(size=(4, 3)), "b": size * draw.normal(size=4), "empty": np.zeros(0)}


@pytest.mark.parametrize("limit", [1e-3, 0.5, 1e3])
def test_clipping(limit: float) -> None:
    found = drawn(0)
    there = [nn.Parameter(torch.zeros(part.shape, dtype=torch.float64)) for part in found.values()]
    for parameter, part in zip(there, found.values(), strict=True):
        parameter.grad = torch.from_numpy(part.copy())
    theirs = nn.utils.clip_grad_norm_(there, limit).item()
    clipped, norm = clip(found, limit)
    assert norm == pytest.approx(theirs, rel=1e-15)
    for ours, parameter in zip(clipped.values(), there, strict=True):
        np.testing.assert_allclose(ours, parameter.grad.numpy(), atol=1e-15)


def test_a_short_gradient_is_left_as_it_is_and_none_is_a_gradient_too() -> None:
    found = drawn(0)
    assert all((part == found[name]).all() for name, part in clip(found, 1e3)[0].items())
    assert clip({"w": np.zeros(3)}, 0.5)[1] == 0


@pytest.mark.parametrize(("name", "settings"), [
    ("sgd", {}), ("sgd", {"momentum": 0.9}), ("sgd", {"weight_decay": 0.1}),
    ("sgd", {"momentum": 0.5, "weight_decay": 0.1}), ("adam", {}), ("adam", {"weight_decay": 0.1}),
    ("adam", {"betas": (0.5, 0.7)}), ("adamw", {}), ("adamw", {"weight_decay": 0.3}),
])
def test_ten_updates_are_torchs(name: str, settings: dict) -> None:
    weights, memory = drawn(0), Memory()
    there = [nn.Parameter(torch.from_numpy(part.copy())) for part in weights.values()]
    theirs = CLASSES[name](there, lr=0.05, **settings)
    for step in range(10):
        found = drawn(step + 1, size=0.1 ** (step % 4))
        for parameter, part in zip(there, found.values(), strict=True):
            parameter.grad = torch.from_numpy(part.copy())
        theirs.step()
        weights, memory = OPTIMISERS[name](weights, found, memory, 0.05, **settings)
        assert memory.steps == step + 1
        for ours, parameter in zip(weights.values(), there, strict=True):
            np.testing.assert_allclose(ours, parameter.detach().numpy(), atol=1e-13)


@pytest.mark.parametrize("name", list(OPTIMISERS))
def test_nothing_that_is_given_is_changed_and_weights_without_a_gradient_stay(name: str) -> None:
    weights, found, memory = drawn(0), {"w": drawn(1)["w"]}, Memory()
    before = {part: array.copy() for part, array in weights.items()}
    moved, first = OPTIMISERS[name](weights, found, memory, 0.1)
    again = OPTIMISERS[name](moved, found, first, 0.1)[0]
    assert memory == Memory()
    assert all((weights[part] == before[part]).all() for part in weights)
    assert moved["b"] is weights["b"]
    assert not (moved["w"] == weights["w"]).any()
    assert not (again["w"] == moved["w"]).any()


def test_float32_stays_float32() -> None:
    weights = {"w": np.ones(3, np.float32)}
    for update in OPTIMISERS.values():
        moved, memory = update(weights, clip(weights, 0.5)[0], Memory(), 0.1)
        assert moved["w"].dtype == np.float32
        assert all(part.dtype == np.float32 for part in memory.first.values())


def test_the_first_step_of_adam_is_the_learning_rate_in_every_direction() -> None:
    moved = adam({"w": np.zeros(2)}, {"w": np.array([1e-3, -1e3])}, Memory(), 0.1)[0]["w"]
    np.testing.assert_allclose(moved, [-0.1, 0.1], rtol=1e-4)


def test_a_step_of_sgd_by_hand() -> None:
    moved = sgd({"w": np.array([1.0])}, {"w": np.array([2.0])}, Memory(), 0.1, weight_decay=0.5)[0]["w"]
    assert moved[0] == pytest.approx(1 - 0.1 * 2.5)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sgd", "adam", "adamw"])
@pytest.mark.parametrize("number", range(len(cores()) * 2))
@pytest.mark.parametrize("limit", [0.5, None])
def test_whole_training_steps_are_those_of_the_training_loop(number: int, kind: str, limit: float | None) -> None:
    """Forward, loss, gradient, clipping, update, five times over, as the loop of a run does it."""
    setting = Setting.drawn(number)
    network = setting.network()
    ids, targets, weight, condition = setting.inputs()
    batch, parameters = as_batch(ids, targets, weight, condition), list(network.parameters())
    # Without clipping a smaller rate: a training that diverges only compares how fast two roundings grow.
    config = OptimiserConfig(name=kind, lr=0.01 if limit else 0.001, clip=limit)
    theirs = optimiser(config, parameters, torch.device("cpu"))
    weights = {name: part.copy() for name, part in weights_of(network).items()}
    memory, rounding = Memory(), dict.fromkeys(weights, 0.0)
    for _ in range(5):
        loss, found, _ = gradients(setting.core, ids, targets, weight, weights, condition, setting.reduction)
        clipped, norm = clip(found, limit or np.inf)
        weights, memory = OPTIMISERS[kind](weights, clipped, memory, config.lr)
        there = weighted_loss(network(batch.inputs, batch.condition), batch, setting.reduction)
        theirs.zero_grad()
        there.backward()
        assert abs(norm - gradient_norm(parameters, limit).item()) <= 1e-10 * (1 + norm)
        for name, part in network.named_parameters():
            apart = np.abs(clipped[name] - part.grad.numpy()).max() / (1 + np.abs(clipped[name]).max())
            rounding[name] = max(rounding[name], apart)
        theirs.step()
        assert abs(loss - there.item()) <= 1e-10 * (1 + abs(loss))
    for name, part in weights_of(network).items():
        gap = np.abs(weights[name] - part).max()
        # Adam divides a gradient by its own size + ε, so where it is no larger than ε the two may differ by up to
        # lr / ε as much as their gradients. A key's bias moves all scores alike: its gradient is nothing else.
        allowed = 1e-10 if kind == "sgd" else max(1e-10, 5 * config.lr / 1e-8 * rounding[name])
        assert gap <= allowed * (1 + np.abs(part).max()), name
        assert rounding[name] <= 1e-10, name
