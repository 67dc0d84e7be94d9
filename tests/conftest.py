"""What many tests share: small configs, a trained run, one engine with real workers for the whole session."""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch
from playwright.sync_api import Browser

from tests.support import shapes
from tests.support.data import SHARED

shapes.check_shapes()

from seqlab.training.engine import Engine  # noqa: E402 - imported through the check
from seqlab.training.run import Run, create  # noqa: E402
from tests.support import kinds  # noqa: E402
from tests.support.chromium import browsing  # noqa: E402
from tests.support.runs import small_config  # noqa: E402

if SHARED.is_dir():  # the product finds the same files as the tests, whether or not the variable was set
    os.environ["SEQLAB_DATA"] = str(SHARED)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Read no file of tests that Chromium's stages would only deselect."""
    return kinds.left_out(collection_path, config.option.markexpr) or None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """See that each test carries the markers of what it starts."""
    kinds.mark(items)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of a session: Playwright runs only once at a time in a process."""
    with browsing() as chromium:
        yield chromium


@pytest.fixture(autouse=True, scope="session")
def one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(autouse=True)
def checked_again() -> None:
    """What an earlier test called often is held to its shapes again."""
    shapes.wake()


@pytest.fixture(autouse=True)
def same_main(monkeypatch: pytest.MonkeyPatch) -> None:
    """AppTest leaves its script as the main module, which a worker that is spawned later would run."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


@pytest.fixture
def make_run(tmp_path: Path) -> Callable[..., Run]:
    def make(**changes: object) -> Run:
        return create(tmp_path / "runs", small_config(**changes))
    return make


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A small run, trained to its end; nobody writes into it."""
    from seqlab.training.session import train

    run = create(tmp_path_factory.mktemp("trained"), small_config())
    assert train(run.path).state == "finished"
    return run


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The real engine: an evaluation worker and one training worker."""
    started = Engine(tmp_path_factory.mktemp("engine"), workers=1)
    yield started
    started.close()
