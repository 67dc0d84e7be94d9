"""The Search page's own parts: a text in rows, states on the disk, names of units, what torch confirms."""

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest

from seqlab.data import corpora
from seqlab.errors import Fault
from seqlab.lenses import search
from seqlab.reference.network import network
from seqlab.reference.quantity import batches, by_unit, stored
from seqlab.reference.selectivity import held_out, selectivity
from seqlab.tasks import sentiment
from seqlab.training import archive, searched, unit_names
from seqlab.training.config import RunConfig
from seqlab.training.library import Library
from seqlab.training.run import Run, create
from seqlab.training.session import train
from seqlab.ui.proof.snapshot import Snapshot
from seqlab.ui.studios.search.states import ShownRows
from tests.support.data import ROOT

FOX = 'The quick brown fox said "jump" over a lazy dog, and the dog (who sleeps) sleeps on.\n' * 12
NETWORKS = {"lstm": {"model": "lstm", "hidden": 6, "layers": 2, "embedding": 4},
            "transformer": {"model": "transformer", "hidden": 8, "heads": 2, "layers": 2, "embedding": 4},
            "elman": {"model": "rnn_tanh", "hidden": 6, "input": "one-hot"}}


def reader(folder: Path, network: str = "lstm", **task: object) -> Run:
    corpus = corpora.add(FOX.encode(), "Fox").name
    run = create(folder, RunConfig(name="reader", batch=4, steps=2, network=NETWORKS[network], device="cpu", task={
        "name": "text", "corpus": corpus, "preparation": "whole", "num_steps": 8, **task}))
    train(run.path)
    return run


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SEQLAB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("SEQLAB_RUNS", str(tmp_path / "runs"))
    monkeypatch.setattr(searched, "STRETCH", 90)
    return tmp_path / "runs"


