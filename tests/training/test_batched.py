"""Runs that train together learn what each of them learns alone, and whoever leaves is whole."""

from collections.abc import Sequence
from pathlib import Path

import pytest
import torch

from seqlab.data import corpora
from seqlab.errors import Fault
from seqlab.models import models
from seqlab.reference.core import cores
from seqlab.training import state
from seqlab.training.batched import Group
from seqlab.training.config import RunConfig
from seqlab.training.loop import Learner, learner, updates

ECHO = {"name": "echo", "delay": 2, "length": 5}
RATES = (0.003, 0.005)


def config(seed: int = 0, lr: float = 0.003, task: dict | None = None, network: dict | None = None,
           optimiser: dict | None = None, **changes: object) -> RunConfig:
    network = {"model": "gru", "hidden": 8, "embedding": 6} | (network or {})
    return RunConfig.model_validate({
        "task": task or ECHO, "network": network,
        "optimiser": {"lr": lr} | (optimiser or {}), "batch": 4, "steps": 1000, "seed": seed, "device": "cpu"}
        | changes)


def learners(**changes: object) -> list[Learner]:
    return [learner(config(seed, lr, **changes), torch.device("cpu")) for seed, lr in enumerate(RATES)]


def gap(alone: Sequence[Learner], together: Sequence[Learner], steps: int) -> float:
    """Largest difference of a loss while both kinds go on, update for update."""
    loops, group, largest = [updates(one) for one in alone], Group(together), 0.0
    for _ in range(steps):
        for loop in loops:
            next(loop)
        group.update()
        for one, other in zip(alone, together, strict=True):
            ours, theirs = one.collect(), other.collect()
            assert (ours.updates, ours.tokens, ours.finite) == (theirs.updates, theirs.tokens, theirs.finite)
            assert ours.accuracy == pytest.approx(theirs.accuracy, abs=0.05)
            largest = max(largest, abs(ours.loss - theirs.loss))
    return largest


