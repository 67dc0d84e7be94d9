"""Every label of a picture or a table has its sentence, from one source, in Python as in the browser."""

import ast
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from shutil import which

import pytest

from seqlab import glossary
from seqlab.labels import LABELS
from seqlab.notation import SYMBOLS
from seqlab.ui.finding.said import said, sentences
from tests.support.data import ROOT
from tests.support.labels import NAME, unsaid_of

SOURCES = sorted([*(ROOT / "seqlab" / "figures").glob("*.py"), *(ROOT / "seqlab" / "ui").rglob("*.py")])
WORDS = ROOT / "seqlab" / "ui" / "widgets" / "frame" / "words.js"
BARE = """
import { readFileSync } from "node:fs";
import { bare } from %s;
console.log(JSON.stringify(JSON.parse(readFileSync(0)).map(bare)));
"""
SAMPLES = ["Loss (nats per letter)", "loss, nats", " Gradient norm ", "h, unit 3", "unit 12", "hidden 8, lr 0.1 (best)",
           "95 % interval, from",
           "KL(truth ‖ model), nats", "above: input at t", "|Δ| to torch", "99 % after", "t", ""]


def labels(source: str) -> Iterator[str]:
    """The labels of axes and the names of curves that a file writes out; of those that it puts together, the start."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        place, keys = {"Axis": (2, {"label"}), "Series": (3, {"name"}), "PlotSeries": (3, {"name"}),
                       "update_xaxes": (9, {"title"}), "update_yaxes": (9, {"title"}),
                       "Panel": (9, set())}.get(called, (9, set[str]()))
        for part in (*node.args[place:place + 1], *(word.value for word in node.keywords if word.arg in keys)):
            yield from _texts(part)


def _texts(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
        yield str(node.values[0].value) + "0" * (len(node.values) > 1)


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_every_label_that_a_file_writes_has_its_sentence(source: Path) -> None:
    if source.parent.name == "plot":
        pytest.skip("sample data")
    assert not unsaid_of(labels(source.read_text(encoding="utf-8")))


def test_one_without_is_found() -> None:
    drawn = 'Panel(Axis(0, 1, "bananas"), Axis(0, 1, "t" if long else "plums"), "", (Series(x, y, "h", f"kiwi {k}"),))'
    assert unsaid_of(labels(drawn)) == ["bananas", "kiwi 0", "plums"]


def test_symbols_terms_and_settings_are_one_source() -> None:
    assert said("z") == said("update gate") == "Update gate: 1 keeps the old state, 0 takes the candidate."
    assert said("Loss (nats per letter)") == said("loss, nats") == glossary.TERMS["loss"].meaning
    assert said("Learning rate").startswith("Learning rate: ")
    assert said("Elman (own layer)").startswith("Our own Elman layer")
    assert said("hidden 8, lr 0.1") == said("hidden size")
    assert said("bananas") == ""
    assert all(said(key) for key in SYMBOLS)


def test_every_sentence_is_one_and_every_label_is_as_it_is_looked_up() -> None:
    assert not [text for text in sentences().values() if len(text) < 10 or not text.endswith(".")]
    assert not [label for label in LABELS if glossary.bare(label) != label]
    assert not NAME.fullmatch("loss")


def test_the_browser_reads_a_label_as_python_does() -> None:
    node = which("node")
    if node is None:
        pytest.skip("there is no Node.js here")
    done = subprocess.run([node, "--input-type=module", "-e", BARE % json.dumps(WORDS.as_uri())], text=True,
                          input=json.dumps(SAMPLES), capture_output=True, check=True)
    assert json.loads(done.stdout) == [glossary.bare(label) for label in SAMPLES]
