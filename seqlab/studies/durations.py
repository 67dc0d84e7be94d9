"""How long trainings take on this machine: by runs that were trained here, else by a moment of each, measured."""

import time
from collections.abc import Iterable

from seqlab.training.config import RunConfig
from seqlab.training.run import Run

MOMENT, WARM = 0.4, 3  # seconds of updates that tell a pace, after so many that do not count
_FREE = {"name": "", "seed": 0, "steps": 1, "stop_at": None}  # what an update costs goes by the rest


def work(config: RunConfig) -> str:
    """What an update of a training does, as a text that is equal where it costs the same."""
    rate = config.optimiser.model_copy(update={"lr": 1.0})
    return config.model_copy(update=_FREE | {"optimiser": rate}).model_dump_json()


def by_runs(config: RunConfig, runs: Iterable[Run]) -> float | None:
    """Seconds that a training takes by the pace of the longest of some runs that does the same work; None without one.

    The runs are those of this machine; one that was opened from a file or recorded elsewhere does not count.
    """
    alike = [run.status for run in runs
             if not run.was_opened and not run.status.recorded and work(run.config) == work(config)]
    longest = max((status for status in alike if status.seconds > 0), key=lambda status: status.step, default=None)
    return config.steps * longest.seconds / longest.step if longest and longest.step else None


def measured(config: RunConfig) -> float:
    """Seconds that a training would take here, by some of its updates and one evaluation; raises Fault."""
    from seqlab.training import device, loop

    learner = loop.learner(config, device.choose(config.device))
    steps, done = loop.updates(learner), 0
    for _ in range(min(WARM, config.steps - 1)):
        next(steps)
    learner.collect()  # waits for the device
    began = time.perf_counter()
    while time.perf_counter() - began < MOMENT and next(steps, None) is not None:
        done += 1
    learner.collect()
    update = (time.perf_counter() - began) / max(1, done)
    began = time.perf_counter()
    loop.evaluate(learner)
    return config.steps * update + config.steps // config.evaluate_every * (time.perf_counter() - began)
