"""The two published echo results: fixed delay after one pass, and variable delay up to 99.3 %."""

from collections.abc import Mapping
from pathlib import Path
from statistics import median

from seqlab.studies import Report, Study
from seqlab.studies.figure import Figure
from seqlab.studies.published import PUBLISHED
from seqlab.tasks.echo import RECIPES
from seqlab.training.config import RunConfig
from seqlab.training.run import Run, create

SEEDS = (0, 1, 2)
ENOUGH = PUBLISHED["echo-variable/enough"].value
EPOCH = 32  # steps: 2,000 sequences in batches of 64
PATIENCE = 5


def trained(recipe: str, runs: Path, **changes: object) -> Run:
    """Train a recipe to its end in this process and return the run."""
    from seqlab.training.session import train

    run = create(runs, RunConfig(**(RECIPES[recipe].config | changes)))
    train(run.path)
    return run


def fixed(report: Report, runs: Path) -> Mapping[str, float]:
    """Delay 4: accuracy on fresh strings after one pass over 10,000 sequences, with the published settings."""
    accuracies_of: dict[str, list[float]] = {"fixed-plain": [], "fixed": []}
    for seed in SEEDS:
        for recipe, accuracies in accuracies_of.items():
            task = RECIPES[recipe].config["task"] | {"endings": False}  # letters only, as published
            run = trained(recipe, runs, task=task, seed=seed, name=f"{recipe}, seed {seed}")
            accuracies.append(_by_delay(run)[4])
            report(f"{recipe}, seed {seed}: {accuracies[-1]:.2%} after {run.status.seconds:.1f} s")
    return {
        "accuracy": median(accuracies_of["fixed"]),
        "accuracy, worst seed": min(accuracies_of["fixed"]),
        "accuracy, torch's own initial weights": median(accuracies_of["fixed-plain"]),
    }


def variable(report: Report, runs: Path) -> Mapping[str, float]:
    """Delays 0 to 8: time to 99.3 % on 500 strings, fast recipe and plain recipe in turn, and accuracy by delay.

    The plain recipe is ended after ``PATIENCE`` times the fast one's time; the ratio is then a lower bound.
    """
    ratios, times = [], []
    for seed in SEEDS:
        fast = _to_enough("fast", runs, report, seed=seed)
        steps = PATIENCE * fast.status.step
        plain = _to_enough("plain", runs, report, seed=seed, steps=steps)
        ratios.append(plain.status.seconds / fast.status.seconds)
        times.append(fast.status.seconds)
    run = trained("fast", runs, name="echo-variable, whole schedule")
    delays = _by_delay(run)
    return {
        "accuracy": sum(delays.values()) / len(delays),
        f"seconds to {ENOUGH:.1%}": median(times),
        "times sooner than the plain recipe, at least": median(ratios),
        **{f"accuracy, delay {delay}": share for delay, share in delays.items()},
    }


def _to_enough(recipe: str, runs: Path, report: Report, **changes: object) -> Run:
    run = trained(recipe, runs, stop_at=ENOUGH, evaluate_every=EPOCH, name=f"echo-variable, {recipe}", **changes)
    status = run.status
    report(f"{recipe}, seed {changes['seed']}: {100 * (status.evaluation or 0):.2f} % at step {status.step} after "
           f"{status.seconds:.1f} s")
    return run


def _by_delay(run: Run) -> dict[int, float]:
    """Accuracy of a run's last weights at each delay."""
    from seqlab.lenses.echo import by_delay

    return by_delay(str(run.path), run.snapshots()[-1])


STUDY = (
    Study("echo-fixed", "Echo, fixed delay 4", "course notebook: GRU 128, one-hot, Adam 0.01, batch 64, clip 0.01, "
          "10,000 sequences of 15",
          (Figure("accuracy", "accuracy after one pass", ".2%", "echo-fixed/accuracy"),), fixed),
    Study("echo-variable", "Echo, delays 0 to 8", "course notebook: GRU 128, embeddings 64 + 64, Adam 0.003, batch 64, "
          "clip 0.5, 2,000 sequences of 20 an epoch",
          (Figure("accuracy", "accuracy, mean of delays", ".2%", "echo-variable/enough"),), variable),
)
