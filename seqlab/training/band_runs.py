"""Measuring bands: the curves of one config with many seeds, trained together where that can be."""

from collections.abc import Callable, Sequence

import numpy as np
import torch

from seqlab.training import device as devices
from seqlab.training import groups, metrics
from seqlab.training.bands import Bands, of_curves
from seqlab.training.batched import Group
from seqlab.training.config import RunConfig
from seqlab.training.loop import Learner, evaluate, learner, updates

POINTS = 100  # of a curve, at most
TOGETHER = 16
MEANS = ("loss", "accuracy", "grad_norm")


def bands(config: RunConfig, seeds: Sequence[int] = range(8)) -> Bands:
    """Train a config to its last step with each seed, and give the bands of its curves; an early goal is not heeded.

    Raises Fault where a seed diverges.
    """
    configs = [RunConfig.model_validate(config.model_dump() | {"seed": seed, "stop_at": None}) for seed in seeds]
    every = -(-config.steps // POINTS)
    steps = [*range(every, config.steps, every), config.steps]
    looks = [step for step in range(1, config.steps + 1) if step % config.evaluate_every == 0 or step == config.steps]
    rows = [row for start in range(0, len(configs), TOGETHER)
            for row in _curves(configs[start:start + TOGETHER], set(steps), set(looks))]
    curves = {name: (steps, np.array([row[name] for row in rows])) for name in MEANS}
    evaluated = np.array([row["evaluation"] for row in rows])
    return of_curves(config, seeds, curves | {"evaluation": (looks, evaluated)} if evaluated.size else curves)


def _curves(configs: Sequence[RunConfig], steps: set[int], looks: set[int]) -> list[dict[str, list[float]]]:
    """Curves of some runs: means over the updates up to each of ``steps``, evaluations at each of ``looks``."""
    device = devices.choose(configs[0].device)
    learners = [learner(config, device) for config in configs]
    rows: list[dict[str, list[float]]] = [{name: [] for name in (*MEANS, "evaluation")} for _ in learners]

    def note(members: Sequence[tuple[Learner, dict[str, list[float]]]]) -> None:
        for one, row in members:
            if one.step in looks:
                row["evaluation"] += [metrics.evaluated(evaluate(one)).get("evaluation", float("nan"))]
            if one.step in steps:
                means = one.collect()
                for name in MEANS:
                    row[name].append(getattr(means, name))

    members = list(zip(learners, rows, strict=True))
    if groups.refusal(configs[0]):
        for one in members:
            _alone(one, note)
        return rows
    group = Group(learners)
    for _ in range(configs[0].steps):
        group.update()
        note(members)
    return rows


def _alone(member: tuple[Learner, dict[str, list[float]]], note: Callable[..., None]) -> None:
    torch.manual_seed(member[0].config.seed)
    for _ in updates(member[0]):
        note([member])
