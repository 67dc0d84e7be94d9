"""The ten exercises at tiny sizes, through the code that the studies and the page use."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from seqlab.errors import Fault
from seqlab.studies import results, studies
from seqlab.studies.chapter import books, looking_back, measures, sampling, steep
from seqlab.studies.chapter import exercise as module
from seqlab.studies.chapter.exercise import Exercise, by_config, done, runs_there, trained
from seqlab.studies.chapter.fitting import as_embedding, fits
from seqlab.studies.chapter.runs import RUNS
from seqlab.studies.published import PUBLISHED
from seqlab.studies.time_machine import EXERCISES, STUDY, SUBJECTS
from seqlab.training.config import RunConfig
from seqlab.training.library import Library
from seqlab.training.run import Run, create
from seqlab.training.sweep import define
from tests.support.data import SHARED, missing, need

ELSEWHERE = {f"chapter/{books.PUBLISHED_OTHER}"}  # a book that is not here
TINY = {"steps": 6, "batch": 64, "evaluate_every": 3}


@pytest.fixture(autouse=True)
def data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    need("timemachine.txt")
    monkeypatch.setenv("SEQLAB_DATA", str(SHARED))
    monkeypatch.setenv("SEQLAB_CACHE", str(tmp_path / "cache"))


def tiny(exercise: Exercise) -> Exercise:
    """The same exercise with runs of a few steps."""
    def configs() -> Mapping[str, RunConfig]:
        return {key: config.model_copy(update=TINY) for key, config in exercise.configs().items()}
    return replace(exercise, configs=configs)


def read_by(exercise: Exercise) -> None:
    for book, file in (("gutenberg-36", "war_of_the_worlds_pg36.txt"), ("gutenberg-1342",
                                                                        "pride_and_prejudice_pg1342.txt")):
        if book in exercise.corpora and missing(file):
            pytest.skip(f"{file} is not in SEQLAB_DATA")


def test_there_are_ten_with_what_was_published() -> None:
    assert [exercise.number for exercise in EXERCISES] == [f"{number}" for number in range(1, 11)]
    sources = {figure.source for exercise in EXERCISES for figure in exercise.figures}
    assert {"chapter/embedding", "chapter/gutenberg-36"} <= sources & set(PUBLISHED)
    names = {"time-machine", *(f"time-machine-{subject}" for subject in
                               ("context", "embedding", "tuning", "books", "sampling", "clipping", "relu"))}
    assert {study.name for study in STUDY} == names == set(SUBJECTS)
    assert names <= set(studies())
    listed = {exercise.name for name, (_, part) in SUBJECTS.items() if name != "time-machine" for exercise in part}
    assert listed == {exercise.name for exercise in EXERCISES}


def test_the_published_settings_are_the_runs() -> None:
    embedding, chapter = (RunConfig(**RUNS[key]) for key in ("embedding", "chapter"))
    for config in (embedding, chapter):
        assert (config.batch, config.steps, config.network.model, config.network.hidden) == (1024, 1000, "rnn_tanh", 32)
        assert (config.optimiser.name, config.optimiser.lr, config.optimiser.clip) == ("sgd", 1.0, 1.0)
        assert (config.task["num_steps"], config.task["split"], config.task["sampling"]) == (32, "d2l", "epochs")
        assert (config.network.bias, config.network.initialisation) == ("one", "normal")
    assert (chapter.network.input, embedding.network.input) == ("one-hot", "embedding")
    assert embedding.network.embedding == embedding.task_spec.dimensions(embedding.task_config).symbols == 28


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
def test_each_is_trained_measured_answered_and_kept(exercise: Exercise, tmp_path: Path,
                                                    monkeypatch: pytest.MonkeyPatch) -> None:
    read_by(exercise)
    monkeypatch.setenv("SEQLAB_CHECKPOINTS", str(tmp_path / "none"))
    monkeypatch.setattr(looking_back, "PLACES", 40)
    monkeypatch.setattr(looking_back, "FEW", 20)
    monkeypatch.setattr(books, "book_ids", lambda run, book: measures.book_ids(run, book)[:5000])
    monkeypatch.setattr(sampling, "LENGTH", 60)
    reports: list[str] = []
    figures = done((tiny(exercise),), reports.append, tmp_path)
    stored = results.find(exercise.name, tmp_path, tmp_path)
    assert stored is not None
    assert set(stored.result.runs) == set(exercise.configs())
    answer = exercise.answered(stored.result.figures)
    assert "another version" not in answer
    assert answer.endswith(".")
    assert answer in reports[-1]
    assert figures
    assert all(key.startswith(f"{exercise.number}. ") for key in figures)
    known = {figure.key for figure in exercise.figures}
    measured = {figure.key for figure in exercise.figures if figure.source and figure.source not in ELSEWHERE}
    assert measured <= set(stored.result.figures)
    assert {figure.tuned for figure in exercise.figures if figure.tuned and figure.key in measured} <= set(
        stored.result.figures)
    assert known & set(stored.result.figures)
    assert exercise.answered({}) == "This was measured by another version of seqlab; run it again."


def test_what_is_there_is_not_trained_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEQLAB_CHECKPOINTS", str(tmp_path / "none"))
    exercise = tiny(EXERCISES[4])
    first = trained(exercise.configs(), tmp_path, print)
    Library(tmp_path).rename(first["chapter"], "called something else")
    again = trained(exercise.configs(), tmp_path, print)
    assert {key: run.id for key, run in first.items()} == {key: run.id for key, run in again.items()}


def test_a_run_is_known_by_its_settings_and_the_best_one_is_taken(tmp_path: Path) -> None:
    config = RunConfig(**(RUNS["chapter"] | TINY))
    waiting, failed = (create(tmp_path, config.model_copy(update={"name": name})) for name in ("one", "other"))
    _status(failed, "failed")
    there = runs_there({"mine": config}, by_config([failed, waiting]))
    assert there["mine"].id == waiting.id
    _status(failed, "diverged")
    assert runs_there({"mine": config}, by_config([waiting, failed]))["mine"].id == failed.id
    other = config.model_copy(update={"seed": 1})
    assert runs_there({"mine": other}, by_config([waiting, failed])) == {}


def _status(run: Run, state: Any) -> None:
    from seqlab.training import status
    status.write(run.path, run.status, state=state)


def test_a_run_that_fails_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEQLAB_CHECKPOINTS", str(tmp_path / "none"))
    monkeypatch.setattr("seqlab.training.session.learner", lambda config, device: 1 / 0)
    with pytest.raises(Fault, match="did not come to its end"):
        trained(tiny(EXERCISES[2]).configs(), tmp_path, print)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A network of the chapter that has learned a little."""
    need("timemachine.txt")
    folder = tmp_path_factory.mktemp("reader")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEQLAB_DATA", str(SHARED))
        config = RunConfig(**(RUNS["embedding"] | {"steps": 40, "batch": 256, "evaluate_every": 20}))
        return trained({"it": config}, folder, print)["it"]


