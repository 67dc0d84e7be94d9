"""Is this normal? The curves of a run on the band of its recipe, and the sentence under those that lie outside."""

import json
from pathlib import Path

import numpy as np
import pytest

from seqlab import paths
from seqlab.training import bands, metrics, status
from seqlab.training.bands import COLUMNS, Columns, config_of
from seqlab.training.diagnosis import CAUSES
from seqlab.training.run import Run
from seqlab.ui.runs import normal, training_panel
from tests.support.pages import healthy, opened, words
from tests.support.runs import random_run

RECIPE = "echo/fixed"


def run_along(folder: Path, columns: Columns, **changes: object) -> Run:
    """A finished run of the recipe, whose curves are the medians of a band."""
    run = random_run(folder, **config_of(RECIPE).model_dump() | changes)
    rows = zip(columns["loss"].steps, *(columns[name].lines[1] for name in COLUMNS), strict=True)
    lines = [json.dumps(dict(zip(("step", *COLUMNS), row, strict=True)) | {"seconds": 1.0}) for row in rows]
    (run.path / metrics.FILE).write_text("".join(f"{line}\n" for line in lines))
    status.write(run.path, run.status, state="finished", step=columns["loss"].steps[-1])
    return run


def test_a_run_lies_on_its_band_and_outside_of_it_one_sentence_says_why(shipped: Path,
                                                                      monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = []
    monkeypatch.setattr(training_panel, "live", lambda curves, key: drawn.append(curves["bands"]))
    known = bands.read(bands.file_of(paths.checkpoints(), RECIPE))

    def page(run: Run) -> str:
        app = opened("pages/echo.py", run=run.id)
        healthy(app)
        return words(app, "caption")

    assert "probably" not in page(run_along(shipped, known.columns, seed=7))
    assert drawn[-1]["name"] == "10–90 % of 16 seeds"
    assert "Fixed delay, fast" in drawn[-1]["tells"]
    assert drawn[-1]["columns"]["loss"]["high"] == list(known.columns["loss"].lines[2])
    np.testing.assert_allclose(drawn[-1]["columns"]["perplexity"]["low"], np.exp(known.columns["loss"].lines[0]))

    optimiser = config_of(RECIPE).optimiser.model_dump() | {"lr": 0.001}
    slow = known.causes["rate-low"].columns
    assert f"probably {CAUSES['rate-low']}." in page(run_along(shipped, slow, optimiser=optimiser))
    assert drawn[-1]
    assert CAUSES["rate-low"] not in page(run_along(shipped, slow))  # its rate is the recipe's own

    assert "first" not in drawn[-1]["tells"]  # its band reaches to its end
    assert "probably" not in page(run_along(shipped, slow, batch=63))  # another recipe's, or nobody's
    assert drawn[-1] is None


def test_a_band_of_the_first_steps_says_so(shipped: Path) -> None:
    known = bands.read(bands.file_of(paths.checkpoints(), "echo/fast"))
    assert "with 16 seeds, each for the first 300 of its 1,500 steps; eight" in normal.drawn(known)["tells"]


def test_a_run_whose_recipe_has_no_band_says_why(shipped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    why = "No band is drawn: nobody had the time."
    monkeypatch.setattr("seqlab.training.band_recipes.UNMEASURED", {"echo/fixed-plain": why})
    monkeypatch.setattr(training_panel, "of_run", lambda config, shipped: None)
    plain = random_run(shipped, **config_of("echo/fixed-plain").model_dump() | {"seed": 7})
    assert why in words(opened("pages/echo.py", run=plain.id), "caption")
    other = random_run(shipped, **config_of("echo/fixed-plain").model_dump() | {"batch": 63})
    assert why not in words(opened("pages/echo.py", run=other.id), "caption")


def test_the_hello_lab_lays_its_curves_on_their_band(shipped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = []
    monkeypatch.setattr(training_panel, "live", lambda curves, key: drawn.append(curves))
    app = opened("pages/hello.py", run="hello-gru")
    healthy(app)
    assert "How it was trained" in [box.label for box in app.expander]
    assert drawn[-1]["bands"]["name"] == "10–90 % of 32 seeds"
    assert drawn[-1]["columns"]["step"][-1] == 15
    assert "probably" not in words(app, "caption")
