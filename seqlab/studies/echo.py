"""The two published echo results: fixed delay after one pass, and variable delay up to 99.3 %."""

from collections.abc import Mapping
from pathlib import Path
from statistics import median

from seqlab.lenses.echo import by_delay
from seqlab.studies import Report, Study
from seqlab.tasks.echo import RECIPES
from seqlab.training.config import RunConfig
from seqlab.training.run import Run, create
from seqlab.training.session import train

SEEDS = (0, 1, 2)
ENOUGH = 0.993


def trained(recipe: str, runs: Path, **changes: object) -> Run:
    """Train a recipe to its end in this process and return the run."""
    run = create(runs, RunConfig(**(RECIPES[recipe].config | changes)))
    train(run.path)
    return run


def fixed(report: Report, runs: Path) -> Mapping[str, float]:
    """Delay 4: accuracy in percent on 500 fresh strings after one pass over 10,000 sequences."""
    figures: dict[str, float] = {}
    for label, recipe in (("published recipe", "fixed-plain"), ("our recipe", "fixed")):
        found = []
        for seed in SEEDS:
            run = trained(recipe, runs, seed=seed, name=f"echo-fixed, {label}, seed {seed}")
            found.append(100 * by_delay(str(run.path), run.snapshots()[-1])[4])
            report(f"{label}, seed {seed}: {found[-1]:.2f} % after {run.status.seconds:.1f} s")
        figures[f"accuracy %, {label}, median of {len(SEEDS)}"] = median(found)
    return figures


def variable(report: Report, runs: Path) -> Mapping[str, float]:
    """Delays 0 to 8: time to 99.3 % on 500 strings, plain recipe against ours in turn, and accuracy by delay."""
    times: dict[str, list[float]] = {"plain": [], "fast": []}
    for seed in SEEDS:
        for recipe in times:
            stop = {"stop_at": ENOUGH, "evaluate_every": EVERY[recipe]}
            run = trained(recipe, runs, seed=seed, name=f"echo-variable, {recipe}, seed {seed}", **stop)
            times[recipe].append(run.status.seconds)
            report(f"{recipe}, seed {seed}: {100 * (run.status.evaluation or 0):.2f} % at step {run.status.step} "
                   f"after {run.status.seconds:.1f} s")
    run = trained("fast", runs, name="echo-variable, whole schedule")
    delays = by_delay(str(run.path), run.snapshots()[-1])
    return {
        "accuracy %": 100 * sum(delays.values()) / len(delays),
        "seconds to 99.3 %, plain, median": median(times["plain"]),
        "seconds to 99.3 %, ours, median": median(times["fast"]),
        "times sooner, median of pairs": median(a / b for a, b in zip(*times.values(), strict=True)),
        **{f"accuracy %, delay {delay}": 100 * share for delay, share in delays.items()},
    }


# Steps between evaluations: an epoch of 2,000 sequences for the plain recipe, as published.
EVERY = {"plain": 32, "fast": 16}

STUDY = (
    Study("echo-fixed", "Echo, fixed delay 4", "course notebook: GRU 128, one-hot, Adam 0.01, batch 64, clip 0.01, "
          "10,000 sequences of 15", {"accuracy %": 99.26}, fixed),
    Study("echo-variable", "Echo, delays 0 to 8", "course notebook: GRU 128, embeddings 64 + 64, Adam 0.003, batch 64, "
          "clip 0.5, 2,000 sequences of 20 an epoch", {"accuracy %": 99.3}, variable),
)
