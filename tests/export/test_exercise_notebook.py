"""Exercises as notebooks: each is a valid one that keeps its answer to itself, and one is run from a clean folder."""

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from seqlab import paths
from seqlab.export import exercise_notebook
from seqlab.studies import results
from seqlab.studies.chapter.exercise import Exercise, exercises
from seqlab.studies.predictions import Prediction
from seqlab.studies.results import Result
from seqlab.studies.time_machine import EXERCISES
from seqlab.training.config import RunConfig
from tests.support.data import SHARED, need

SAID = Prediction(words="It's 'the' same: \"exactly\" \\ one row", number=0.0)


def packed(exercise: Exercise) -> dict[str, bytes]:
    content = exercise_notebook.content(exercise, exercise.configs(), ours(exercise), SAID, paths.checkpoints())
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def ours(exercise: Exercise) -> Result:
    stored = results.find(exercise.name, paths.checkpoints(), paths.checkpoints())
    assert stored is not None
    return stored.result


@pytest.mark.parametrize("exercise", exercises(), ids=lambda exercise: exercise.name)
def test_every_exercise_has_a_valid_notebook_with_its_data_and_its_answer_closed(
        exercise: Exercise, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    need("timemachine.txt")
    monkeypatch.setenv("SEQLAB_CACHE", str(tmp_path))
    files = packed(exercise)
    notebook = nbformat.reads(files["notebook.ipynb"].decode(), as_version=4)  # type: ignore[no-untyped-call]
    nbformat.validate(notebook)
    source = "\n".join(cell.source for cell in notebook.cells)
    assert exercise.question in source
    assert SAID.words in eval(next(cell.source for cell in notebook.cells if "prediction =" in cell.source)
                              .partition(" = ")[2].partition("\n")[0])
    for config in exercise.configs().values():
        assert repr(config.name) in source
    assert exercise.teaches not in source
    assert exercise.answered(ours(exercise).figures) not in source
    assert set(json.loads(files["ours.json"])) == {figure.label for figure in exercise.figures}
    read = {config.task.get("corpus") for config in exercise.configs().values()} | {*exercise.corpora}
    for name in read & {"time-machine", "gutenberg-36"}:
        file = {"time-machine": "timemachine.txt", "gutenberg-36": "pg36.txt"}[name]
        assert files[f"data/{file}"] == (next(SHARED.glob(f"*{file}"))).read_bytes()


def test_a_notebook_runs_from_a_clean_folder_and_gives_the_answer_when_it_is_asked(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    need("timemachine.txt")
    chapter = EXERCISES[2].configs()["chapter"]
    small = RunConfig(**(chapter.model_dump() | {"steps": 3, "batch": 16, "evaluate_every": 3, "name": "Small"}))
    content = exercise_notebook.content(replace(EXERCISES[2], configs=lambda: {"chapter": small}), {"chapter": small},
                                        ours(EXERCISES[2]), SAID, paths.checkpoints())
    zipfile.ZipFile(io.BytesIO(content)).extractall(tmp_path)
    for folder in ("RUNS", "DATA", "CACHE"):
        monkeypatch.delenv(f"SEQLAB_{folder}", raising=False)
    monkeypatch.setenv("PYTHONPATH", str(paths.SOURCE))
    notebook = nbformat.read(tmp_path / "notebook.ipynb", as_version=4)  # type: ignore[no-untyped-call]
    notebook.cells[-1].source = notebook.cells[-1].source.replace("asked = False", "asked = True")
    NotebookClient(notebook, resources={"metadata": {"path": str(tmp_path)}}, timeout=120).execute()
    printed = "".join(output.get("text", "") for cell in notebook.cells for output in cell.get("outputs", ()))
    assert "Small: finished after" in printed
    assert "the largest |Δ| is 0" in printed
    assert f"you predicted: {SAID.words} 0.0" in printed
    assert [path.name for path in (tmp_path / "runs").glob("small-*")]
    assert {path.name for path in tmp_path.iterdir()} == {"notebook.ipynb", "ours.json", "data", "runs"}
