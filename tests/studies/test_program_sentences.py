"""The published recipe trains as the source's own program does: the same data, and given weights and batches the same
losses."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
import torch

from seqlab.data import corpora
from seqlab.models.network import SequenceNetwork
from seqlab.tasks.sentences import RECIPES, parts
from seqlab.training.config import RunConfig
from seqlab.training.loop import learner, updates
from tests.programs import sentences as program
from tests.support.data import SHARED, needs

UPDATES = 20  # of the small network
NAMES = {"embedding": "encoder.symbol", "linear": "decoder"}


@pytest.fixture
def config(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> RunConfig:
    """The published recipe on the source's test sentences."""
    monkeypatch.setenv("SEQLAB_CACHE", str(tmp_path))
    name = corpora.add_table((SHARED / program.TABLE).read_bytes(), "Short sentences").name
    recipe = RECIPES["published"].config
    return RunConfig(**recipe | {"task": recipe["task"] | {"corpus": name}, "device": "cpu", "steps": UPDATES})


def as_in_the_program(network: SequenceNetwork) -> Mapping[str, torch.Tensor]:
    """Weights of our network by the names of the program's."""
    weights = network.state_dict()
    named = {f"{own}.{part}": weights[f"{ours}.{part}"].clone() for own, ours in NAMES.items()
             for part in ("weight", "bias") if f"{ours}.{part}" in weights}
    return named | {key.replace("core.", "rnn."): weight.clone() for key, weight in weights.items()
                    if key.startswith("core.")}


@pytest.mark.slow
@needs("colbert_dev.csv")
@pytest.mark.parametrize(("hidden", "embedding", "dtype", "count"),
                         [(16, 8, torch.float64, UPDATES), (1000, 256, torch.float32, 6)])
def test_losses_are_those_of_the_program(config: RunConfig, hidden: int, embedding: int, dtype: torch.dtype,
                                         count: int) -> None:
    """To 1e-6 in double precision; in single, where a loss of 4.6 is rounded to 5e-7, to 1e-6 of the loss."""
    sizes = config.network.model_copy(update={"hidden": hidden, "embedding": embedding})
    config = config.model_copy(update={"network": sizes, "steps": count})
    state = learner(config, torch.device("cpu"))
    state.network.to(dtype)
    settings = config.task_config
    network = program.Network(settings.pad + 1, embedding, hidden).to(dtype)
    network.load_state_dict(as_in_the_program(state.network))
    optimiser = torch.optim.Adam(network.parameters(), lr=program.LR)
    losses = []
    for step in updates(state):
        batch = config.task_spec.batch(settings, config.batch, state.generator, step - 1)
        ids = torch.cat((batch.inputs, batch.targets[:, -1:]), 1)
        losses.append((state.collect().loss, program.update(network, optimiser, ids, settings.pad)))
    ours, theirs = np.array(losses).T
    assert len(ours) == count
    assert ours[-1] < ours[0] - 0.1
    apart = np.abs(ours - theirs) if dtype == torch.float64 else np.abs(ours / theirs - 1)
    assert apart.max() < 1e-6


@needs("colbert_dev.csv")
def test_the_program_reads_the_same_sentences(config: RunConfig) -> None:
    settings = config.task_config
    assert (settings.preparation, config.batch, config.optimiser.lr, config.optimiser.clip) == (
        "published", program.BATCH, program.LR, None)
    assert (config.network.hidden, config.network.embedding) == (program.HIDDEN, program.EMBEDDING)
    assert config.task["sampling"] == "epochs"
    for rows, own in zip(parts(settings), program.divided(program.read()), strict=True):
        assert len(rows) == len(own)
        for row, ids in zip(rows[::97], program.encoded(own[::97], settings.letters), strict=True):
            assert row[row != settings.pad].tolist() == ids.tolist()
