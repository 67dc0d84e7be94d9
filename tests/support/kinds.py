"""What a test costs, read off its code and the fixtures it asks for, so that nobody has to mark it."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType, FunctionType, ModuleType

import pytest

from seqlab.training import cluster, session
from seqlab.training.engine import Engine
from seqlab.ui.shell import services

TRAINERS: tuple[object, ...] = (session.train, Engine, services.engine, cluster.embedded)
INSIDE = ("tests.", "conftest", "seqlab.studies", "seqlab.command_line")  # whose functions are followed

# A word that every file with a test of a marker has in it, by how an expression of markers begins.
WORDS = {"e2e": "playwright", "timed": "pytest.mark.timed"}


def left_out(path: Path, expression: str) -> bool:
    """Whether a file can hold no test that an expression of markers asks for, so that it need not be imported."""
    word = WORDS.get(expression.partition(" ")[0])
    return bool(word and path.match("test_*.py") and word not in path.read_text(encoding="utf-8"))


def mark(items: list[pytest.Item]) -> None:
    """Mark every test by what it starts: ``e2e`` where Chromium is, ``trains`` where workers or a training are."""
    for item in items:
        if isinstance(item, pytest.Function):
            if "browser" in item.fixturenames:
                assert not left_out(item.path, "e2e"), f"{item.path} drives Chromium and does not name playwright"
                item.add_marker("e2e")
            if any(trains(function) for function in (item.function, *_fixtures(item))):
                item.add_marker("trains")
            if item.get_closest_marker("e2e") or item.get_closest_marker("trains"):
                item.add_marker(pytest.mark.flaky(reruns=1))  # a machine that others load may be late once


def _fixtures(item: pytest.Function) -> Iterator[Callable[..., object]]:
    """The functions behind every fixture that a test asks for, directly or not."""
    known = item._fixtureinfo.name2fixturedefs
    return (known[name][-1].func for name in item.fixturenames if name in known)


def trains(function: object, seen: set[object] | None = None) -> bool:
    """Whether a function trains a run or starts workers, itself or through helpers of the tests."""
    seen = set() if seen is None else seen
    function = getattr(function, "__wrapped__", function)
    if not isinstance(function, FunctionType) or function in seen:
        return False
    seen.add(function)
    for value in _named(function):
        if any(value is trainer for trainer in TRAINERS):
            return True
        if str(getattr(value, "__module__", "")).startswith(INSIDE) and trains(value, seen):
            return True
    return False


def _named(function: FunctionType) -> Iterator[object]:
    """Every value that the code of a function names: its globals, its own imports, and parts of such modules."""
    names = set(_names(function.__code__))
    for name in names:
        value = function.__globals__.get(name, sys.modules.get(name))
        yield value
        if isinstance(value, ModuleType):
            yield from (vars(value)[part] for part in names if part in vars(value))


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for part in code.co_consts:
        if isinstance(part, CodeType):
            yield from _names(part)
