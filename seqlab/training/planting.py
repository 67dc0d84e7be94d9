"""Faults planted on purpose, so that their curves are known: what is tried for ``bands``, and by tests.

Nothing that trains a person's runs imports this. What a config can say is said by it; the rest is wrapped around the
task's batches or the network.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor, nn

from seqlab.data.batching import Batch
from seqlab.errors import Fault
from seqlab.models.network import SequenceNetwork
from seqlab.reference.core import core_of
from seqlab.tasks import Settings, Task
from seqlab.training.config import RunConfig
from seqlab.training.loop import Learner

TIMES = 10.0  # of what is too large or too small: the learning rate, the first weights
FEWER = 8  # times as many units has the recipe


class ShuffledApart(RunConfig):
    """A config whose targets are those of another sequence of the batch."""

    @property
    def task_spec(self) -> Task[Any]:
        """The task with such batches."""
        return _with_batches(super().task_spec, _apart)


class BlanksCounted(RunConfig):
    """A config whose loss counts every position, also what only fills a batch up."""

    @property
    def task_spec(self) -> Task[Any]:
        """The task with such batches."""
        return _with_batches(super().task_spec, _all_counted)


class Probabilities(SequenceNetwork):
    """A network whose answers are probabilities in the place of logits: the loss takes the softmax once more."""

    def __init__(self, inner: SequenceNetwork) -> None:
        nn.Module.__init__(self)
        self.inner, self.decoder = inner, nn.Identity()

    def read(self, *given: Any, **named: Any) -> tuple[Tensor, tuple[Tensor, ...]]:
        """Give the probabilities, which are then taken for logits, and the last state."""
        read, after = self.inner.read(*given, **named)
        return self.inner.decoder(read).softmax(-1), after


@dataclass(frozen=True)
class Plant:
    """A fault: what it makes of a config and of a learner before its first update.

    ``alone``: the learners cannot train together, for their networks are no longer of the product.
    """

    config: Callable[[RunConfig], RunConfig] = lambda config: config
    learner: Callable[[Learner], None] = lambda learner: None
    alone: bool = False


def _with_batches(task: Task[Any], change: Callable[[Batch], Batch]) -> Task[Any]:
    return replace(task, batch=lambda *given: change(task.batch(*given)))


def _apart(batch: Batch) -> Batch:
    targets, weight, scored = (part.roll(1, 0) for part in (batch.targets, batch.weight, batch.scored))
    return replace(batch, targets=targets, weight=weight, scored=scored)


def _all_counted(batch: Batch) -> Batch:
    return replace(batch, weight=torch.ones_like(batch.weight))


def with_seed(config: RunConfig, seed: int) -> RunConfig:
    """The same config, planted or not, with another seed and to its last step."""
    return type(config).model_validate(config.model_dump() | {"seed": seed, "stop_at": None})


def _changed(part: str, change: Callable[[RunConfig], Settings]) -> Callable[[RunConfig], RunConfig]:
    def made(config: RunConfig) -> RunConfig:
        return RunConfig.model_validate(config.model_dump() | {
            part: getattr(config, part).model_dump() | change(config)})
    return made


def _rate(times: float) -> Callable[[RunConfig], RunConfig]:
    return _changed("optimiser", lambda config: {"lr": config.optimiser.lr * times})


def _unclipped(config: RunConfig) -> Settings:
    if config.optimiser.clip is None:
        raise Fault("This recipe clips no gradient.")
    return {"clip": None}


def _fewer(config: RunConfig) -> Settings:
    network, memory = config.network, config.task_spec.dimensions(config.task_config).memory
    if network.readout == "state":
        raise Fault("This recipe has one unit for each letter.")
    least = memory + 1 if network.initialisation == "delay-line" else 1
    heads = network.heads if core_of(network).heads else 1
    return {"hidden": -(-max(network.hidden // FEWER, least) // heads) * heads}


def _shuffled(config: RunConfig) -> RunConfig:
    if config.batch == 1:
        raise Fault("A batch of this recipe is one sequence, so there is nothing to shuffle.")
    return ShuffledApart.model_validate(config.model_dump())


def _blanks(config: RunConfig) -> RunConfig:
    batch = config.task_spec.batch(config.task_config, config.batch, torch.Generator().manual_seed(0), 0)
    if bool((batch.weight == 1).all()):
        raise Fault("Every position of a batch counts in this recipe as it is.")
    return BlanksCounted.model_validate(config.model_dump())


@torch.no_grad()
def _small(learner: Learner) -> None:
    for weight in learner.network.parameters():
        if weight.requires_grad and weight.ndim > 1:
            weight.div_(TIMES)


def _twice(learner: Learner) -> None:
    learner.network = Probabilities(learner.network)


PLANTS: Mapping[str, Plant] = {
    "rate-high": Plant(_rate(TIMES)),
    "rate-low": Plant(_rate(1 / TIMES)),
    "no-clip": Plant(_changed("optimiser", _unclipped)),
    "small-start": Plant(learner=_small),
    "few-units": Plant(_changed("network", _fewer)),
    "shuffled": Plant(_shuffled),
    "blanks": Plant(_blanks),
    "softmax-twice": Plant(learner=_twice, alone=True),
}
SOUND = Plant()
