"""The sentence assignment at a tiny size: its table, its figures, and what it writes."""

from collections.abc import Iterator
from math import log
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn import functional as F  # noqa: N812

from seqlab.data import corpora
from seqlab.errors import Fault
from seqlab.lenses import opened
from seqlab.studies import results, sentences
from seqlab.studies.chapter.exercise import done, trained
from seqlab.tasks.sentences import SentencesConfig, parts
from seqlab.training import control
from seqlab.training.config import RunConfig
from seqlab.training.run import Run, create
from seqlab.training.session import train

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
    (folder / "data" / corpora.LAID_TABLE).write_text(f"text,humor\n{quoted}\n")


def test_without_a_table_it_says_how_to_give_one() -> None:
    with pytest.raises(Fault, match="Add a CSV with a column of sentences in the Text lab"):
        sentences.configs()


def test_a_table_that_was_added_is_taken_where_none_is_laid_ready(folders: Path) -> None:
    added = corpora.add_table(("sentence\n" + "\n".join(ROWS).replace(",", ";")).encode(), "Mine")
    assert sentences.table() == added.name
    lay(folders)
    assert sentences.table() != added.name
    assert corpora.corpus(sentences.table()).text.split("\n") == ROWS


@pytest.fixture
def small(folders: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    lay(folders)
    monkeypatch.setattr(sentences, "TUNED", sentences.TUNED | {
        "steps": 40, "batch": 16, "evaluate_every": 20, "network": {"model": "gru", "hidden": 32, "embedding": 8},
        "optimiser": {"lr": 0.003}})
    monkeypatch.setattr(sentences, "AS_PUBLISHED", sentences.AS_PUBLISHED | {
        "steps": 6, "batch": 8, "evaluate_every": 3, "network": {"model": "rnn_tanh", "hidden": 24, "embedding": 8}})
    sentences._config.cache_clear()
    yield
    sentences._config.cache_clear()


def test_both_networks_are_trained_scored_and_ours_writes(small: None, folders: Path) -> None:
    reports: list[str] = []
    figures = sentences.study(reports.append, folders / "runs")
    stored = results.find("sentences", folders / "runs", folders)
    assert stored is not None
    figures_stored = stored.result.figures
    titles = {row.key for row in sentences.STUDY.figures} | {row.tuned for row in sentences.STUDY.figures if row.tuned}
    absent = {f"ours, epoch {epoch}" for epoch in (3, 4, 5)}  # 6 steps are two epochs of 21 sentences
    assert set(figures) == titles - absent
    assert figures_stored["ours, epochs"] == 2
    assert 0 < figures_stored["tuned"] < figures_stored["ours"] < log(40)
    assert figures_stored["tuned"] < figures_stored["baseline"] < log(40)
    assert figures_stored["trained"] + figures_stored["tested"] == len(ROWS)
    assert figures_stored["characters"] <= sum(len(row) + 1 for row in ROWS)
    assert f"takes {figures_stored['tuned, END']:.3f} off" in sentences.SENTENCES.answered(figures_stored)
    assert "after 2 of 5 epochs." in sentences.SENTENCES.answered(figures_stored)
    for opening, text in stored.result.texts.items():
        assert text.startswith(opening)
        assert len(opening) == sentences.GIVEN
        assert not set(text) & set("⊢⏎∅\n")
    assert any(line.startswith("  what is th|") for line in reports)


def test_ours_is_measured_without_the_published_network_too(small: None, folders: Path) -> None:
    figures = done((sentences.SENTENCES,), lambda text: None, folders / "runs")
    assert "what counting END takes off" not in figures
    assert figures["what counting END takes off, tuned"] != 0  # END is certain only once that is learned


def test_a_published_network_that_was_stopped_is_measured_with_its_epochs(small: None, folders: Path) -> None:
    run = create(folders / "runs", sentences.published_configs()["ours"])
    train(run.path, lambda status: control.stop(run) if status.step == 3 and status.state == "running" else None)
    assert run.status.state == "stopped"
    runs = trained(sentences.configs(), folders / "runs", lambda text: None)
    measured = sentences.measure(runs, folders / "runs").figures
    assert measured["ours, epochs"] == 1
    assert {"ours", "ours, epoch 1"} < set(measured)
    assert "ours, epoch 2" not in measured


def test_the_measures_are_those_of_torch(small: None, folders: Path) -> None:
    run = trained(sentences.configs(), folders / "runs", lambda text: None)["tuned"]
    config, figures = run.config.task_config, sentences.test_losses(run)
    network = opened.network(str(run.path), run.snapshots()[-1], "float32")
    ids = torch.from_numpy(parts(config)[1].astype(np.int64))
    with torch.inference_mode():
        nats = F.cross_entropy(network(ids[:, :-1]).transpose(1, 2), ids[:, 1:], reduction="none")
    real, end = ids[:, 1:] != config.pad, ids[:, 1:] == config.alphabet.end
    assert len(ids) < sentences.TEST_BATCH  # one batch, so the mean of means is the mean
    assert figures[""] == pytest.approx(nats[real].mean().item(), rel=1e-5)
    assert figures[", per character"] == pytest.approx(nats[real & ~end].mean().item(), rel=1e-5)
    assert figures[", END"] == pytest.approx((nats[real & ~end].mean() - nats[real].mean()).item(), rel=1e-3)
    assert run.status.validation == pytest.approx(nats[real].mean().item(), rel=1e-5)


def test_where_no_line_end_stands_before_it_END_counts_as_one(small: None, folders: Path) -> None:
    settings = {**sentences.TUNED, "task": {"name": "sentences", "corpus": sentences.table()}}
    run = trained({"tidy": RunConfig(**settings)}, folders / "runs", lambda text: None)["tidy"]
    figures = sentences.test_losses(run)
    assert figures[", END"] == 0
    assert figures[", per character"] == pytest.approx(run.status.validation, rel=1e-5)


def test_the_training_loss_of_an_epoch_is_the_mean_of_its_updates(
        monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sentences, "steps_of_epoch", lambda run: 3)
    columns = {"step": np.array([2.0, 3.0, 5.0, 6.0, 7.0]), "loss": np.array([1.0, 4.0, 2.0, 5.0, 9.0])}
    monkeypatch.setattr(Run, "metrics", lambda run: columns)
    losses = sentences.epoch_losses(Run(tmp_path))
    assert losses == {1: (2 * 1 + 4) / 3, 2: (2 * 2 + 5) / 3}  # the third epoch is not whole


def test_the_baseline_is_that_of_frequencies_with_the_end_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    config = SentencesConfig(letters="ab")
    begin, end, pad = 2, 3, 4
    learned = np.array([[begin, 0, 0, end], [begin, 1, end, pad]])
    monkeypatch.setattr(sentences, "parts", lambda config: (learned, np.array([[begin, 0, end, pad]])))
    # Of 5 characters 2 are a and 2 END; one is added to each of 5 symbols.
    assert sentences.baseline(config) == pytest.approx(-log(3 / 10))


def test_where_a_line_end_stands_before_it_the_baseline_leaves_END_out(monkeypatch: pytest.MonkeyPatch) -> None:
    config = SentencesConfig(letters="\na", preparation="published")
    begin, end, pad = 2, 3, 4
    learned = np.array([[begin, 1, 1, 0, end], [begin, 1, 0, end, pad]])
    monkeypatch.setattr(sentences, "parts", lambda config: (learned, np.array([[begin, 1, 0, end, pad]])))
    # Of 5 characters 3 are a and 2 line ends; one is added to each of 5 symbols.
    assert sentences.baseline(config) == pytest.approx(-(log(4 / 10) + log(3 / 10)) / 2)
