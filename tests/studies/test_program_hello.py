"""The hello recipes train as the notebook's own programs do: from the same weights the same losses."""

import pytest
import torch

from seqlab.studies.hello import train_and_record
from seqlab.tasks.hello import EPOCHS, config_for
from seqlab.training.config import RunConfig
from tests.programs import hello as program


@pytest.mark.parametrize("recipe", program.PROGRAMS)
@pytest.mark.parametrize("seed", [0, 7])
def test_losses_are_those_of_the_program(recipe: str, seed: int) -> None:
    torch.manual_seed(seed)
    printed = [*program.epochs(recipe, program.PROGRAMS[recipe][0]())]
    record = train_and_record(RunConfig(**config_for(recipe, seed=seed)))
    assert len(printed) == EPOCHS == program.EPOCHS
    assert record.losses[:-1] == pytest.approx(printed, abs=1e-6)
    assert printed[0] > 2 * printed[-1] or recipe == "rnn"