@pytest.mark.parametrize("unit", ["character", "word"])
@pytest.mark.parametrize("network", NETWORKS)
def test_every_position_is_read_once_and_torch_has_the_same_states(folders: Path, network: str, unit: str) -> None:
    run = reader(folders, network, unit=unit)
    weights, corpus = run.weights(), run.config.task_config.corpus
    for name, units in [*by_unit(run.core, weights).items()][::4]:
        text = searched.text(run, corpus, units)
        assert sum(len(row) - first for row, first in zip(text.rows, text.firsts, strict=True)) == len(text)
        states = stored(run.core, text.rows, text.firsts, weights, name)
        assert states.shape == (units, len(text))
        rows = text.reads(len(text) // 2, len(text) // 2 + 9)
        torch = search.in_precisions(str(run.path), run.newest, rows, name)
        for dtype, tolerance in (("float32", 1e-4), ("float64", 1e-12)):
            parts: dict[int, np.ndarray] = {}
            for group, values in batches(run.core, rows, run.weights(dtype=dtype), name):
                parts |= {place: values[row, :len(rows[place])] for row, place in enumerate(group)}
            reference = np.concatenate([parts[place] for place in range(len(rows))])[None]
            np.testing.assert_allclose(torch[dtype], reference, atol=tolerance)
    assert "".join(text.symbols) == FOX or unit == "word"


def test_a_row_begins_far_enough_back_and_what_is_stored_is_what_the_whole_pass_has(folders: Path) -> None:
    run = reader(folders)
    text = searched.text(run, run.config.task_config.corpus, 6)
    assert len(text.rows) > 2
    ids = run.config.task_config.alphabet.encode(FOX)
    whole = network(run.core, ids[None], run.weights())["c.1"][0].T
    np.testing.assert_allclose(stored(run.core, text.rows, text.firsts, run.weights(), "c.1"), whole, atol=2e-3)


def test_the_depth_unit_of_the_shipped_brackets_network_is_at_rank_1(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searched, "MOST_SYMBOLS", 3000)
    run = Run(ROOT / "checkpoints/grammar-brackets")
    text = searched.text(run, "held-out", 16)
    states = stored(run.core, text.rows, text.firsts, run.weights(), "c.0")
    depth = text.labels(searched.TRUTH, "bracket depth", run.config.task_config.language)
    np.testing.assert_array_equal(depth, text.labels("depth"))
    result = selectivity(states, depth, held_out(text.keys))
    assert result.held_out[result.order[0]] > 0.995
    assert result.held_out[result.order[1]] < 0.8


def test_a_text_that_is_too_long_is_cut_and_its_length_is_said(folders: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = reader(folders)
    monkeypatch.setattr(searched, "MOST_NUMBERS", 600)
    text = searched.text(run, run.config.task_config.corpus, 6)
    assert (len(text), text.total) == (100, len(FOX))
    with pytest.raises(Fault, match="not on this machine"):
        searched.text(run, "gutenberg-99999", 6)


def test_rules_of_any_kind_have_a_value_for_every_symbol(folders: Path) -> None:
    run = reader(folders, unit="word")
    text = searched.text(run, run.config.task_config.corpus, 6)
    quotes = text.labels("quotes")
    assert {symbol for symbol, value in zip(text.symbols, quotes, strict=True) if value} == {'"', "jump"}
    matched = text.labels(searched.EXPRESSION, "d[aeiou]g")
    assert {symbol for symbol, value in zip(text.symbols, matched, strict=True) if value} == {"dog"}
    for kind, detail in (("nothing", ""), (searched.TRUTH, "depth"), (searched.EXPRESSION, "(")):
        with pytest.raises(Fault):
            text.labels(kind, detail)


def test_a_name_stays_with_the_run_and_leaves_with_its_zip(folders: Path, tmp_path: Path) -> None:
    run = reader(folders)
    unit_names.name(run, "c.1", 3, "  the\tdog ")
    unit_names.name(run, "c.1", 4, "gone")
    unit_names.name(run, "c.1", 4, "")
    assert unit_names.read(run) == {"c.1": {3: "the dog"}}
    with pytest.raises(Fault, match="at most 60"):
        unit_names.name(run, "c.1", 3, "x" * 61)
    zipped = archive.write(run)
    again = Library(tmp_path / "other", tmp_path / "none").import_zip(zipped)
    zipped.unlink()
    assert unit_names.read(again) == {"c.1": {3: "the dog"}}
    shipped = Run(ROOT / "checkpoints/grammar-brackets")
    unit_names.name(shipped, "c.0", 15, "depth")
    assert unit_names.read(shipped) == {"c.0": {15: "depth"}}
    assert not (shipped.path / unit_names.FILE).exists()
    assert archive_names(shipped) >= {"units.json", "config.json"}


def archive_names(run: Run) -> set[str]:
    file = archive.write(run)
    with zipfile.ZipFile(io.BytesIO(file.read_bytes())) as content:
        names = {name.rpartition("/")[2] for name in content.namelist()}
    file.unlink()
    return names


@pytest.mark.parametrize("content", [
    b"[", b"[]", b'{"c.0": []}', b'{"nothing.0": {}}', b'{"c.0": {"x": "a"}}', b'{"c.0": {"1": 2}}',
    b'{"c.0": {"1": ""}}', b'{"c": {"1": "a"}}', b'{"c.0": {"1": "\\u0000"}}', b"\xff"])
def test_names_from_outside_are_checked(content: bytes, folders: Path) -> None:
    with pytest.raises(ValueError, match=r"."):
        unit_names.parse(content)
    (folders / "run").mkdir(parents=True)
    (folders / "run" / unit_names.FILE).write_bytes(content)
    assert unit_names.read(Run(folders / "run")) == {}


@pytest.mark.parametrize("model", ["lstm", "dense"])
def test_a_network_that_classifies_is_searched_by_word_and_its_reviews_have_places_and_labels(
        folders: Path, model: str) -> None:
    run = create(folders, RunConfig(name="critic", batch=8, steps=2, device="cpu", task={
        "name": "sentiment", "words": 60}, network={"model": model, "hidden": 5, "embedding": 4, "pooling": "max"}))
    train(run.path)
    assert run.reads_texts
    assert "held-out" in searched.names(run)
    text = searched.text(run, "held-out", 5)
    labels = sentiment.passage_labels(run.config.task_config)
    assert text.labels_given == labels
    assert set(labels[:9]) == {"positive", "negative"}
    # In a random order: a collection begins with the reviews of one label.
    validation = run.config.task_config.way.parts("opinions")[1]
    assert labels != tuple(run.classes[label] for label in validation.labels)
    assert text.sequences[:9] == list(sentiment.passages(run.config.task_config))[:9]
    assert {"label", "position"} == set(text.offers)
    place = text.labels(searched.POSITION)
    assert place[:3].tolist() == [1, 2, 3]
    assert place.max() == text.lengths.max()
    praised = text.labels(searched.LABEL, "positive")
    assert all(praised[start] == (label == "positive") for start, label in zip(text.starts, labels, strict=True))
    assert np.array_equal(text.rows[0], run.alphabet.encode(text.sequences[0]))
    name = next(iter(by_unit(run.core, run.weights())))
    rows = text.reads(0, 40)
    reference = ShownRows(Snapshot.of(run), name, tuple(tuple(row.tolist()) for row in rows)).reference("float64")
    torch = search.in_precisions(str(run.path), run.newest, rows, name)["float64"]
    np.testing.assert_allclose(torch, reference, atol=1e-12)
    typed = searched.typed(run, "It was <b>NOT</b> bad!\n\nawful", 50)
    assert typed.sequences == ["it was not bad", "awful"]
