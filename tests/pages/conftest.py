"""One engine for all page tests, on a run folder of their own."""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from seqlab.errors import Fault
from seqlab.training import control
from seqlab.training.config import RunConfig
from seqlab.training.run import Run, create
from seqlab.training.session import train
from seqlab.ui.shell import services

ROOT = Path(__file__).parents[2]
HOME = "pages/home.py"
PAGES = [HOME, *sorted(f"pages/{file.name}" for file in (ROOT / "pages").glob("*.py") if file.name != "home.py")]


def forget() -> None:
    """Let the next call open the folders that the environment names now."""
    services.library.cache_clear()
    services.engine.cache_clear()


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("pages") / "runs"
    folder.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEQLAB_RUNS", str(folder))
        patch.setenv("SEQLAB_CACHE", str(folder.parent / "cache"))  # once: the workers keep the one they started with
        forget()
        yield folder
        services.engine().close()
        forget()


@pytest.fixture
def cache(folder: Path) -> Path:
    """The folder of texts, emptied."""
    shutil.rmtree(folder.parent / "cache", ignore_errors=True)
    return folder.parent / "cache"


def remove(run: Run) -> None:
    """Delete a run that an earlier test made; one that a worker still writes is stopped first."""
    with suppress(Fault):
        control.stop(run)
    end = time.monotonic() + 20
    while run.path.exists():
        shutil.rmtree(run.path, ignore_errors=True)
        assert time.monotonic() < end, "a run of an earlier test cannot be deleted"


@pytest.fixture
def runs(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty seqlab: no runs of its own, none shipped."""
    for path in folder.iterdir():
        remove(Run(path))
    monkeypatch.setenv("SEQLAB_CHECKPOINTS", str(tmp_path))
    services.library.cache_clear()
    return folder


@pytest.fixture
def shipped(runs: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A seqlab as it comes: the shipped runs and none of its own."""
    monkeypatch.setenv("SEQLAB_CHECKPOINTS", str(ROOT / "checkpoints"))
    services.library.cache_clear()
    yield runs
    services.library.cache_clear()


def opened(page: str, **query: str) -> AppTest:
    """Open a page as a browser would, by its address."""
    app = AppTest.from_file(str(ROOT / "seqlab" / "ui" / "shell" / "script.py"), default_timeout=60)
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    return app if page == HOME else app.switch_page(str(ROOT / page)).run()


SMALL = {"task": {"name": "echo", "delay": 2, "length": 8}, "batch": 8, "evaluate_every": 20, "steps": 30,
         "network": {"hidden": 8, "embedding": 4}}


def small_run(folder: Path, **changes: object) -> Run:
    """Train a tiny echo network in this process."""
    run = create(folder, RunConfig(**(SMALL | changes)))
    train(run.path)
    return run


def said(app: AppTest) -> str:
    """Everything the page says in words."""
    kinds = ("title", "markdown", "caption", "info", "warning", "error", "subheader")
    return "\n".join(element.value for kind in kinds for element in getattr(app, kind))


__all__ = ["PAGES", "SMALL", "opened", "os", "said", "small_run"]
