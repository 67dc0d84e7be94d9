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
from seqlab.ui.runs import training_panel
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

    assert "probably" not in page(run_along(shipped, slow, batch=63))  # another recipe's, or nobody's
    assert drawn[-1] is None
