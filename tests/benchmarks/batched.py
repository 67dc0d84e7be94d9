"""Sixteen networks trained in one program against one by one, on one core: how many times as fast, and how equal.

How much a difference of rounding grows in so many updates is measured beside it: by one by one again, each weight
changed by a rounding at the start.

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
         ("rnn_tanh", 16, 60, None), ("transformer", 16, 200, None))
ROUNDING = 2.0**-24


def learners(model: str, size: int) -> list[Learner]:
    """Networks on the default echo, each with its seed."""
    return [learner(RunConfig.model_validate({
        "task": {"name": "echo"}, "batch": size, "steps": 10**6, "seed": seed, "device": "cpu",
        "network": {"model": model, "hidden": size, "embedding": size}}), torch.device("cpu"))
        for seed in range(NETWORKS)]


def rounded(model: str, size: int) -> list[Learner]:
    """The same networks, each of their weights larger or smaller by one rounding."""
    made, draw = learners(model, size), torch.Generator().manual_seed(0)
    with torch.no_grad():
        for weight in (weight for one in made for weight in one.network.parameters()):
            weight.mul_(1 + ROUNDING * (2 * torch.randint(2, weight.shape, generator=draw) - 1))
    return made


def measured(model: str, size: int, count: int) -> tuple[float, float, float, float]:
    """Seconds of an update of all networks together, ratio to one by one, and largest differences of a loss.

    The first is that to one by one, the second that of one by one to itself, rounded at the start.
    """
    alone, together, other = learners(model, size), learners(model, size), rounded(model, size)
    loops, group = [updates(one) for one in alone], Group(together)
    mine, _, ratio = interleaved(group.update, lambda: [next(loop) for loop in loops], ROUNDS)
    loops += (others := [updates(one) for one in other])
    while other[0].step < alone[0].step:
        for loop in others:
            next(loop)
    gaps = [0.0, 0.0]
    while alone[0].step < count:
        group.update()
        for loop in loops:
            next(loop)
        if alone[0].step % 10 == 0:
            losses = [one.collect().loss for one in alone]
            gaps = [max(gap, *(abs(loss - one.collect().loss) for loss, one in zip(losses, compared, strict=True)))
                    for gap, compared in zip(gaps, (together, other), strict=True)]
    return mine, 1 / ratio, gaps[0], gaps[1]


def rows() -> Iterator[Row]:
    """Measure on one thread, the two in turn."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        for model, size, count, target in CASES:
            mine, ratio, gap, rounding = measured(model, size, count)
            yield Row(f"{NETWORKS} networks together / one by one, {model}, {size} units, batch {size}", ratio, target,
                      "at least", "×",
                      f"{NETWORKS / mine:,.0f} updates/s; losses differ by {gap:.1g} in {count} updates, and by "
                      f"{rounding:.1g} where each weight is one rounding off at the start")
    finally:
        torch.set_num_threads(threads)


if __name__ == "__main__":
    raise SystemExit(not show(list(rows())))