def test_numpy_judges_as_torch_did(reader: Run) -> None:
    assert reader.status.validation is not None
    assert abs(measures.validation_loss(reader) - reader.status.validation) < 1e-5


def test_a_book_is_measured_as_the_source_does_batch_by_batch(reader: Run) -> None:
    need("war_of_the_worlds_pg36.txt")
    first, mean = measures.as_published(reader, "gutenberg-36")
    windows = measures.published_windows(reader, measures.published_text(reader, "gutenberg-36"))
    assert windows.shape == (5000, 33)
    losses = [measures.surprises(reader, reader.weights(), part).mean() for part in np.split(windows, [1024, 2048,
                                                                                                     3072, 4096])]
    assert first == pytest.approx(np.exp(losses[0]), rel=1e-6)
    assert mean == pytest.approx(np.exp(np.mean(losses)), rel=1e-6)
    assert mean != pytest.approx(np.exp(measures.surprises(reader, reader.weights(), windows).mean()), rel=1e-6)
    loss = measures.validation_loss(reader)
    assert measures.as_published(reader)[1] == pytest.approx(np.exp(loss), rel=0.01)


def test_the_published_other_book_is_measured_where_it_is(reader: Run, monkeypatch: pytest.MonkeyPatch,
                                                         tmp_path: Path) -> None:
    need("pride_and_prejudice_pg1342.txt")
    runs = {"embedding": reader, "tuned": reader}
    assert "embedding, also" not in books.AUSTEN.measure(runs, tmp_path).figures
    cache = tmp_path / "cache"
    cache.mkdir()
    (cache / "pg71557.txt").write_bytes((SHARED / "pride_and_prejudice_pg1342.txt").read_bytes())
    figures = books.AUSTEN.measure(runs, tmp_path).figures
    assert figures["embedding, also"] == figures["embedding"] != figures["embedding, whole"]


