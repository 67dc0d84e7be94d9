"""Pages that show any network show one of our own Elman layer, too, whose weights have other names and shapes."""

from pathlib import Path

import pytest

from tests.support.pages import opened
from tests.support.runs import tiny_run

NETWORK = {"network": {"model": "elman", "hidden": 8, "layers": 2, "embedding": 4}}


@pytest.mark.parametrize("page", ["echo", "stepper", "cells", "runs", "check"])
def test_a_page_shows_it(runs: Path, page: str) -> None:
    run = tiny_run(runs, **NETWORK)
    app = opened(f"pages/{page}.py", run=run.id)
    assert not app.exception
    assert not app.error, [error.value for error in app.error]
    assert not [warning.value for warning in app.warning if "another" not in warning.value.lower()]
