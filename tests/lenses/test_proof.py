from pathlib import Path

import numpy as np
import pytest

from seqlab.agreement import compare
from seqlab.errors import Fault
from seqlab.lenses import opened, proof
from seqlab.reference.network import network
from seqlab.tasks.echo import inputs_for
from seqlab.training.config import RunConfig
from seqlab.training.run import Run, create
from seqlab.training.session import train

IDS = inputs_for("proof", 2)


def condition(run: Run) -> np.ndarray | None:
    return np.array([1]) if run.sizes.conditions else None


@pytest.mark.parametrize(("dtype", "allowed"), [("float64", 1e-12), ("float32", 2e-6)])
def test_every_snapshot_is_proved(run: Run, dtype: str, allowed: float) -> None:
    steps = run.snapshots()
    assert len(steps) > 1
    theirs = proof.passes(str(run.path), steps, IDS, condition(run), dtype)
    for step, trace in zip(steps, theirs, strict=True):
        ours = network(run.core, IDS, run.weights(step, dtype), condition=condition(run))
        assert {array.dtype for array in trace.values()} == {np.dtype(dtype)}
        assert compare(ours, trace).largest <= allowed


def test_another_snapshot_is_another_network(run: Run) -> None:
    first, last = (proof.passes(str(run.path), [step], IDS, condition(run), "float64")[0]
                   for step in (run.snapshots()[0], run.snapshots()[-1]))
    assert not compare(first, last).holds


def test_the_network_of_a_run_is_not_trained_by_looking(run: Run) -> None:
    made = opened.network(str(run.path), run.snapshots()[-1])
    assert not made.training
    assert not any(part.requires_grad for part in made.parameters())
    for name, array in run.weights(run.snapshots()[-1]).items():
        np.testing.assert_array_equal(made.state_dict()[name].numpy(), array)


def test_a_snapshot_that_is_not_there_is_a_plain_fault(run: Run) -> None:
    with pytest.raises(Fault) as caught:
        proof.passes(str(run.path), [123_456], IDS, condition(run), "float32")
    assert str(run.path.parent) not in str(caught.value)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_a_relu_network_is_proved_up_to_the_step_before_it_diverges(tmp_path: Path, dtype: str) -> None:
    run = create(tmp_path, RunConfig(
        task={"name": "echo", "delay": 2}, network={"model": "rnn_relu", "hidden": 16, "initialisation": "orthogonal"},
        optimiser={"name": "sgd", "lr": 30, "clip": None}, batch=16, steps=1000, device="cpu"))
    assert train(run.path).state == "diverged"
    largest = []
    for step in run.snapshots():
        [theirs] = proof.passes(str(run.path), [step], IDS, condition(run), dtype)
        ours = network(run.core, IDS, run.weights(step, dtype), condition=condition(run))
        assert compare(ours, theirs).holds
        largest.append(np.abs(ours["logits"]).max())
    assert largest[-1] > 1000 * largest[0]