@pytest.fixture
def rose(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict:
    monkeypatch.setenv("SEQLAB_CACHE", str(tmp_path / "cache"))
    name = corpora.add(("a rose is a rose is a rose " * 200).encode(), "Rose").name
    return {"name": "text", "corpus": name, "num_steps": 6, "carry": True}


@pytest.mark.parametrize(("model", "steps"), [("gru", 100), ("rnn_tanh", 40), ("lstm", 40)])
def test_losses_are_those_of_one_by_one(model: str, steps: int, rose: dict) -> None:
    assert gap(*(learners(network={"model": model}) for _ in range(2)), steps) < 1e-5
    alone, together = (learners(task=rose, network={"model": model}) for _ in range(2))
    assert gap(alone, together, 20) < 1e-5
    for one, other in zip(alone, together, strict=True):
        torch.testing.assert_close(one.carried, other.carried, rtol=0, atol=1e-4)
        assert len(one.carried) == (2 if model == "lstm" else 1)


WAYS = {
    "adamw": {"optimiser": {"name": "adamw", "warmup": 5, "decay": "linear"}},
    "rmsprop": {"optimiser": {"name": "rmsprop", "clip": None}},
    "sgd": {"optimiser": {"name": "sgd", "decay": "steps", "milestones": [3, 7]}, "reduction": "positions"},
    "one-hot, pooled": {"network": {"input": "one-hot", "pooling": "max", "bias": "one"}, "reduction": "sum"},
    "condition first": {"network": {"condition_first": True, "layers": 2}},
    "batches that end an epoch": {"task": ECHO | {"strings": 10}},
    "strings of many lengths": {"task": {"name": "grammar", "padding": "pack"}},
    "tied": {"task": {"name": "hello"}, "network": {"hidden": 6, "tied": True}},
}


@pytest.mark.parametrize("way", WAYS)
def test_every_choice_is_that_of_one_by_one(way: str) -> None:
    alone, together = (learners(**WAYS[way]) for _ in range(2))
    assert gap(alone, together, 10) < 1e-5
    for one, other in zip(alone, together, strict=True):
        ours, theirs = one.network.state_dict(), other.network.state_dict()
        torch.testing.assert_close(ours, theirs, rtol=0, atol=1e-4)
        assert one.rate == other.rate
        assert one.optimiser.param_groups[0]["lr"] == other.optimiser.param_groups[0]["lr"]


@pytest.mark.parametrize("model", models())
def test_a_model_trains_together_or_says_that_it_cannot(model: str) -> None:
    core, network = cores()[model], {"model": model, "layers": 2, "heads": 2}
    assert core.stacks is (models()[model].stacked is not None)
    if not core.stacks:
        assert model == "mgu"  # the tests' own part; whatever the product ships trains together
        with pytest.raises(Fault, match="has no pass of many networks at once"):
            Group(learners(network=network))
        return
    assert gap(*(learners(network=network) for _ in range(2)), 5) < 1e-5


@pytest.mark.parametrize("model", ["gru", "transformer"])
def test_it_differs_by_rounding_alone(model: str) -> None:
    """In double precision next to nothing is left of what differs in single precision."""
    alone, together = (learners(network={"model": model}) for _ in range(2))
    for one in (*alone, *together):
        one.network.double()
    assert gap(alone, together, 20) < 1e-6
    for one, other in zip(alone, together, strict=True):
        torch.testing.assert_close(one.network.state_dict(), other.network.state_dict(), rtol=0, atol=1e-10)


def test_a_member_leaves_with_all_that_is_its_own_and_comes_back(tmp_path: Path) -> None:
    alone, together = learners(), learners()
    assert gap(alone, together, 10) < 1e-5
    leaves, *others = together
    for folder in ("weights", "optimiser"):
        (tmp_path / folder).mkdir()
    here = {name: part.clone() for name, part in leaves.network.state_dict().items()}
    state.keep(leaves, tmp_path, 1.0)
    assert gap(alone[1:], others, 10) < 1e-5
    torch.testing.assert_close(leaves.network.state_dict(), here, rtol=0, atol=0)
    again = learner(leaves.config, leaves.device)
    assert state.go_on(again, tmp_path) == 1.0
    own = updates(leaves)
    for one in (alone[0], again):
        for _ in zip(range(10), updates(one), strict=False):
            pass
    for _ in range(10):
        next(own)
    torch.testing.assert_close(leaves.network.state_dict(), again.network.state_dict(), rtol=0, atol=0)
    torch.testing.assert_close(leaves.network.state_dict(), alone[0].network.state_dict(), rtol=0, atol=1e-4)
    assert gap(alone, [leaves, *others], 10) < 1e-5


def test_one_that_diverges_harms_no_other() -> None:
    alone, together = learners(optimiser={"clip": None}), learners(optimiser={"clip": None})
    for group in (alone, together):
        with torch.no_grad():
            group[0].network.decoder.weight[0, 0] = torch.nan
    loops = [updates(one) for one in alone[1:]]
    batched = Group(together)
    for _ in range(20):
        batched.update()
        for loop in loops:
            next(loop)
    assert together[0].collect().finite == 0
    for one, other in zip(alone[1:], together[1:], strict=True):
        assert one.collect().loss == pytest.approx(other.collect().loss, abs=1e-5)


@pytest.mark.parametrize(("changes", "why"), [
    ({"network": {"dropout": 0.1}}, "Dropout draws its mask for one network"),
    ({"task": {"name": "sentiment"}}, "one answer"),
    ({"batch": 5}, "one shape"), ({"network": {"hidden": 9}}, "one shape"),
    ({"task": ECHO | {"delay": 4}}, "one shape"),
])
def test_what_cannot_train_together_is_refused(changes: dict, why: str) -> None:
    with pytest.raises(Fault, match=why):
        Group([learner(config(), torch.device("cpu")), learner(config(**changes), torch.device("cpu"))])
