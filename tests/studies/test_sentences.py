"""The sentence assignment at a tiny size: its table, its figures, and what it writes."""

from math import log
from pathlib import Path

import numpy as np
import pytest

from seqlab.data import corpora
from seqlab.errors import Fault
from seqlab.studies import results, sentences
from seqlab.tasks.sentences import SentencesConfig

ROWS = [f"the {animal} sat on the {place} and was {mood}, again" for animal in ("cat", "dog", "owl", "hen")
        for place in ("mat", "roof", "old chair") for mood in ("glad", "sad, very")]


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SEQLAB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("SEQLAB_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("SEQLAB_CHECKPOINTS", str(tmp_path / "none"))
    (tmp_path / "data").mkdir()
    return tmp_path


def lay(folder: Path) -> None:
    quoted = "\n".join(f'"{row}",{place % 2}' for place, row in enumerate(ROWS))
    (folder / "data" / sentences.TABLE).write_text(f"text,humor\n{quoted}\n")


def test_without_a_table_it_says_how_to_give_one() -> None:
    with pytest.raises(Fault, match="Add a CSV with a column of sentences in the Text lab"):
        sentences.configs()


def test_a_table_that_was_added_is_taken_where_none_is_laid_ready(folders: Path) -> None:
    added = corpora.add_table(("sentence\n" + "\n".join(ROWS).replace(",", ";")).encode(), "Mine")
    assert sentences.table() == added.name
    lay(folders)
    assert sentences.table() != added.name
    assert corpora.corpus(sentences.table()).text.split("\n") == ROWS


def test_it_is_trained_judged_and_writes(folders: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(folders)
    monkeypatch.setattr(sentences, "LONG", sentences.LONG | {
        "steps": 40, "batch": 16, "evaluate_every": 20, "network": {"model": "gru", "hidden": 32, "embedding": 8},
        "optimiser": {"lr": 0.003}})
    sentences._config.cache_clear()
    reports: list[str] = []
    figures = sentences.study(reports.append, folders / "runs")
    stored = results.find("sentences", folders / "runs", folders)
    assert stored is not None
    figures_stored = stored.result.figures
    assert set(figures) == {figure.label for figure in sentences.SENTENCES.figures}
    assert 0 < figures_stored["loss"] < figures_stored["baseline"] < log(40)
    assert figures_stored["learned"] + figures_stored["judging"] == len(ROWS)
    assert figures_stored["characters"] <= sum(len(row) + 1 for row in ROWS)
    assert "END of each sentence counted" in sentences.SENTENCES.answered(figures_stored)
    for opening, text in stored.result.texts.items():
        assert text.startswith(opening)
        assert len(opening) == sentences.GIVEN
        assert not set(text) & set("⊢⏎∅")
    assert any(line.startswith("  what is th|") for line in reports)
    sentences._config.cache_clear()


def test_the_baseline_is_that_of_frequencies_with_the_end_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    config = SentencesConfig(letters="ab")
    begin, end, pad = 2, 3, 4
    learned = np.array([[begin, 0, 0, end], [begin, 1, end, pad]])
    monkeypatch.setattr(sentences, "parts", lambda config: (learned, np.array([[begin, 0, end, pad]])))
    # Of 5 characters 2 are a and 2 END; one is added to each of 5 symbols.
    assert sentences.baseline(config) == pytest.approx(-log(3 / 10))
