"""Measuring curves for bands: one config with many seeds, trained together where that pays."""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from jaxtyping import Float

from seqlab.training import device as devices
from seqlab.training import groups
from seqlab.training.bands import COLUMNS
from seqlab.training.batched import Group
from seqlab.training.config import RunConfig
from seqlab.training.loop import Learner, learner, updates
from seqlab.training.planting import SOUND, Plant, with_seed

POINTS = 50  # of a curve, at most

Rows = list[dict[str, list[float]]]


def points(until: int) -> list[int]:
    """The steps of a curve of so many updates: even ones, and the last."""
    every = -(-until // POINTS)
    return [*range(every, until, every), until]


def curves(config: RunConfig, seeds: Sequence[int], until: int,
           plant: Plant = SOUND) -> dict[str, Float[np.ndarray, "seed step"]]:
    """Train a config with each seed for ``until`` updates; means over the updates up to each of ``points``.

    An early goal is not heeded. Raises Fault where the plant has no place in this config.
    """
    planted = plant.config(config)
    configs, steps = [with_seed(planted, seed) for seed in seeds], points(until)
    device = devices.choose(config.device)
    together = groups.MOST if groups.worth(planted, device.type) and not plant.alone else 1
    rows = [row for start in range(0, len(configs), together)
            for row in _trained(configs[start:start + together], device, steps, plant)]
    return {name: np.array([row[name] for row in rows]) for name in COLUMNS}


def _trained(configs: Sequence[RunConfig], device: torch.device, steps: Sequence[int], plant: Plant) -> Rows:
    learners = [learner(config, device) for config in configs]
    rows: Rows = [{name: [] for name in COLUMNS} for _ in learners]
    for one in learners:
        plant.learner(one)
    note = _noting(learners, rows, set(steps))
    if len(learners) > 1:
        group = Group(learners)
        for _ in range(steps[-1]):
            group.update()
            note()
        return rows
    torch.manual_seed(configs[0].seed)
    for step in updates(learners[0]):
        note()
        if step == steps[-1]:
            break
    return rows


def _noting(learners: Sequence[Learner], rows: Rows, steps: set[int]) -> Callable[[], None]:
    def note() -> None:
        if learners[0].step in steps:
            for one, row in zip(learners, rows, strict=True):
                means = one.collect()
                for name in COLUMNS:
                    row[name].append(getattr(means, name))

    return note
