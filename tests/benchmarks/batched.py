"""Sixteen networks trained in one program against one by one, on one core: how many times as fast, and how equal.

    python -m tests.benchmarks.batched
"""

from collections.abc import Iterator

import torch

from seqlab.training.batched import Group
from seqlab.training.config import RunConfig
from seqlab.training.loop import Learner, learner, updates
from tests.benchmarks.table import Row, interleaved, show

NETWORKS, ROUNDS = 16, 9
# Model; units, which are the batch as well; updates over which losses are compared; how many times as fast it should
# be: what a plain loop over bmm reaches.
CASES = (("gru", 16, 200, 3.9), ("gru", 32, 200, 1.8), ("gru", 64, 60, 0.85), ("lstm", 16, 60, None),
         ("rnn_tanh", 16, 60, None), ("transformer", 16, 60, None))


def learners(model: str, size: int) -> list[Learner]:
    """Networks on the default echo, each with its seed."""
    return [learner(RunConfig.model_validate({
        "task": {"name": "echo"}, "batch": size, "steps": 10**6, "seed": seed, "device": "cpu",
        "network": {"model": model, "hidden": size, "embedding": size}}), torch.device("cpu"))
        for seed in range(NETWORKS)]


def measured(model: str, size: int, count: int) -> tuple[float, float, float]:
    """Seconds of an update of all networks together, ratio to one by one, largest difference of a loss."""
    alone, together = learners(model, size), learners(model, size)
    loops, group, gap = [updates(one) for one in alone], Group(together), 0.0
    mine, _, ratio = interleaved(group.update, lambda: [next(loop) for loop in loops], ROUNDS)
    for update in range(count - ROUNDS - 1):
        group.update()
        for loop in loops:
            next(loop)
        if update % 10 == 0:
            gap = max(gap, *(abs(one.collect().loss - other.collect().loss)
                             for one, other in zip(alone, together, strict=True)))
    return mine, 1 / ratio, gap


def rows() -> Iterator[Row]:
    """Measure on one thread, the two in turn."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        for model, size, count, target in CASES:
            mine, ratio, gap = measured(model, size, count)
            yield Row(f"{NETWORKS} networks together / one by one, {model}, {size} units, batch {size}", ratio, target,
                      "at least", "×",
                      f"{NETWORKS / mine:,.0f} updates/s; losses differ by {gap:.1g} in {count} updates")
    finally:
        torch.set_num_threads(threads)


if __name__ == "__main__":
    raise SystemExit(not show(list(rows())))
