"""A recorded loop: what it writes, what it obeys, and that nothing of it ever ends the loop."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from seqlab.reference.network import network
from seqlab.training import control, status, storage
from seqlab.training.abandoned import Abandoned
from seqlab.training.library import Library
from seqlab.training.recorder import is_held
from seqlab.training.run import Run
from seqlab.training.settings import Settings
from tests.recording.loops import Loop, recorded
from tests.support.waiting import wait_for

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def no_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every step is published and kept: what is tested is what is written, not how often."""
    monkeypatch.setattr("seqlab.recording.log.PUBLISH_SECONDS", 0.0)
    monkeypatch.setattr("seqlab.recording.log.FREE", 1e9)


def only(root: Path) -> Run:
    """The one run of a folder."""
    run, = shelf(root).runs()
    return run


def shelf(root: Path) -> Library:
    """The runs of a folder, without those that are shipped."""
    return Library(root, shipped=root / "none")


def test_a_loop_becomes_an_ordinary_run(tmp_path: Path) -> None:
    loop = Loop()
    with recorded(tmp_path, loop) as log:
        run = only(tmp_path)
        wait_for(lambda: run.snapshots() == [0])
        assert (run.status.state, run.status.recorded, is_held(run.path)) == ("running", True, True)
        for _ in range(30):
            assert log.step(loss=loop.update(), lr=0.1, accuracy=0.5, tokens=10, val_loss=1.5, **{"val/f1": 0.25})
        assert log.lr is None
    now, table = run.status, run.metrics()
    assert (now.state, now.step, now.steps, run.config.steps) == ("finished", 30, 30, 30)
    assert not is_held(run.path)
    assert table["step"][-1] == 30
    assert (now.lr, set(table["lr"]), set(table["validation"])) == (None, {0.1}, {1.5})
    assert set(table["val/f1"]) == {0.25}
    assert (table["tokens_per_s"] > 0).all()
    assert {"torch", "device", "program"} <= run.passport.keys()
    assert run.origin
    assert run.symbols == tuple("abcd")
    ids = np.array([[0, 1, 2, 3]])
    logits = network(run.core, ids, run.weights(30))["logits"]
    np.testing.assert_allclose(logits, loop(torch.from_numpy(ids)).detach().numpy(), atol=1e-6)
    back = Library(tmp_path / "other").import_zip(Library(tmp_path).export_zip(run))
    assert list(back.metrics()) == list(table)


def test_weights_of_a_snapshot_are_those_of_its_step_although_the_loop_went_on(tmp_path: Path) -> None:
    loop = Loop()
    before = {}
    with recorded(tmp_path, loop) as log:
        for step in range(1, 41):
            loss = loop.update()
            before[step] = loop.head.bias.detach().clone().numpy()
            wait_for(lambda: log._writer is not None and not log._writer.writing)  # or this step is left out
            log.step(loss=loss)
    run = only(tmp_path)
    assert run.snapshots() == list(range(41))
    for step in run.snapshots()[1:]:
        # All but the last are in half precision once the run is over.
        np.testing.assert_allclose(run.weights(step)["decoder.bias"], before[step], atol=1e-3)


@pytest.fixture
def steered(tmp_path: Path) -> Iterator[tuple[Run, list[float | None]]]:
    """A loop in a thread, and the rate that it reads at each step."""
    rates: list[float | None] = []

    def work() -> None:
        loop = Loop()
        with recorded(tmp_path, loop) as log:
            while log.step(loss=loop.update(), lr=log.lr or 0.1):
                rates.append(log.lr)

    thread = threading.Thread(target=work)
    thread.start()
    wait_for(lambda: len(rates) > 2)
    run = only(tmp_path)
    yield run, rates
    if run.status.active:
        control.stop(run)
    thread.join(10)
    assert not thread.is_alive()


def test_a_loop_obeys_the_page(steered: tuple[Run, list[float | None]]) -> None:
    run, rates = steered
    control.set_lr(run, 0.5)
    wait_for(lambda: rates[-1] == 0.5)
    control.pause(run)
    wait_for(lambda: run.status.state == "paused")
    at, spent, paused = run.status.step, run.status.seconds, time.monotonic()
    assert run.snapshots()[-1] == at
    time.sleep(1.0)
    assert (run.status.step, run.status.seconds) == (at, spent)
    control.step(run)
    wait_for(lambda: run.snapshots()[-1] == at + 1)
    assert run.status.seconds - spent < (time.monotonic() - paused) / 2  # a pause is no time of training
    assert run.status.state == "paused"
    control.resume(run)
    wait_for(lambda: run.status.step > at + 1)
    assert run.status.state == "running"
    control.pause(run)
    wait_for(lambda: run.status.state == "paused")
    control.stop(run)  # of one that is paused too
    wait_for(lambda: not run.status.active)
    assert (run.status.state, run.status.message) == ("stopped", f"Stopped at step {run.status.step}.")
    assert run.snapshots()[-1] == run.status.step


