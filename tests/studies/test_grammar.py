"""The grammar study at a tiny size: what it measures, and what it keeps."""

from dataclasses import replace
from pathlib import Path

import pytest

from seqlab.studies import grammar, results
from seqlab.tasks.grammar import RECIPES
from seqlab.training.run import Run


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    for recipe in grammar.NAMES:
        config = RECIPES[recipe].config
        monkeypatch.setitem(RECIPES, recipe, replace(RECIPES[recipe], config=config | {
            "task": config["task"] | {"strings": 300, "longest": 40}, "steps": 4, "evaluate_every": 2,
            "network": {"model": "lstm", "hidden": 6, "embedding": 4}}))
    monkeypatch.setattr(grammar, "TEMPERATURES", (1.0, 0.5))


def test_it_measures_each_language_and_keeps_what_it_found(tiny: None, tmp_path: Path) -> None:
    reports: list[str] = []
    figures = grammar.study(reports.append, tmp_path)
    assert len(reports) == len(grammar.NAMES)
    for name in grammar.NAMES.values():
        assert 0 <= figures[f"{name}: valid at T = 1"] <= figures[f"{name}: valid at its best temperature"] <= 1
        kl = figures[f"{name}: loss in nats a token"] - figures[f"{name}: entropy in nats a token"]
        assert figures[f"{name}: KL in nats a token"] == pytest.approx(kl, abs=0.1)
    assert {f"depth from {symbol}: R²" for symbol in "hc"} <= set(figures)
    stored = results.find("grammar", tmp_path, tmp_path)
    assert stored is not None
    assert set(stored.result.runs) == set(grammar.NAMES)
    assert len(stored.result.texts["NDFA"].splitlines()) == 10
    assert stored.result.lines["NDFA: valid"].x == (2.0, 4.0)
    assert Run(tmp_path / stored.result.runs["brackets"]).name == "LSTM, brackets"


def test_the_published_settings_are_what_is_run() -> None:
    config = RECIPES["ndfa"].config
    assert (config["task"]["strings"], config["steps"] // config["evaluate_every"]) == (150_000, 3)
    assert (config["network"]["model"], config["network"]["hidden"], config["network"]["embedding"]) == ("lstm", 16, 32)
