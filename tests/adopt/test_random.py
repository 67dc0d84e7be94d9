"""Random networks of every kind, saved in eight ways: recognised, and equal to their owners' to the last digits."""

from pathlib import Path

import numpy as np
import pytest
import torch

from seqlab.adopt.child import contents
from seqlab.adopt.families import families
from seqlab.adopt.parts import Contents
from seqlab.adopt.proposal import propose
from seqlab.reference.backward import gradients
from seqlab.reference.core import core_of
from seqlab.reference.network import network
from tests.adopt.owners import KINDS, SAVED, Trial, save

TRIALS = 60


@pytest.mark.usefixtures("double_precision")
@pytest.mark.parametrize("number", range(TRIALS))
def test_it_is_recognised_and_equals_its_owners_network(number: int, tmp_path: Path) -> None:
    trial = Trial(number)
    module, way = trial.module, list(SAVED)[(number + number // len(SAVED)) % len(SAVED)]
    proposal = propose(contents(save(module.state_dict(), way, tmp_path)))
    asked = {question.key for question in proposal.questions() if not question.decided}
    assert asked <= module.open, way
    answers = {key: value for key, value in module.answers.items() if key in asked | {"pooling"}}
    adopted = proposal.settle(answers)
    assert adopted.origin["left_over"] == []

    outputs = adopted.config.task["outputs"]
    targets = torch.randint(outputs, (2, 1 if module.pooling else 7))
    logits, by_owner = trial.gradients(targets)
    every = np.zeros((2, 7))
    every[:, -targets.shape[1]:] = 1
    scored = np.broadcast_to(targets.numpy(), (2, 7)) if module.pooling else targets.numpy()
    config = adopted.config.network
    condition = None if trial.condition is None else trial.condition.numpy()
    given = core_of(config), trial.ids.numpy()
    answer = network(*given, adopted.weights, condition=condition, pooling=config.pooling)["logits"]
    assert np.abs(answer[:, -logits.shape[1]:] - logits.numpy()).max() <= 1e-12
    _, ours, _ = gradients(*given, scored, every, adopted.weights, condition, pooling=config.pooling)
    theirs = propose(Contents({name: grad.numpy() for name, grad in by_owner.items()})).settle(answers).weights
    trained = set(theirs) - config.fixed(theirs) - {name for name in theirs if _zeros(name, theirs, adopted.weights)}
    assert trained
    for name in trained:
        assert np.abs(ours[name] - theirs[name]).max() <= 1e-10, name


def _zeros(name: str, *weights: dict[str, np.ndarray]) -> bool:
    """Whether a bias stands for one that the owner's network has not."""
    return all(not part[name].any() for part in weights)



def test_each_kind_of_network_belongs_to_one_family_and_each_family_has_one() -> None:
    seen = set()
    for kind in range(len(KINDS)):
        arrays = {name: part.numpy() for name, part in Trial(kind).module.state_dict().items()}
        (name,) = [name for name, family in families().items() if family.recognise(arrays, {})]
        (core,) = families()[name].recognise(arrays, {})
        assert core.names <= set(arrays)
        assert all(use.reason and use.shape == arrays[use.name].shape for use in core.uses)
        seen.add(name)
    assert seen == set(families())
