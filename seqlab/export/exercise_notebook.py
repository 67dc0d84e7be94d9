"""An exercise as a notebook: its question, what a person predicts, its runs with data and seeds, then what came out."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from pprint import pformat

import seqlab
from seqlab.data import corpora
from seqlab.export.making import cells
from seqlab.export.making.as_file import zipped
from seqlab.studies.chapter.exercise import Exercise
from seqlab.studies.predictions import Prediction
from seqlab.studies.results import COLUMNS, Result, compared
from seqlab.training.config import RunConfig

LARGEST = 40_000_000  # bytes of a file that comes along; a larger one is fetched where the notebook runs
_PLACES = """import json
import os
from pathlib import Path

here = Path.cwd()
os.environ |= {"SEQLAB_RUNS": str(here / "runs"), "SEQLAB_DATA": str(here / "data"), "SEQLAB_CACHE": str(here / "data")}
for folder in ("runs", "data"):
    (here / folder).mkdir(exist_ok=True)"""
_TRAIN = """from seqlab.studies.chapter import exercise as chapter
from seqlab.training.config import RunConfig

configs = {role: RunConfig(**config) for role, config in settings.items()}
runs = chapter.trained(configs, here / "runs", print)"""
_MEASURE = """(exercise,) = [one for one in chapter.exercises() if one.name == %r]
result = chapter.measured(exercise, runs, here / "runs")
for name, value in result.figures.items():
    print(f"{name:40} {value:.6g}")"""
_OURS = """asked = False  # set it to True when you have your own answer
if asked:
    print(exercise.answered(result.figures), end="\\n\\n")
    print("you predicted:", prediction, number)
    for label, values in json.loads(Path("ours.json").read_text(encoding="utf-8")).items():
        print(label, values)"""


def content(exercise: Exercise, configs: Mapping[str, RunConfig], ours: Result | None, prediction: Prediction,
            shipped: Path) -> bytes:
    """Pack the notebook with the texts that it reads and our figures; raises Fault where these cannot be read."""
    figures = {figure.label: dict(zip(COLUMNS, values, strict=True))
               for figure, values in compared(exercise.figures, ours.figures if ours else {}, shipped)}
    written = json.dumps(notebook(exercise, configs, prediction), ensure_ascii=False).encode()
    return zipped({"notebook.ipynb": written, "ours.json": json.dumps(figures, ensure_ascii=False, indent=1).encode(),
                   **{f"data/{name}": file.read_bytes() for name, file in _files(exercise, configs)}})


def notebook(exercise: Exercise, configs: Mapping[str, RunConfig], prediction: Prediction) -> dict[str, object]:
    """Write the notebook, in nbformat 4; our figures and the published ones are shown where they are asked for."""
    settings = {role: config.model_dump(mode="json") for role, config in configs.items()}
    told = f"prediction = {prediction.words!r}\nnumber = {prediction.number!r}  # {exercise.figures[0].label}"
    return cells.whole([
        cells.text(f"# {exercise.title}\n\n**{exercise.question}**\n\n{exercise.asked_in}. This notebook needs seqlab "
                   f"{seqlab.__version__} in its Python, and writes into this folder alone."),
        cells.text("## What do you expect?"), cells.code(told),
        cells.text("## The runs\n\nEvery setting, seeds too. What was trained already is not trained again."),
        cells.code(_PLACES), cells.code(f"settings = {pformat(settings, width=110, sort_dicts=False)}"),
        cells.code(_TRAIN), cells.text("## What comes out here"), cells.code(_MEASURE % exercise.name),
        cells.text("## Ours and the published figures\n\nClosed until you ask."), cells.code(_OURS)])


def _files(exercise: Exercise, configs: Mapping[str, RunConfig]) -> Iterable[tuple[str, Path]]:
    """The files that the exercise reads, as far as they are at hand and not too large, by the names they need."""
    trained = [str(config.task["corpus"]) for config in configs.values() if "corpus" in config.task]
    found = [pair for name in dict.fromkeys((*exercise.corpora, *trained)) for pair in corpora.files(name).items()]
    return [(name, file) for name, file in found if file.stat().st_size <= LARGEST]
