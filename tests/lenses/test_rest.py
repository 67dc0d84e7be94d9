"""One step and its Jacobian at a resting point: the reference's own way back against torch's autograd."""

from pathlib import Path

import numpy as np
import pytest
import torch

from seqlab.agreement import compare
from seqlab.lenses import rest, windows
from seqlab.models.network import SequenceNetwork
from seqlab.reference.cells import cells
from seqlab.reference.fixed_points import HeldInput
from seqlab.reference.network import encode
from seqlab.tasks import Dimensions
from seqlab.training.config import NetworkConfig
from seqlab.training.run import Run


@pytest.mark.parametrize("name", list(cells()))
def test_autograd_gives_the_same_step_and_jacobian(name: str) -> None:
    torch.manual_seed(0)
    made = SequenceNetwork(NetworkConfig(model=name, hidden=4, layers=2), Dimensions(5, 5, 3)).double().eval()
    made.requires_grad_(False)
    weights = {key: part.numpy() for key, part in made.state_dict().items()}
    held = HeldInput(cells()[name], encode(np.array([[2]]), weights, np.array([1]))[0, 0], weights)
    states = np.random.default_rng(0).normal(size=(3, 8 * len(cells()[name].state)))
    by_torch = rest.moves(made, 2, 1, states)
    agreement = compare({"after": held.step(states), "slopes": held.jacobian(states)}, by_torch)
    assert agreement.largest < 1e-12, str(agreement.at)
    assert np.abs(by_torch["slopes"]).max() > 0.01


def test_a_shipped_network_is_searched_and_both_precisions_agree() -> None:
    run = Run(Path("checkpoints/text-rnn").resolve())
    drawn = windows.drawn(str(Path("checkpoints/echo-variable-rnn").resolve()), 3)
    assert drawn.ids.shape == (len(drawn.targets), drawn.longest)
    assert set(drawn.condition.tolist()) == {3}
    assert (drawn.targets == drawn.ids[:, -4]).all(), "the last answer of an echo is the letter before the delay"
    answer = rest.searched(str(run.path), run.newest, 3, None, drawn.ids % run.sizes.symbols)
    assert answer["points"][0].fixed
    assert answer["points"][0].kind == "attracts"
    assert all(agreement.holds for agreement in answer["agreement"].values())
    assert answer["agreement"]["float64"].largest < 1e-10
