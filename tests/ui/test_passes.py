"""What is drawn is proved once for everybody, and a wrong number is found."""

import os
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from seqlab.errors import Fault
from seqlab.tasks.echo import inputs_for
from seqlab.training.answer import Answer
from seqlab.training.config import RunConfig
from seqlab.training.run import Run, create
from seqlab.training.session import train
from seqlab.ui import passes as module
from seqlab.ui.passes import Passes


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
    monkeypatch.setattr(module, "engine", lambda: engine)
    return engine


@pytest.fixture
def run(tmp_path: Path) -> Run:
    made = create(tmp_path, RunConfig(task={"name": "echo", "delay": 2, "length": 8}, batch=8, steps=12,
                                      network={"hidden": 6, "embedding": 3, "model": "lstm"}))
    train(made.path)
    return made


def asked_of(run: Run, word: str = "abc") -> Passes:
    return Passes.of(run, run.snapshots(), inputs_for(word, 2)[0], 2)


def test_every_snapshot_is_proved_in_both_precisions(run: Run, here: Here) -> None:
    verdict = asked_of(run).verdict()
    assert verdict["state"] == "proved"
    assert [frame["step"] for frame in verdict["frames"]] == run.snapshots()
    assert all(frame["fault"] is None for frame in verdict["frames"])
    assert max(frame["float64"] for frame in verdict["frames"]) < 1e-13
    assert max(frame["float64"] for frame in verdict["frames"]) < max(f["float32"] for f in verdict["frames"]) < 1e-5


def test_sessions_that_look_at_the_same_share_it(run: Run, here: Here) -> None:
    first, second = asked_of(run), asked_of(run)
    assert first.reference() is second.reference()
    assert first.verdict() is second.verdict()
    assert here.asked == 1
    asked_of(run, "abd").verdict()
    assert here.asked == 2


def test_a_snapshot_that_was_written_again_is_asked_again(run: Run, here: Here) -> None:
    asked_of(run).verdict()
    newest = sorted((run.path / "weights").iterdir())[-1]
    os.utime(newest, ns=(0, newest.stat().st_mtime_ns + 1_000_000))
    asked_of(run).verdict()
    assert here.asked == 2


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_one_wrong_number_is_found_and_named(run: Run, here: Here, precision: str) -> None:
    def spoil(answer: Any) -> None:
        answer[precision][-1]["f.0"][0, 3, 4] += 0.01

    here.spoil = spoil
    frames = asked_of(run).verdict()["frames"]
    assert frames[-1]["fault"] == "forget gate (layer 0, t = 3, unit 4)"
    assert all(frame["fault"] is None for frame in frames[:-1])


def test_what_failed_is_not_remembered(run: Run, here: Here) -> None:
    def spoil(answer: Any) -> None:
        raise Fault("The worker is gone.")

    here.spoil = spoil
    with pytest.raises(Fault, match="gone"):
        asked_of(run).verdict()
    here.spoil = lambda answer: None
    assert asked_of(run).verdict()["state"] == "proved"
