"""Tasks: each one file with its data, target, metric and defaults. Torch is imported where batches are made."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from seqlab.registry import discover

if TYPE_CHECKING:
    import torch

    from seqlab.data.batching import Batch


@dataclass(frozen=True)
class Dimensions:
    """Sizes a task fixes for the network: input symbols, output classes, values of a condition (0: none), memory.

    ``memory`` is how many steps back the task asks the network to remember, ``longest`` the time steps of its longest
    sequence in training and evaluation, each where that is known (else 0).
    """

    symbols: int
    classes: int
    conditions: int = 0
    memory: int = 0
    longest: int = 0


@dataclass(frozen=True)
class Recipe:
    """A whole config to start from, with a name and a sentence for the person who picks it."""

    label: str
    note: str
    config: dict[str, Any]


@dataclass(frozen=True)
class Task:
    """What a task offers.

    ``batch(config, size, generator)`` draws one training batch on the generator's device;
    ``evaluate(config, predict, generator)`` measures on fresh data, where ``predict(inputs, condition)`` gives
    logits, and returns named figures, of which ``accuracy`` is the one that may stop a run. ``chance`` is the accuracy
    of guessing.
    """

    name: str
    label: str
    config: type[BaseModel]
    dimensions: Callable[[Any], Dimensions]
    batch: Callable[[Any, int, "torch.Generator"], "Batch"]
    evaluate: Callable[[Any, Callable[..., "torch.Tensor"], "torch.Generator"], dict[str, Any]]
    recipes: Mapping[str, Recipe]
    chance: float


def tasks() -> dict[str, Task]:
    """All tasks by name; a new one is a new file in ``seqlab/tasks`` with a ``TASK``."""
    return {name: task for name, task in discover("seqlab.tasks", "TASK").items() if isinstance(task, Task)}