def test_what_a_loop_says_wrongly_is_a_gap_and_printed_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    loop = Loop()
    with recorded(tmp_path, loop) as log:
        for step in range(1, 20):
            loop.update()
            assert log.step(loss=torch.tensor(float("nan") if step % 2 else 2.0), accuracy=97.5, **{"a b": 1.0},
                            word="text", pair=torch.ones(2))
            time.sleep(0.001)
    run = only(tmp_path)
    losses = run.metrics()["loss"]
    assert 0 < np.isnan(losses).sum() < len(losses)
    assert set(losses[np.isfinite(losses)]) == {2.0}
    assert run.status.state == "finished"
    printed = capsys.readouterr().err
    for sentence in ("The loss was no finite number at step 1;", "accuracy must be a share from 0 to 1, not 97.5",
                     "'a b' is no name", "word was no finite number", "pair was no finite number"):
        assert printed.count(sentence) == 1, sentence


def test_weights_that_are_no_numbers_are_not_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    loop = Loop()
    with recorded(tmp_path, loop) as log:
        log.step(loss=loop.update())
        nn.init.constant_(loop.head.bias, float("nan"))
        log.step(loss=1.0)
        log.step(loss=1.0)
    assert only(tmp_path).snapshots() == [0, 1]
    assert capsys.readouterr().err.count("No snapshot of step") == 1


def test_weights_that_change_shape_end_the_recording_and_not_the_loop(tmp_path: Path,
                                                                      capsys: pytest.CaptureFixture[str]) -> None:
    loop = Loop()
    with recorded(tmp_path, loop) as log:
        log.step(loss=loop.update())
        loop.head = nn.Linear(6, 5)
        assert all(log.step(loss=1.0) for _ in range(5))
    run = only(tmp_path)
    assert run.status.state == "failed"
    assert "The weights head.bias changed from 4 to 5 in mid-run" in run.status.message
    assert set(run.snapshots()) <= {0, 1}
    assert capsys.readouterr().err.count("the loop goes on") == 1


@pytest.mark.parametrize("when", ["before", "during"])
def test_a_folder_that_cannot_be_written_ends_no_loop(tmp_path: Path, when: str,
                                                      capsys: pytest.CaptureFixture[str]) -> None:
    loop, root = Loop(), tmp_path / "runs"
    if when == "before":
        root.write_text("a file")
    with recorded(root, loop) as log:
        if when == "during":
            (only(root).path / "metrics.jsonl").mkdir()
        for _ in range(10):
            assert log.step(loss=loop.update())
            time.sleep(0.002)
    printed = capsys.readouterr().err
    assert "The run cannot be written" in printed
    assert printed.count("the loop goes on") == 1
    assert (log.run is None) == (when == "before")
    assert str(tmp_path) not in printed


def test_a_name_is_no_path(tmp_path: Path) -> None:
    with recorded(tmp_path / "runs", name="../../up") as log:
        assert log.run is not None
        assert log.run.path.parent == tmp_path / "runs"
        assert log.run.id.startswith("up-")
        assert log.run.name == "../../up"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system cannot fork")
def test_a_second_process_writes_nothing(tmp_path: Path) -> None:
    loop = Loop()
    with recorded(tmp_path, loop) as log:
        log.step(loss=loop.update())
        read, write = os.pipe()
        child = os.fork()
        if not child:  # no test runs on in it, and nothing of pytest's
            os.dup2(write, 2)
            sys.stderr = os.fdopen(2, "w")
            answers = [log.step(loss=1.0) for _ in range(50)]
            log.close()
            os._exit(0 if all(answers) else 1)
        os.close(write)
        assert os.waitpid(child, 0)[1] == 0
        with os.fdopen(read) as printed:
            assert printed.read().count("in a second process") == 1
        assert log.step(loss=loop.update())
    assert (only(tmp_path).status.state, only(tmp_path).status.step) == ("finished", 2)
    with pytest.raises(Exception, match="stays with the process"):
        log.__reduce__()


@pytest.mark.parametrize(("error", "state"), [(KeyboardInterrupt(), "stopped"), (ZeroDivisionError(), "failed")])
def test_an_error_of_the_loop_is_its_own_and_closes_the_run(tmp_path: Path, error: BaseException, state: str) -> None:
    def work() -> None:
        with recorded(tmp_path, steps=100) as log:
            log.step(loss=1.0)
            raise error

    with pytest.raises(type(error)):
        work()
    now = only(tmp_path).status
    assert (now.state, now.step, now.steps) == (state, 1, 100)
    assert "step 1" in now.message


def test_a_loop_that_is_killed_leaves_what_it_wrote(tmp_path: Path) -> None:
    child = subprocess.Popen([sys.executable, "-m", "tests.recording.loops", str(tmp_path)], cwd=ROOT,
                             stderr=subprocess.DEVNULL)
    wait_for(lambda: any(run.status.step > 200 and run.snapshots()[-1] > 0 for run in shelf(tmp_path).runs()), 30)
    run = only(tmp_path)
    child.send_signal(signal.SIGKILL)
    child.wait()
    assert not is_held(run.path)
    then = time.time() - 60
    os.utime(run.path / status.FILE, (then, then))
    now, table = run.status, run.metrics()
    assert now.state == "interrupted", now
    assert now.step >= table["step"][-1] > 0
    assert np.isfinite(table["loss"]).all()
    assert all(run.weights(step) for step in run.snapshots())
    assert Abandoned(tmp_path).look(()) == []  # no worker takes it
    goes = storage.use(Library(tmp_path), Settings(keep_days=1), time.time() + 3 * storage.DAY).now
    assert [old.id for old in goes] == [run.id]  # and it is tidied away in its time
