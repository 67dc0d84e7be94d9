"""The sentiment study on the stand-in: everything that it does on IMDb, in seconds."""

from pathlib import Path

import numpy as np
import pytest

from seqlab.data import reviews, tokens
from seqlab.errors import Fault
from seqlab.reference.core import cores
from seqlab.studies import studies
from seqlab.studies.chapter.exercise import trained
from seqlab.studies.sentiment import COLUMNS, IMDB, MODELS, answer, measure, parameters, table
from seqlab.studies.sentiment_published import NETWORKS, PUBLISHED
from seqlab.studies.sentiment_published import measure as measure_published
from seqlab.tasks.sentiment import plan
from seqlab.tasks.sentiment_recipes import RECIPES
from seqlab.training.config import RunConfig


def figures(lstm: float = 0.88, elman: float = 0.85, dense: float = 0.83, p: float = 1e-9) -> dict[str, float]:
    tests = dict.fromkeys(MODELS, 0.8) | {"lstm": lstm, "elman": elman, "dense": dense}
    measured = {f"{model}, {key}": 0.5 for model in MODELS for key, _, _ in COLUMNS}
    measured |= {f"{model}, test": share for model, share in tests.items()}
    return measured | {"p, lstm and elman": p, "p, elman and dense": p, "p, lstm and dense": p}


def test_it_is_found_and_its_models_are_there() -> None:
    figures = {figure.label: figure.published for figure in studies()["imdb"].figures if figure.published}
    assert figures == {"MLP after one epoch, on validation": 0.6, "words of the vocabulary, marks among them": 99_430}
    assert set(MODELS) <= set(cores())
    recipes = [recipe.config for name, recipe in RECIPES.items()
               if recipe.config["task"].get("corpus") == "imdb" and not name.startswith("published")]
    assert sorted(config["network"]["model"] for config in recipes) == sorted(MODELS)
    for config in recipes:
        made = RunConfig(**config)
        assert made.network.pooling == "max"
        assert made.steps % made.evaluate_every == 0, "the last weights are judged"
        assert made.evaluate_every == -(-20_000 // made.batch), "once an epoch"


def test_the_sentence_says_what_the_figures_say() -> None:
    assert "LSTM > Elman > MLP holds" in answer(figures())
    assert "LSTM 88.00% > Elman 85.00% (McNemar" in answer(figures())
    assert "does not hold" in answer(figures(elman=0.8))
    assert "Elman 80.00% < MLP 83.00%" in answer(figures(elman=0.8))
    assert "LSTM 88.00% = Elman 85.00%" in answer(figures(p=0.2)), "a difference that may be chance is none"
    with pytest.raises(KeyError):
        answer({})


def test_the_table_has_every_model_the_best_first() -> None:
    lines = table(figures()).splitlines()
    assert [line.split()[0] for line in lines[1:4]] == ["LSTM", "Elman", "MLP"]
    assert len(lines) == 1 + len(MODELS)


def test_without_reviews_a_person_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def gone(name: str, part: str) -> None:
        raise Fault("The collection of IMDb reviews could not be downloaded.")

    monkeypatch.setattr(reviews, "at_hand", lambda name: False)
    monkeypatch.setattr(reviews, "rows", gone)
    with pytest.raises(Fault, match="could not be downloaded"):
        IMDB.configs()


def test_it_trains_measures_and_tells(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SEQLAB_CACHE", str(tmp_path / "cache"))
    small = {"batch": 32, "steps": 125, "evaluate_every": 125, "device": "cpu"}
    configs = {model: RunConfig(task={"name": "sentiment", "words": 200}, **small,
                                network={"model": model, "hidden": 24, "embedding": 12, "heads": 2, "pooling": "max"},
                                optimiser={"lr": 0.01}) for model in MODELS}
    opened = []
    read = tokens.to_test
    monkeypatch.setattr("seqlab.data.review_preparation.to_test",
                        lambda name, reader: opened.append(name) or read(name, reader))
    runs = trained(configs, tmp_path / "runs", lambda text: None)
    assert not opened, "nothing looks at the test set while it trains"
    measured = measure(runs, tmp_path)
    assert opened == ["opinions"] * len(MODELS)
    assert {figure.key for figure in IMDB.figures} <= set(measured.figures)
    for model, run in runs.items():
        low, test, high = (measured.figures[f"{model}, {key}"] for key in ("low", "test", "high"))
        assert 0 <= low < test < high <= 1
        assert measured.figures[f"{model}, validation"] == run.status.evaluation
        assert measured.figures[f"{model}, parameters"] == sum(part.size for part in run.weights().values())
        assert parameters(run.config) == measured.figures[f"{model}, parameters"]
        assert abs(test - (run.status.evaluation or 0)) < 0.08, "the two parts are alike"
    assert measured.figures["best test"] == max(measured.figures[f"{model}, test"] for model in MODELS)
    assert np.isfinite(list(measured.figures.values())).all()
    assert "test reviews" in answer(measured.figures)


def test_an_accuracy_keeps_its_aim_from_above() -> None:
    best = next(figure for figure in IMDB.figures if figure.key == "best test")
    assert [best.meets_aim(value) for value in (0.8799, 0.88, 0.9)] == [False, True, True]


def test_the_published_exercise_measures_each_network_after_one_epoch(monkeypatch: pytest.MonkeyPatch,
                                                                      tmp_path: Path) -> None:
    monkeypatch.setenv("SEQLAB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(reviews, "at_hand", lambda name: True)
    made = {}
    for key, config in PUBLISHED.configs().items():
        task = config.task | {"corpus": "opinions", "words": 100, "longest": 64, "budget": 2000}
        small = config.model_copy(update={"task": task, "network": config.network.model_copy(
            update={"hidden": 8, "embedding": 6}), "device": "cpu", "batch": 32})
        steps = plan(small.task_config, 32).steps
        made[key] = small.model_copy(update={"steps": 2 * steps, "evaluate_every": steps})
    runs = trained(made, tmp_path / "runs", lambda text: None)
    figures = measure_published(runs, tmp_path).figures
    assert {key for figure in PUBLISHED.figures for key in (figure.key, figure.tuned) if key} == set(figures)
    for key in NETWORKS:
        evaluated = runs[f"published-{key}"].metrics()["evaluation"]
        assert figures[key] == evaluated[np.isfinite(evaluated)][0], "after the first epoch, not the second"
    assert figures["words"] == 104
    assert f"{NETWORKS['mlp']} {figures['mlp']:.2%}" in PUBLISHED.answered(figures)
    assert "another version" in PUBLISHED.answered({})
