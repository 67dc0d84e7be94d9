"""Which runs a page keeps up with; a part that was drawn without a timer stands still until a reload."""

import os
import time
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
from distributed import Future

from seqlab.training import status
from seqlab.training.beginnings import MOMENT, MOVED, Beginnings
from seqlab.training.ending import Assigned
from seqlab.training.run import Run, create
from seqlab.ui.labs.grammar import samples, truth
from seqlab.ui.labs.sentiment import review
from seqlab.ui.labs.text import sample
from seqlab.ui.runs import explore, following, training_panel
from seqlab.ui.runs.inputs import nothing_typed
from tests.support.runs import tiny_config


@pytest.fixture
def silent(tmp_path: Path) -> Run:
    """A run that waits for a worker and whose status nobody has touched for an hour."""
    run = create(tmp_path, tiny_config())
    os.utime(run.path / status.FILE, (0, 0))
    assert run.status.state == "interrupted"
    return run


@pytest.mark.parametrize(("place", "training", "expected"), [(1, [], True), (0, ["it"], True), (0, [], False)])
def test_a_run_that_a_worker_has_or_will_have_is_followed_though_it_is_silent(
        silent: Run, monkeypatch: pytest.MonkeyPatch, place: int, training: list[str], expected: bool) -> None:
    held = SimpleNamespace(position=lambda run: place, running=lambda: [silent.id for _ in training])
    monkeypatch.setattr(following, "engine", lambda: held)
    assert following.goes_on(silent) is expected


def test_a_run_that_has_ended_is_not_asked_for(silent: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    status.write(silent.path, silent.status, state="finished")
    monkeypatch.setattr(following, "engine", lambda: pytest.fail("a shipped network needs no engine"))
    assert not following.goes_on(silent)


def given(run: Run) -> Assigned:
    """A run that a worker got just now."""
    return Assigned(run, cast(Future, None), "worker", "", time.monotonic())


def test_of_a_class_that_presses_at_once_no_network_is_looked_into_before_all_have_begun(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Run30(Run):
        rows = 0

        def snapshots(self) -> list[int]:
            return [0]

        def metrics(self) -> dict[str, np.ndarray]:
            return {"step": np.arange(self.rows)}

    first, second, later = (Run30(create(tmp_path, tiny_config()).path) for _ in range(3))
    training = {run.id: given(run) for run in (first, second)}
    engine = SimpleNamespace(beginnings=Beginnings(training))
    monkeypatch.setattr(following, "engine", lambda: engine)
    news = following.new_weights(first)
    before = news()
    assert following.weights_to_show(first) == following.weights_to_show(second) == []
    assert following.weights_to_show(later) == [0], "an older run gives way to nobody"
    first.rows, second.rows = MOVED, MOVED - 1
    assert following.weights_to_show(first) == []
    assert news() == before
    assert following.weights_to_show(second) == [0], "it is itself the last one"
    second.rows = MOVED
    assert following.weights_to_show(first) == [0]
    assert news() != before, "the picture would not come by itself"
    training[later.id] = given(later)
    assert following.weights_to_show(first) == [0], "what was shown once stays"


def test_a_run_that_never_begins_holds_nobody_up_for_long(silent: Run, monkeypatch: pytest.MonkeyPatch,
                                                          tmp_path: Path) -> None:
    stuck = create(tmp_path / "other", tiny_config())
    beginnings = Beginnings({run.id: given(run) for run in (silent, stuck)})
    assert beginnings.gives_way(silent)
    later = time.monotonic() + MOMENT
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert not beginnings.gives_way(silent)


@pytest.mark.parametrize(("draw", "module"), [
    (sample.what_it_writes, sample), (samples.samples_section, samples), (truth.truth_section, truth),
    (review.review_section, review), (training_panel.training_panel, training_panel),
    (lambda run: explore._explore(run, "x", lambda run: nothing_typed(("a",)), False), explore)],
    ids=["text", "strings", "truth", "review", "curves", "explorer"])
def test_every_part_that_shows_a_run_has_a_timer_while_it_goes_on(
        silent: Run, monkeypatch: pytest.MonkeyPatch, draw, module) -> None:
    timers = []

    def fragment(function, run_every=None):
        timers.append(run_every)
        return lambda *given: None
    monkeypatch.setattr(module.st, "fragment", fragment)
    monkeypatch.setattr(module, "goes_on", lambda run: True)
    draw(silent)
    assert timers
    assert all(timers)
