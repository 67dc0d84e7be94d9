"""The sentiment assignment: what each architecture adds on IMDb's reviews, tuned on validation, tested once."""

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import numpy as np

from seqlab.data import reviews
from seqlab.numerals import number
from seqlab.reference.shares import mcnemar, wilson
from seqlab.studies import Report, Study
from seqlab.studies.chapter.exercise import Exercise, View, done, rows
from seqlab.studies.chapter.fitting import losses
from seqlab.studies.figure import Figure
from seqlab.studies.results import Measured
from seqlab.studies.sentiment_published import PUBLISHED
from seqlab.tasks.sentiment_recipes import RECIPES
from seqlab.training.config import RunConfig
from seqlab.training.run import Run, network_shapes

# Models by their key, with what people call them; the folklore is about the first, the second and the last of three.
MODELS = {"dense": "MLP", "elman": "Elman", "rnn_tanh": "RNN", "gru": "GRU", "lstm": "LSTM", "encoder": "Transformer"}
FOLKLORE = "lstm", "elman", "dense"  # the best first
SURE = 0.05
COLUMNS = (("parameters", "parameters", ",.0f"), ("seconds", "seconds of training", ",.0f"),
           ("validation", "validation accuracy", ".2%"), ("test", "test accuracy", ".2%"),
           ("low", "95 % interval, from", ".2%"), ("high", "to", ".2%"))


def configs() -> Mapping[str, RunConfig]:
    """Make the config of each model; raises Fault where there are no reviews."""
    if not reviews.at_hand("imdb"):
        reviews.rows("imdb", "train")  # downloads them, or says why that cannot be
    known = {recipe.config["network"]["model"]: recipe.config for name, recipe in RECIPES.items()
             if recipe.config["task"].get("corpus") == "imdb" and not name.startswith("published")}
    return {model: RunConfig(**known[model] | {"name": f"IMDb, {MODELS[model]}", "seed": 1}) for model in MODELS}


def measure(runs: Mapping[str, Run], root: Path) -> Measured:
    """Evaluate every run on the test set, which no choice has used, and compare them review by review."""
    right = {model: test_results(run) for model, run in runs.items()}
    figures: dict[str, float] = {}
    for model, run in runs.items():
        low, high = wilson(int(right[model].sum()), len(right[model]))
        row = {"parameters": parameters(run.config), "seconds": run.status.seconds, "low": low, "high": high,
               "validation": run.status.evaluation or 0.0, "test": float(right[model].mean())}
        figures |= {f"{model}, {key}": value for key, value in row.items()}
    better, same, worse = (right[model] for model in FOLKLORE)
    figures |= {"best test": max(float(part.mean()) for part in right.values()),
                "MLP tuned": figures["dense, validation"],
                "p, lstm and elman": mcnemar(better, same), "p, elman and dense": mcnemar(same, worse),
                "p, lstm and dense": mcnemar(better, worse)}
    return Measured(figures, {model: losses(run) for model, run in runs.items()}, {})


def test_results(run: Run) -> np.ndarray:
    """Whether a run's last weights classify each review of the test set right."""
    import torch

    from seqlab.lenses import opened
    from seqlab.tasks.sentiment import final_test

    with torch.inference_mode():
        right, _ = final_test(run.config.task_config, opened.network(str(run.path), run.newest),
                              torch.device("cpu"))
    return right


def parameters(config: RunConfig) -> float:
    """Count the numbers that a run learns."""
    return float(sum(np.prod(shape) for shape in network_shapes(config).values()))


def table(figures: Mapping[str, float]) -> str:
    """Write the whole table as a person reads it, the best on the test set first."""
    names = sorted(MODELS, key=lambda model: -figures.get(f"{model}, test", 0.0))
    lines = ["model          parameters   seconds  validation      test   95 % interval"]
    for model in names:
        one = {key: figures[f"{model}, {key}"] for key, _, _ in COLUMNS}
        lines.append(f"{MODELS[model]:<12} {one['parameters']:>12,.0f} {one['seconds']:>9.0f} "
                     f"{one['validation']:>11.2%} {one['test']:>9.2%}   {one['low']:.2%} to {one['high']:.2%}")
    return "\n".join(lines)


def answer(figures: Mapping[str, float]) -> str:
    """Write the answer: whether the folklore holds, with the p values."""
    comparisons = []
    for one, other in pairwise(FOLKLORE):
        first, second, p = figures[f"{one}, test"], figures[f"{other}, test"], figures[f"p, {one} and {other}"]
        sign = "=" if p >= SURE else ">" if first > second else "<"
        comparisons.append((sign, f"{MODELS[one]} {first:.2%} {sign} {MODELS[other]} {second:.2%} "
                                  f"(McNemar, p = {number(p, 2)})"))
    holds = all(sign == ">" for sign, _ in comparisons)
    best = max(MODELS, key=lambda model: figures[f"{model}, test"])
    return (f"That LSTM > Elman > MLP {'holds' if holds else 'does not hold'} on the 25,000 test reviews: "
            f"{'; '.join(text for _, text in comparisons)}. The best is the {MODELS[best]} with "
            f"{figures[f'{best}, test']:.2%} ({figures[f'{best}, low']:.2%} to {figures[f'{best}, high']:.2%}).")


IMDB = Exercise(
    "imdb", "The sentiment assignment",
    "Does a network that reads on understand a review better than one that knows single words?",
    "Max pooling over time, and what order adds to words; a test set that is touched once.",
    configs,
    (Figure("best test", "test accuracy of the best", ".2%", aim=0.88, more=True),
     Figure("MLP tuned", "MLP tuned, on validation", ".2%", aim=0.87, more=True),
     *(Figure(f"{model}, {key}", f"{label}, {column}", form, row=label, column=column)
       for key, column, form in COLUMNS for model, label in MODELS.items())),
    measure, answer, (),
    (View("sentiment", "What each word does", "lstm"), View("sentiment", "Words by themselves", "dense")),
    source="reviews", short="Reviews")


def study(report: Report, runs: Path) -> Mapping[str, float]:
    """Train, measure and store; reports the table."""
    from seqlab.studies import results

    figures = done((PUBLISHED, IMDB), report, runs)
    stored = results.find(IMDB.name, runs, runs)
    for line in table(stored.result.figures).splitlines() if stored else ():
        report(f"  {line}")
    return figures


EXERCISE = PUBLISHED, IMDB
STUDY = Study("imdb", "Sentiment: IMDb's reviews by six architectures", "course assignment: the MLP has more than 60 % "
              "on validation after one epoch", rows((PUBLISHED, IMDB)), study, keeps=True)
