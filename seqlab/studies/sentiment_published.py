"""The sentiment assignment by its own preparation and sizes: what an epoch of each of its networks comes to."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from seqlab.data import reviews
from seqlab.errors import Fault
from seqlab.studies.chapter.exercise import Exercise, View
from seqlab.studies.figure import Figure
from seqlab.studies.published import published
from seqlab.studies.results import Measured
from seqlab.tasks.sentiment import plan, vocabulary
from seqlab.tasks.sentiment_recipes import RECIPES
from seqlab.training.config import RunConfig
from seqlab.training.run import Run

NETWORKS = {"mlp": "MLP", "elman": "Elman layer", "rnn": "torch's RNN", "lstm": "LSTM"}  # by their recipes


def configs() -> Mapping[str, RunConfig]:
    """Make the config of each network, as published and tuned; raises Fault where there are no reviews."""
    if not reviews.at_hand("imdb"):
        reviews.rows("imdb", "train")  # downloads them, or says why that cannot be
    return {recipe: RunConfig(**RECIPES[recipe].config | {"name": RECIPES[recipe].label, "seed": 1})
            for key in NETWORKS for recipe in (f"published-{key}", key)}


def measure(runs: Mapping[str, Run], root: Path) -> Measured:
    """Take the validation accuracy of each of the runs after its first epoch, and count the published words."""
    measured = {recipe: first_epoch(run) for recipe, run in runs.items()}
    words = float(len(vocabulary(runs["published-mlp"].config.task_config)))
    named = {f"published-{key}": key for key in NETWORKS} | {key: f"{key}, tuned" for key in NETWORKS}
    return Measured({"words": words} | {named[recipe]: share for recipe, share in measured.items()})


def first_epoch(run: Run) -> float:
    """Validation accuracy when every review was learned from once; raises Fault where none was measured by then."""
    columns, epoch = run.metrics(), plan(run.config.task_config, run.config.batch).steps
    known = np.isfinite(columns["evaluation"]) & (columns["step"] <= epoch)
    if not known.any():
        raise Fault(f"{run.name} was not evaluated after its first epoch, so there is no figure.")
    return float(columns["evaluation"][known][-1])


def answer(figures: Mapping[str, float]) -> str:
    """Write the answer: what each network that was measured comes to in an epoch."""
    parts = ", ".join([f"{NETWORKS['mlp']} {figures['mlp']:.2%}", *(
        f"{name} {figures[key]:.2%}" for key, name in NETWORKS.items() if key != "mlp" and key in figures)])
    return (f"On the 5,000 reviews that validate, after one epoch: {parts}. The source states a figure for its MLP "
            f"alone, more than {published('reviews/mlp') or 0:.0%}, and says nothing of optimiser, budget or "
            "activation: Adam at 0.001, 10,000 words and tanh are our choice, as is the order of the reviews from "
            "which the sample is drawn.")


PUBLISHED = Exercise(
    "imdb-published", "The sentiment assignment, as published",
    "How far does each of the assignment's networks come in one epoch, by its own preparation and its own sizes?",
    "Its words are those of train and test set, its label 0 is praise, its batches hold a number of words.",
    configs,
    (*(Figure(key, f"{name} after one epoch, on validation", ".2%", more=True, aim=0.60 if key == "mlp" else None,
              source=f"reviews/{key}", tuned=f"{key}, tuned")
       for key, name in NETWORKS.items()),
     Figure("words", "words of the vocabulary, marks among them", ",.0f", source="reviews/words")),
    measure, answer, (), (View("sentiment", "What each word does", "published-mlp"),),
    source="reviews", short="Reviews, as published")
