"""Modules of every kind that can be opened, recorded: a later snapshot is what the module has become."""

from pathlib import Path

import numpy as np
import pytest
import torch

from seqlab.adopt.modules import from_module
from seqlab.recording.begin import record
from seqlab.reference.network import network
from tests.adopt.owners import Trial
from tests.recording.test_log import only


@pytest.mark.parametrize("number", range(10))
def test_a_later_snapshot_is_what_the_module_has_become(number: int, tmp_path: Path) -> None:
    trial = Trial(number)
    module = trial.module
    asked = {question.key for question in from_module(module).questions() if not question.decided}
    answers = {key: value for key, value in module.answers.items() if key in asked | {"pooling"}}
    generator = torch.Generator().manual_seed(number)
    with record(torch.nn.DataParallel(module) if number % 2 else module, runs=tmp_path, **answers) as log:
        with torch.no_grad():
            for weight in module.parameters():
                weight.add_(torch.randn(weight.shape, generator=generator, dtype=weight.dtype), alpha=0.1)
        assert log.step(loss=1.0)
    run = only(tmp_path)
    assert run.snapshots() == [0, 1]
    condition = None if trial.condition is None else trial.condition.numpy()
    logits = network(run.core, trial.ids.numpy(), run.weights(1, "float64"), condition=condition,
                     pooling=run.config.network.pooling)["logits"]
    expected = module(trial.ids, trial.condition).detach().numpy()
    np.testing.assert_allclose(logits[:, -expected.shape[1]:], expected, atol=2e-5)