def test_more_context_helps_and_nothing_beyond_it_matters(reader: Run) -> None:
    losses = measures.loss_by_context(reader, (1, 2, 8), 300)
    assert losses[2] < losses[0]
    moved = measures.influence(reader, (1, 8, 64), 50)
    assert moved[0] > 10 * moved[1] > 0
    assert (moved <= 1).all()


def test_a_text_is_judged_once_for_each_character(reader: Run) -> None:
    ids = measures.book_ids(reader, "time-machine")[:32 * 20 + 1]
    weights, window = reader.weights(), ids[None, 64:97]
    parts = measures.surprises(reader, weights, np.stack([ids[first:first + 33] for first in range(0, 640, 32)]))
    assert parts.size == 640
    assert measures.reading_loss(reader, ids) == pytest.approx(float(parts.mean()), rel=1e-6)
    assert measures.surprises(reader, weights, window)[0] == pytest.approx(parts[2], rel=1e-6)


def test_the_twin_with_an_embedding_is_a_network_of_its_own(reader: Run) -> None:
    table = np.arange(12.0).reshape(4, 3)
    twin = as_embedding({"core.weight_ih_l0": table, "core.weight_hh_l0": np.eye(4)})
    assert (twin["encoder.symbol.weight"] == table.T).all()
    assert (twin["core.weight_ih_l0"] == np.eye(4)).all()


@pytest.mark.parametrize(("text", "repeated"), [("abcdefgh", 0.0), ("abababab", 1.0), ("", 0.0)])
def test_repetition(text: str, repeated: float) -> None:
    assert measures.repetition(text, 2) == pytest.approx(repeated)


def test_words() -> None:
    assert measures.distinct_words("a b a c") == 3
    assert measures.share_of_words("a b a c", {"a"}) == 0.5
    assert measures.share_of_words("", {"a"}) == 0.0


def test_the_step_of_a_divergence_is_read_from_what_the_run_says(tmp_path: Path) -> None:
    from seqlab.training import status
    run = create(tmp_path, RunConfig(**RUNS["relu-loud-free"]))
    assert np.isnan(steep.diverged_at(run))
    status.write(run.path, run.status, state="diverged", message="Diverged at step 7: the loss is no number.")
    assert steep.diverged_at(run) == 7


def test_only_sweeps_over_the_same_architecture_and_split_are_compared() -> None:
    base = RunConfig(**RUNS["chapter"])
    assert fits(define("grid", base, {"network.hidden": [8, 16]}))
    assert not fits(define("cells", base, {"network.model": ["gru", "lstm"]}))
    gru = RunConfig(**(RUNS["chapter"] | {"network": {"model": "gru"}}))
    assert not fits(define("grid", gru, {"network.hidden": [8, 16]}))


def test_the_module_imports_no_torch_by_itself() -> None:
    assert "import torch" not in Path(module.__file__).read_text()
