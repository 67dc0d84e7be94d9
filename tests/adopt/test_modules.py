"""Living modules: what no file of their tensors would say is read off them."""

import copy

import numpy as np
import pytest
import torch
from torch import nn

from seqlab.adopt.modules import from_module
from seqlab.reference.core import core_of
from seqlab.reference.network import network
from tests.adopt.owners import Encoder, Lecture, Recurrent, Trial


@pytest.mark.usefixtures("double_precision")
@pytest.mark.parametrize("number", range(12))
def test_a_module_decides_what_its_layers_know(number: int) -> None:
    trial = Trial(number)
    module = trial.module
    proposal = from_module(nn.DataParallel(module) if number % 3 else module)
    asked = {question.key for question in proposal.questions() if not question.decided}
    assert "heads" not in asked
    assert "norm" not in asked
    assert not (isinstance(module, Recurrent | Lecture | Encoder) and "activation" in asked)
    adopted = proposal.settle({key: value for key, value in module.answers.items() if key in asked | {"pooling"}})
    condition = None if trial.condition is None else trial.condition.numpy()
    logits = network(core_of(adopted.config.network), trial.ids.numpy(), adopted.weights, condition=condition,
                     pooling=adopted.config.network.pooling)["logits"]
    theirs = module(trial.ids, trial.condition).detach().numpy()
    assert np.abs(logits[:, -theirs.shape[1]:] - theirs).max() <= 1e-12


class Waves(nn.Module):
    """A network whose positions are a buffer that no file has."""

    def __init__(self) -> None:
        super().__init__()
        self.emb, self.chars = nn.Embedding(5, 8), "abcde"
        self.register_buffer("pe", torch.sin(torch.arange(48.0)).reshape(1, 6, 8), persistent=False)
        layer = nn.TransformerEncoderLayer(8, 2, 16, 0.0, nn.functional.gelu, batch_first=True)
        self.encoder, self.head = nn.TransformerEncoder(layer, 1, enable_nested_tensor=False), nn.Linear(8, 5)


def test_buffers_that_are_not_saved_and_its_alphabet_count() -> None:
    module = copy.deepcopy(Waves())
    adopted = from_module(module).settle({"causal": "yes"})
    np.testing.assert_array_equal(adopted.weights["core.position.weight"], module.pe[0].numpy())
    assert adopted.config.task["symbols"] == tuple("abcde")
    assert adopted.config.network.activation == "gelu"
    assert adopted.config.network.context == adopted.config.task["longest"] == 6
