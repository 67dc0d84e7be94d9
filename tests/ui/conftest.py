"""What the tests of the user interface share: an engine whose worker is this process."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest

from seqlab.training.answer import Answer
from seqlab.ui import gradient_step, passes


class Here(Answer):
    """An engine whose worker is this process; ``spoil`` may change torch's answer on its way."""

    def __init__(self) -> None:
        self.asked = 0
        self.spoil: Callable[[Any], object] = lambda answer: None

    def ask(self, target: str, *args: Any) -> "Here":
        self.asked += 1
        place, name = target.split(":")
        self.answer = getattr(import_module(place), name)(*args)
        self.spoil(self.answer)
        return self

    def done(self) -> bool:
        return True

    def result(self, timeout: float | int = 10) -> Any:
        return self.answer


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Here:
    engine = Here()
    for module in (gradient_step, passes):
        monkeypatch.setattr(module, "engine", lambda: engine)
    return engine
