"""One engine for all page tests, on a run folder of their own."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from seqlab.training import settings
from seqlab.training.run import Run
from seqlab.ui.shell import services
from tests.support.data import ROOT
from tests.support.pages import forget_folders
from tests.support.runs import remove_run


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of runs that the engine of all page tests writes."""
    folder = tmp_path_factory.mktemp("pages") / "runs"
    folder.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEQLAB_RUNS", str(folder))
        patch.setenv("SEQLAB_CACHE", str(folder.parent / "cache"))  # once: the workers keep the one they started with
        # A run that a test left lying is not trained while its page is looked at.
        patch.setattr(services, "settings", SimpleNamespace(
            read=lambda root: settings.read(root).model_copy(update={"resume": False})))
        forget_folders()
        yield folder
        services.engine().close()
        forget_folders()


@pytest.fixture
def cache(folder: Path) -> Path:
    """The folder of texts, emptied."""
    shutil.rmtree(folder.parent / "cache", ignore_errors=True)
    return folder.parent / "cache"


@contextmanager
def library_of(folder: Path, shipped: Path) -> Iterator[None]:
    """A seqlab with no runs of its own yet, and the shipped ones of a folder."""
    for path in folder.iterdir():
        remove_run(Run(path))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEQLAB_CHECKPOINTS", str(shipped))
        services.everything.cache_clear()
        yield
    services.everything.cache_clear()


@pytest.fixture
def runs(folder: Path, tmp_path: Path) -> Iterator[Path]:
    """An empty seqlab: no runs of its own, none shipped."""
    with library_of(folder, tmp_path):
        yield folder


@pytest.fixture
def shipped(folder: Path) -> Iterator[Path]:
    """A seqlab as it comes: the shipped runs and none of its own."""
    with library_of(folder, ROOT / "checkpoints"):
        yield folder
