"""Networks that read by word or by piece of one, on every page that opens what predicts a text."""

from collections.abc import Callable
from pathlib import Path

import pytest

from seqlab.data import corpora
from seqlab.training.run import Run
from seqlab.ui.runs.opens import PREDICTS
from seqlab.ui.shell.navigation import pages
from seqlab.ui.studios.reading.sections import SECTIONS
from tests.support.pages import healthy, html, opened, pictures, words
from tests.support.runs import tiny_run

FOX = "The quick brown fox jumps over a lazy dog, and the dog sleeps on. " * 300
OTHERS = sorted(name for name, page in pages().items() if page.opens is PREDICTS and name != "reading")


@pytest.fixture
def reader(runs: Path, cache: Path) -> Callable[[str], Run]:
    """Train a tiny network on a text that a person added, whose symbols are words or pieces."""
    def made(unit: str) -> Run:
        return tiny_run(runs, name=unit, task={"name": "text", "corpus": corpora.add(FOX.encode(), "Fox").name,
                                               "unit": unit, "most": 40, "preparation": "plain", "num_steps": 12})
    return made


@pytest.mark.parametrize("unit", ["word", "piece"])
def test_every_page_that_opens_it_speaks_of_its_unit(reader, unit):
    run = reader(unit)
    assert {"text", "sampling"} <= set(OTHERS)
    for name in OTHERS:
        app = opened(name, run=run.id)
        healthy(app, warnings=True)
    for section in SECTIONS:
        app = opened("reading", run=run.id, show=section)
        healthy(app)
        assert pictures(app) >= 1
    app = opened("reading", run=run.id)
    app.text_area(key="passage").set_value("the dog, the zebra").run()
    assert f"nats per {unit}" in html(app, "tiles")
    assert ("zebra" in words(app)) is (unit == "word")  # pieces spell it, but for its z, which the text has in lazy
