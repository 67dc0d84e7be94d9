"""Torch's side of the gradients section: gradients of a run, and the step that the training loop makes of them."""

from pathlib import Path

import numpy as np
import pytest
import torch

from seqlab.errors import Fault
from seqlab.lenses import opened
from seqlab.lenses.gradients import as_batch, quantities, step, step_by_step, trainable
from seqlab.tasks.echo import ALPHABET, inputs_for, target_for
from seqlab.training.config import NetworkConfig, RunConfig
from seqlab.training.loss import weighted_loss
from seqlab.training.run import Run, create
from seqlab.training.session import train

IDS, TARGETS = inputs_for("proof", 2), ALPHABET.encode(target_for("proof", 2))[None]
WEIGHT = np.ones(IDS.shape)
SGD = {"name": "sgd", "lr": 0.5, "clip": None}


def condition(run: Run) -> np.ndarray | None:
    return np.array([2]) if run.sizes.conditions else None


def asked(run: Run, settings: dict, weight: np.ndarray = WEIGHT) -> dict:
    return step(str(run.path), run.snapshots()[-1], IDS, TARGETS, weight, condition(run), settings)


def test_a_step_of_sgd_is_the_gradient_times_the_learning_rate(run: Run) -> None:
    found, before = asked(run, SGD), run.weights(dtype="float64")
    assert set(found["weights"]) == set(found["updated"]) == set(before)
    for name, gradient in found["weights"].items():
        np.testing.assert_allclose(found["updated"][name], before[name] - 0.5 * gradient, atol=1e-15)
    assert found["norm"] == pytest.approx(np.sqrt(sum((part ** 2).sum() for part in found["weights"].values())))


def test_clipping_shortens_the_step_and_not_the_gradient_that_is_told(run: Run) -> None:
    free, cut, before = asked(run, SGD), asked(run, SGD | {"clip": 1e-3}), run.weights(dtype="float64")
    length = np.sqrt(sum(((cut["updated"][name] - before[name]) ** 2).sum() for name in before))
    assert length == pytest.approx(0.5e-3, rel=1e-3)
    assert cut["norm"] == pytest.approx(free["norm"])
    for name, gradient in free["weights"].items():
        np.testing.assert_array_equal(cut["weights"][name], gradient)


def test_looking_does_not_train_the_run(run: Run) -> None:
    before = {name: part.clone() for name, part in opened.network(
        str(run.path), run.snapshots()[-1], "float64").state_dict().items()}
    asked(run, SGD)
    network = opened.network(str(run.path), run.snapshots()[-1], "float64")
    assert all(torch.equal(before[name], part) for name, part in network.state_dict().items())
    assert not any(part.requires_grad for part in network.parameters())


def test_every_state_of_every_layer_has_its_gradient_and_the_future_has_none(recurrent_run: Run) -> None:
    weight = np.zeros(IDS.shape)
    weight[0, 3] = 1
    trace = asked(recurrent_run, SGD, weight)["trace"]
    assert list(trace) == ["x", "logits", "c.0", "h.0", "c.1", "h.1"]
    for name, gradient in trace.items():
        assert gradient.shape[:2] == IDS.shape
        assert not gradient[:, 4:].any(), name
        assert gradient[:, 3].any(), name
    assert trace["h.0"][:, 0].any()


@pytest.mark.parametrize("model", ["rnn_tanh", "rnn_relu", "elman", "gru", "lstm", "transformer"])
def test_a_gradient_is_what_moving_that_state_does(model: str, tmp_path: Path) -> None:
    """The step by step pass is the network's own, and dL/dx is the slope of its loss."""
    made = create(tmp_path, RunConfig(task={"name": "echo", "delay": 2, "length": 8}, batch=4, steps=2, device="cpu",
                                      network=NetworkConfig(model=model, hidden=8, layers=2, embedding=3)))
    assert train(made.path).state == "finished"
    network = trainable(opened.network(str(made.path), 2, "float64"), made.config.network)
    batch = as_batch(IDS, TARGETS, WEIGHT, np.array([2]))
    found = quantities(network, batch, "mean")
    x = network.encoder(batch.inputs, batch.condition).detach()
    if model != "transformer":
        states = step_by_step(network, x)
        gap = (torch.stack(states["h.1"], 1) - network.core(x)[0]).abs().max().item()
        assert gap < 1e-14

    def loss(by: float) -> float:
        moved = x.clone()
        moved[0, 1, 0] += by
        return weighted_loss(network.decoder(network.core(moved)[0]), batch).item()

    assert found["x"][0, 1, 0] == pytest.approx((loss(1e-5) - loss(-1e-5)) / 2e-5, abs=1e-9)
    assert {name for name in found if name.startswith("h.")} == {"h.0", "h.1"}


def test_codes_that_are_not_trained_have_no_gradient(tmp_path: Path) -> None:
    made = create(tmp_path, RunConfig(task={"name": "echo", "form": "fixed", "delay": 2, "length": 8}, batch=4, steps=2,
                                      network=NetworkConfig(hidden=8, input="one-hot"), device="cpu"))
    assert train(made.path).state == "finished"
    found = asked(made, SGD)
    assert not any(name.startswith("encoder.") for name in found["weights"] | found["updated"])
    assert set(found["trace"]) == {"x", "h.0", "logits"}


def test_a_snapshot_that_is_not_there_is_a_plain_fault(run: Run) -> None:
    with pytest.raises(Fault):
        step(str(run.path), 123_456, IDS, TARGETS, WEIGHT, condition(run), SGD)
