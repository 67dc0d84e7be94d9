"""The two published echo results: fixed delay after one epoch, and variable delay up to 99.3 %."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

import numpy as np

from seqlab.studies import Report, Study
from seqlab.studies.figure import Figure
from seqlab.studies.published import PUBLISHED
from seqlab.tasks.echo import RECIPES
from seqlab.training.config import RunConfig
from seqlab.training.run import Run, create

SEEDS = (0, 1, 2)
ENOUGH = PUBLISHED["echo-variable/enough"].value
EPOCH = RECIPES["plain"].config["evaluate_every"]
EPOCHS_PRINTED = (0, 3, 9, 19, 24)
FIXED = {  # figures of the fixed form: the recipe, and what is changed of it
    "published": ("fixed-plain", {}),
    "tuned": ("fixed", {"endings": False}),  # letters only, as published
    "one worker": ("fixed-plain", {"loaders": 1}),
    "one worker, blanks": ("fixed-plain", {"loaders": 1, "loss_on": "all"}),
}


def trained(recipe: str, runs: Path, **changes: object) -> Run:
    """Train a recipe to its end in this process and return the run."""
    from seqlab.training.session import train

    run = create(runs, RunConfig(**(RECIPES[recipe].config | changes)))
    train(run.path)
    return run


def fixed(report: Report, runs: Path) -> Mapping[str, float]:
    """Delay 4: accuracy on fresh strings after an epoch as published, tuned, and after two epochs that are not it."""
    made = {name: [_fixed(name, seed, report, runs) for seed in SEEDS] for name in FIXED}
    share = {name: [_by_delay(run)[4] for run in of_seeds] for name, of_seeds in made.items()}
    return {
        "accuracy": median(share["published"]), "accuracy, tuned": median(share["tuned"]),
        "worst": min(share["published"]), "worst, tuned": min(share["tuned"]),
        "loss": median(map(_last_loss, made["published"])), "loss, tuned": median(map(_last_loss, made["tuned"])),
        **{name: median(share[name]) for name in ("one worker", "one worker, blanks")},
        **_spent(made["published"], ""), **_spent(made["tuned"], ", tuned"),
    }


def _fixed(name: str, seed: int, report: Report, runs: Path) -> Run:
    recipe, changes = FIXED[name]
    config = RECIPES[recipe].config
    task = config["task"] | changes
    steps = config["steps"] // config["task"].get("loaders", 1) * task.get("loaders", 1)
    run = trained(recipe, runs, task=task, steps=steps, seed=seed, name=f"echo-fixed, {name}, seed {seed}")
    report(f"{name}, seed {seed}: {_by_delay(run)[4]:.2%} after {run.status.step} updates, {run.status.seconds:.1f} s")
    return run


def variable(report: Report, runs: Path) -> Mapping[str, float]:
    """Delays 0 to 8: updates and time to 99.3 % on 500 strings, as published and tuned in turn, accuracy by delay."""
    made: dict[str, list[Run]] = {"plain": [], "fast": []}
    for seed in SEEDS:
        for recipe, of_seeds in made.items():
            of_seeds.append(_to_enough(recipe, runs, report, seed=seed))
    run = trained("fast", runs, name="echo-variable, whole schedule")
    delays = _by_delay(run)
    ratios = [plain.status.seconds / fast.status.seconds for plain, fast in zip(*made.values(), strict=True)]
    return {
        "enough": median(run.status.evaluation or 0.0 for run in made["plain"]),
        "enough, tuned": median(run.status.evaluation or 0.0 for run in made["fast"]),
        **_spent(made["plain"], ""), **_spent(made["fast"], ", tuned"),
        "times sooner": median(ratios),
        **_after_epochs(made["plain"], ""), **_after_epochs(made["fast"], ", tuned"),
        "mean of the delays, whole schedule": sum(delays.values()) / len(delays),
        **{f"accuracy, whole schedule, delay {delay}": share for delay, share in delays.items()},
    }


def _to_enough(recipe: str, runs: Path, report: Report, **changes: object) -> Run:
    run = trained(recipe, runs, stop_at=ENOUGH, evaluate_every=EPOCH, name=f"echo-variable, {recipe}", **changes)
    status = run.status
    report(f"{recipe}, seed {changes['seed']}: {100 * (status.evaluation or 0):.2f} % at step {status.step} after "
           f"{status.seconds:.1f} s")
    return run


def _spent(made: Sequence[Run], ending: str) -> dict[str, float]:
    """Updates and seconds of some runs."""
    return {f"updates{ending}": float(median(run.status.step for run in made)),
            f"seconds{ending}": median(run.status.seconds for run in made)}


def _after_epochs(made: Sequence[Run], ending: str) -> dict[str, float]:
    """Accuracy on fresh strings after the epochs whose figure is published, counted from 0."""
    shares = {epoch: [share for run in made for share in _evaluation(run, EPOCH * (epoch + 1))]
              for epoch in EPOCHS_PRINTED}
    return {f"epoch {epoch}{ending}": median(of_seeds) for epoch, of_seeds in shares.items() if of_seeds}


def _evaluation(run: Run, step: int) -> list[float]:
    table = run.metrics()
    at = (table["step"] == step) & np.isfinite(table["evaluation"])
    return [float(share) for share in table["evaluation"][at]]


def _last_loss(run: Run) -> float:
    """Mean loss of a run's last 50 updates, as its curve has it."""
    table = run.metrics()
    return float(table["loss"][table["step"] > run.status.step - 50].mean())


def _by_delay(run: Run) -> dict[int, float]:
    """Accuracy of a run's last weights at each delay."""
    from seqlab.lenses.echo import by_delay

    return by_delay(str(run.path), run.newest)


def _figure(study: str, key: str, label: str, form: str = ".2%", tuned: bool = True) -> Figure:
    return Figure(key, label, form, f"{study}/{key}", f"{key}, tuned" if tuned else "")


STUDY = (
    Study("echo-fixed", "Echo, fixed delay 4", "course notebook: GRU 128, one-hot, Adam 0.01, batch 64, clip 0.01, "
          "10,000 sequences of 15 from each of two loader workers, loss on the echo",
          (_figure("echo-fixed", "accuracy", "accuracy after one epoch"),
           _figure("echo-fixed", "worst", "the same, worst seed"),
           _figure("echo-fixed", "loss", "loss of the last 50 updates", ".4f"),
           _figure("echo-fixed", "updates", "updates", ".0f"),
           _figure("echo-fixed", "seconds", "seconds", ".1f"),
           _figure("echo-fixed", "one worker", "accuracy with one loader worker", tuned=False),
           _figure("echo-fixed", "one worker, blanks", "the same, and blanks in the loss", tuned=False)), fixed),
    Study("echo-variable", "Echo, delays 0 to 8", "course notebook: GRU 128, embeddings 64 + 64, Adam 0.003, batch 64, "
          "clip 0.5, 2,000 sequences of 20 an epoch, blanks masked",
          (_figure("echo-variable", "enough", "accuracy when it stops"),
           _figure("echo-variable", "updates", "updates until then", ".0f"),
           _figure("echo-variable", "seconds", "seconds until then (source: at most)", ".1f"),
           *(_figure("echo-variable", f"epoch {epoch}", f"accuracy after epoch {epoch}")
             for epoch in EPOCHS_PRINTED)), variable),
)
