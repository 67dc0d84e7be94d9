"""The published echo recipes are the published programs: the same losses, update for update."""

from collections.abc import Iterator

import pytest
import torch
from torch import nn
from torch.utils.data import DataLoader, IterableDataset

from seqlab.models.network import SequenceNetwork
from seqlab.tasks.echo import RECIPES, TASK, EchoConfig
from seqlab.training.config import RunConfig
from seqlab.training.loop import learner, updates
from tests.programs import echo_fixed, echo_variable

UPDATES = 20


def config(recipe: str, **changes: object) -> RunConfig:
    return RunConfig(**(RECIPES[recipe].config | changes))


def ours(made: RunConfig) -> tuple[SequenceNetwork, Iterator[float]]:
    """Our network before it has learned, and the losses that our loop gives, one for each update."""
    state = learner(made, torch.device("cpu"))
    return state.network, (state.collect().loss for _ in updates(state))


def batches(made: RunConfig) -> Iterator[object]:
    """The batches that our loop trains on."""
    generator = torch.Generator().manual_seed(made.seed)
    return (TASK.batch(made.task_config, made.batch, generator, step) for step in range(made.steps))


def copy_gru(theirs: nn.Module, network: SequenceNetwork) -> None:
    theirs.gru.load_state_dict({name.removeprefix("gru."): part for name, part in network.core.state_dict().items()})
    theirs.linear.load_state_dict(network.decoder.state_dict())


@pytest.mark.parametrize("seed", [0, 1])
def test_twenty_losses_of_the_fixed_form(seed: int) -> None:
    made = config("fixed-plain", seed=seed)
    network, losses = ours(made)
    theirs = echo_fixed.Echo()
    copy_gru(theirs, network)
    published = echo_fixed.train(theirs, [((batch.inputs, batch.targets) for batch in batches(made))])
    pairs = [(next(published), next(losses)) for _ in range(UPDATES)]
    assert pairs[-1][0] < pairs[0][0]
    assert max(abs(a - b) for a, b in pairs) < 1e-6, pairs


@pytest.mark.parametrize("seed", [0, 1])
def test_twenty_losses_of_the_variable_form(seed: int) -> None:
    made = config("plain", seed=seed)
    network, losses = ours(made)
    theirs = echo_variable.Echo()
    copy_gru(theirs, network)
    theirs.letter.load_state_dict(network.encoder.symbol.state_dict())
    theirs.delay.load_state_dict(network.encoder.condition_first.state_dict())
    given = ((batch.inputs, batch.condition, batch.targets, (batch.targets != 0).float()) for batch in batches(made))
    published = echo_variable.Trainer(theirs).train(given)
    pairs = [(next(published), next(losses)) for _ in range(UPDATES)]
    assert pairs[-1][0] < pairs[0][0]
    assert max(abs(a - b) for a, b in pairs) < 1e-6, pairs


def test_an_epoch_of_the_fixed_form_has_the_updates_and_batches_of_the_published_one() -> None:
    made = config("fixed-plain")
    sizes = [made.task_config.size_at(step, made.batch) for step in range(made.steps)]
    assert sizes == [len(inputs) for inputs, _ in echo_fixed.loader(0, workers=2)]
    assert len(sizes) == 314
    assert sum(sizes) == 20_000


def test_an_epoch_of_the_variable_form_has_the_updates_and_batches_of_the_published_one() -> None:
    made = config("plain")
    epoch = made.task_config.updates(made.batch)
    dataset = echo_variable.strings(torch.Generator().manual_seed(0))
    sizes = [len(letters) for _ in range(2) for letters, *_ in echo_variable.epoch(dataset)]
    assert sizes == [made.task_config.size_at(step, made.batch) for step in range(2 * epoch)]
    assert made.evaluate_every == epoch


def test_the_learning_rate_falls_when_the_published_one_does() -> None:
    made = config("plain")
    epoch, trainer = made.task_config.updates(made.batch), echo_variable.Trainer(echo_variable.Echo())
    for number in range(260):
        published = trainer.optimiser.param_groups[0]["lr"]
        for step in (number * epoch, (number + 1) * epoch - 1):
            assert made.optimiser.lr * made.optimiser.factor(step, made.steps) == pytest.approx(published, rel=1e-12)
        trainer.optimiser.step()
        trainer.schedule.step()


class Strings(IterableDataset):
    """An iterable dataset that says which of the loader's workers reads it."""

    def __iter__(self) -> Iterator[tuple[int, int]]:
        worker = torch.utils.data.get_worker_info()
        return ((worker.id, place) for place in range(200))


@pytest.mark.slow
def test_each_worker_of_torch_s_loader_yields_the_whole_of_an_iterable_dataset() -> None:
    """The trap: two workers, twice the updates; their batches come in turn, and the last of each is what remains."""
    loader = DataLoader(Strings(), batch_size=64, num_workers=2, multiprocessing_context="forkserver")
    read = [(set(workers.tolist()), len(places)) for workers, places in loader]
    settings = EchoConfig(strings=200, loaders=2)
    assert [size for _, size in read] == [settings.size_at(step, 64) for step in range(settings.updates(64))]
    assert [workers for workers, _ in read] == [{0}, {1}] * 4
