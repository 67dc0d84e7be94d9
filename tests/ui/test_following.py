"""Which runs a page keeps up with; a part that was drawn without a timer stands still until a reload."""

import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from seqlab.training import status
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
