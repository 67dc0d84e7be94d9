"""Tables and notebooks: read by programs that are not ours, and every column and letter is explained."""

import csv
import io
import zipfile
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient

from seqlab import paths
from seqlab.export.exports import Leaving, exports
from seqlab.export.tables import CURVES
from seqlab.training.metrics import COLUMNS
from seqlab.training.run import Run
from tests.support.runs import random_run

SHIPPED = Run(paths.checkpoints() / "hello-gru")


def opened(content: bytes) -> dict[str, list[list[str]]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: list(csv.reader(io.StringIO(archive.read(name).decode()))) for name in archive.namelist()}


def test_tables_hold_the_numbers_and_a_key_of_every_column() -> None:
    assert set(CURVES) == set(COLUMNS)
    leaving = Leaving.of(SHIPPED)
    tables = opened(exports()["csv"].made(leaving))
    heading, *rows = tables["curves.csv"]
    assert np.array_equal([float(row[heading.index("loss")]) for row in rows], SHIPPED.metrics()["loss"])
    trace, (columns, *numbers) = leaving.traced(), tables["pass.csv"]
    assert len(numbers) == sum(array.size for array in trace.values())
    place = {name: number for number, name in enumerate(columns)}
    states = [row for row in numbers if row[place["quantity"]] == "h" and row[place["layer"]] == "1"]
    got = np.zeros_like(trace["h.1"][0])
    for row in states:
        got[int(row[place["time"]]), int(row[place["unit"]])] = float(row[place["value"]])
    assert np.array_equal(got, trace["h.1"][0])
    explained = {(file, column) for file, column, _, _ in tables["key.csv"][1:]}
    assert explained >= {("curves.csv", name) for name in heading} | {("pass.csv", name) for name in columns}
    assert explained >= {("pass.csv", f"quantity = {row[place['quantity']]}") for row in numbers}


def test_every_head_of_a_transformer_is_in_its_table(tmp_path: Path) -> None:
    run = random_run(tmp_path, network={"model": "transformer", "hidden": 4, "heads": 2, "embedding": 4})
    table = opened(exports()["csv"].made(Leaving.of(run, "tea")))["pass.csv"]
    heads = [row for row in table if row[0] == "attention"]
    assert len(heads) == 2 * 3 * 3
    assert {row[2] for row in heads} == {"0", "1"}


def test_the_notebook_runs_without_seqlab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MPLBACKEND", raising=False)  # Streamlit sets it, and the notebook's kernel would draw nothing
    content = exports()["notebook"].made(Leaving.of(SHIPPED, "hello"))
    zipfile.ZipFile(io.BytesIO(content)).extractall(tmp_path)
    notebook = nbformat.read(tmp_path / "notebook.ipynb", as_version=4)  # type: ignore[no-untyped-call]
    nbformat.validate(notebook)
    first = next(cell for cell in notebook.cells if cell.cell_type == "code")
    first.source = f"import sys; sys.modules['seqlab'] = None\n{first.source}"
    NotebookClient(notebook, resources={"metadata": {"path": str(tmp_path)}}, timeout=60).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    pictures = [output for output in outputs if "image/png" in output.get("data", {})]
    assert len(pictures) == len(SHIPPED.core.views) * SHIPPED.config.network.layers
    assert any("largest difference: " in output.get("text", "") for output in outputs)
