"""The hello exercise: three published networks and the two that were left open, each from twenty seeds."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median, median_low

from seqlab.studies import Report, Study
from seqlab.studies.figure import Figure
from seqlab.studies.published import PUBLISHED
from seqlab.tasks.hello import EPOCHS, RECIPES, TARGET, config_for
from seqlab.training.config import RunConfig
from seqlab.training.run import create

SEEDS = range(20)


@dataclass(frozen=True)
class TrainingRecord:
    """Loss of one network, and whether it output the whole word, before each of its updates and after the last one."""

    seed: int
    losses: list[float]
    right: list[bool]
    seconds: float

    @property
    def printed(self) -> float:
        """Loss that an exercise prints at its last epoch: before that epoch's update."""
        return self.losses[-2]

    @property
    def learned(self) -> bool:
        """Whether the whole word was right at one of the printed epochs."""
        return any(self.right[:-1])


def train_and_record(config: RunConfig) -> TrainingRecord:
    """Train a network to its last step, and evaluate it before each update and after the last."""
    import torch

    from seqlab.training.loop import learner, updates
    from seqlab.training.loss import weighted_loss

    state = learner(config, torch.device("cpu"))
    pair = config.task_spec.batch(config.task_config, 1, state.generator, 0)
    losses: list[float] = []
    right: list[bool] = []

    def measure() -> None:
        with torch.inference_mode():
            logits = state.network(pair.inputs)
            losses.append(weighted_loss(logits, pair, config.reduction).item())
            right.append(bool((logits.argmax(-1) == pair.targets).all()))

    began = time.perf_counter()
    measure()
    for _ in updates(state):
        measure()
    return TrainingRecord(config.seed, losses, right, time.perf_counter() - began)


def hello(report: Report, runs: Path) -> Mapping[str, float]:
    """Every network from every seed; the run with the median loss of each is stored, to be opened in the Hello lab."""
    from seqlab.training.session import train

    figures: dict[str, float] = {}
    for recipe, about in RECIPES.items():
        records = [train_and_record(RunConfig(**config_for(recipe, seed=seed))) for seed in SEEDS]
        successes = sum(each.learned for each in records)
        report(f"{about.label}: {successes} of {len(records)} seeds say {TARGET} within {EPOCHS} epochs")
        figures |= {
            _loss(recipe): median(each.printed for each in records),
            f"{about.label}: loss after its update": median(each.losses[-1] for each in records),
            f"{about.label}: % of seeds that say {TARGET}": 100 * successes / len(records),
            f"{about.label}: seconds": median(each.seconds for each in records),
        }
        middle = median_low((each.printed, each.seed) for each in records)[1]
        train(create(runs, RunConfig(**config_for(recipe, seed=middle, name=f"{about.label}, seed {middle}"))).path)
    return figures


def _loss(recipe: str) -> str:
    return f"{RECIPES[recipe].label}: loss at epoch {EPOCHS}"


def _figure(recipe: str) -> Figure:
    source = f"hello/{recipe}"
    return Figure(_loss(recipe), _loss(recipe), ".5g", source if source in PUBLISHED else "")


STUDY = Study("hello", f"Hello, {EPOCHS} epochs, {len(SEEDS)} seeds", "course notebook: RNNCell 4 → 4 (Adam 0.1, "
              "summed loss), RNN 4 → 4 and embedding 10 → RNN 2 × 8 → linear (Adam 0.05, mean loss)",
              tuple(_figure(recipe) for recipe in RECIPES), hello)
