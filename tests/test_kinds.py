"""What trains is seen by what a test calls, through helpers and imports of its own; what does not is left alone."""

from collections.abc import Callable
from pathlib import Path

import pytest

from seqlab.training import session
from seqlab.training.config import RunConfig
from seqlab.training.engine import Engine
from seqlab.training.run import create
from seqlab.ui.shell import services
from tests.support.data import ROOT
from tests.support.kinds import left_out, trains
from tests.support.runs import tiny_run


def by_a_helper(folder: Path) -> None:
    tiny_run(folder)


def by_a_module(folder: Path) -> None:
    session.train(folder)


def by_its_own_import(folder: Path) -> None:
    from seqlab.training.session import train

    train(folder)


def in_a_part(folder: Path) -> None:
    assert not [Engine(folder, workers=workers) for workers in (1, 2)]


def by_the_pages_engine(folder: Path) -> None:
    services.engine().start(RunConfig(task={"name": "echo"}))


def a_run_that_waits(folder: Path) -> None:
    create(folder, RunConfig(task={"name": "echo"}))


@pytest.mark.parametrize("function", [by_a_helper, by_a_module, by_its_own_import, in_a_part, by_the_pages_engine])
def test_what_trains_is_seen(function: Callable[[Path], None]) -> None:
    assert trains(function)


def test_what_does_not_train_is_left_alone(request: pytest.FixtureRequest) -> None:
    assert not trains(a_run_that_waits)
    assert not request.node.get_closest_marker("trains")


def test_a_fixture_counts(trained: object, request: pytest.FixtureRequest) -> None:
    assert request.node.get_closest_marker("trains")
    assert not request.node.get_closest_marker("e2e")


@pytest.mark.parametrize(("file", "e2e", "timed"), [
    ("e2e/test_app.py", False, False), ("e2e/test_access.py", False, True), ("test_kinds.py", True, True)])
def test_a_file_is_read_where_it_may_hold_what_is_asked_for(file: str, e2e: bool, timed: bool) -> None:
    path = ROOT / "tests" / file
    assert left_out(path, "e2e and not timed") is e2e
    assert left_out(path, "timed") is timed
    assert not left_out(path, "")
    assert not left_out(path, "not e2e")
    assert not left_out(path.parent, "timed")
