"""Sessions in this process: what one run does, from its first step to every way to end."""

import errno
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import torch

from seqlab import files
from seqlab.errors import Fault
from seqlab.reference.network import network
from seqlab.training import control, loop, pace, session, snapshots, status
from seqlab.training.fork import fork, go_on
from seqlab.training.loss import weighted_loss
from seqlab.training.run import Run, create
from seqlab.training.session import train
from tests.support.runs import small_config
from tests.support.waiting import wait_for

SLOW = {"steps": 100_000, "evaluate_every": 100_000}


@contextmanager
def in_background(run: Run) -> Iterator[list[status.Status]]:
    """Train in a thread; stops the run at the end."""
    heard: list[status.Status] = []
    thread = threading.Thread(target=lambda: train(run.path, heard.append))
    thread.start()
    wait_for(lambda: run.status.step or not run.status.active)
    yield heard
    if run.status.active:
        control.stop(run)
    thread.join(10)
    assert not thread.is_alive()


def same(ours: dict[str, np.ndarray], theirs: dict[str, np.ndarray]) -> bool:
    return all(np.array_equal(ours[name], theirs[name]) for name in ours)


@pytest.mark.parametrize("optimiser", ["adam", "adamw", "rmsprop", "sgd"])
def test_going_on_from_the_newest_snapshot_is_exact_to_the_bit(make_run: Callable[..., Run], optimiser: str) -> None:
    def leave(now: status.Status) -> None:
        if now.state == "running" and now.step >= 20:
            raise KeyboardInterrupt

    chosen = {"name": optimiser, "lr": 0.01, "warmup": 5, "decay": "linear"}
    whole, parted = make_run(optimiser=chosen), make_run(optimiser=chosen)
    train(whole.path)
    assert train(parted.path, leave).state == "interrupted"
    assert 0 < parted.snapshots()[-1] < 60
    new = fork(parted, parted.path.parent, parted.snapshots()[-1])
    for run in (parted, new):
        assert train(run.path).step == 60
        assert same(whole.weights(60), run.weights(60))


def test_the_same_seed_makes_the_same_run_and_another_seed_another(make_run: Callable[..., Run], trained: Run) -> None:
    again, other = make_run(), make_run(seed=1)
    train(again.path)
    train(other.path)
    assert same(trained.weights(), again.weights())
    assert trained.passport["data_sha256"] == again.passport["data_sha256"] != other.passport["data_sha256"]
    assert not same(trained.weights(), other.weights())


def test_a_session_cut_off_goes_on_and_says_what_it_repeated(make_run: Callable[..., Run], trained: Run,
                                                             monkeypatch: pytest.MonkeyPatch) -> None:
    run, real = make_run(), loop.updates

    def cut(learner: loop.Learner) -> Iterator[int]:
        for step in real(learner):
            yield step
            if step == 40:
                raise SystemExit
    monkeypatch.setattr(session, "updates", cut)
    with pytest.raises(SystemExit):
        train(run.path)
    kept = run.snapshots()[-1]  # only the newest has its optimiser's state
    monkeypatch.setattr(session, "updates", real)
    last = train(run.path)
    assert (last.state, last.resumed, last.steps_repeated) == ("finished", 1, 40 - kept)
    assert same(trained.weights(), run.weights())
    assert np.all(np.diff(run.metrics()["step"]) > 0)


def test_the_loop_learns_as_plain_torch_does() -> None:
    config = small_config(optimiser={"lr": 0.01, "clip": 0.1})
    ours = loop.learner(config, torch.device("cpu"))
    theirs = loop.learner(config, torch.device("cpu"))
    plain = torch.optim.Adam(theirs.network.parameters(), lr=0.01)
    for _ in loop.updates(ours):
        batch = config.task_spec.batch(config.task_config, 8, theirs.generator)
        loss = torch.nn.functional.cross_entropy(theirs.network(batch.inputs, batch.condition).mT, batch.targets)
        plain.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(theirs.network.parameters(), 0.1)
        plain.step()
    for a, b in zip(ours.network.parameters(), theirs.network.parameters(), strict=True):
        assert torch.allclose(a, b, atol=2e-5)


def test_positions_of_weight_zero_do_not_count(trained: Run) -> None:
    config = small_config(task={"name": "echo", "delay": 3, "length": 3, "loss_on": "echo", "form": "fixed"})
    batch = config.task_spec.batch(config.task_config, 4, torch.Generator().manual_seed(0))
    logits = torch.randn(4, 3, 27)
    assert float(weighted_loss(logits, batch)) == 0.0
    batch.weight[:, 1] = 1
    expected = torch.nn.functional.cross_entropy(logits[:, 1], batch.targets[:, 1])
    assert float(weighted_loss(logits, batch)) == pytest.approx(float(expected), rel=1e-6)


def test_it_stops_at_the_accuracy_that_was_asked_for(
        make_run: Callable[..., Run], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace.Pace, "_affordable", lambda *given: False)  # the last step is kept all the same
    run = make_run(stop_at=0.01, evaluate_every=7, steps=1000)
    last = train(run.path)
    assert (last.state, last.step) == ("finished", 7)
    assert last.evaluation is not None
    assert last.evaluation >= 0.01
    assert run.snapshots()[-1] == 7


def test_pause_step_learning_rate_and_stop_are_obeyed(make_run: Callable[..., Run]) -> None:
    run = make_run(**SLOW)
    with in_background(run):
        control.pause(run)
        wait_for(lambda: run.status.state == "paused")
        held = run.status.step
        assert run.snapshots()[-1] == held
        control.step(run)
        wait_for(lambda: run.status.step == held + 1)
        control.step(run)
        control.step(run)
        wait_for(lambda: run.status.step == held + 3)
        time.sleep(0.1)
        assert run.status.step == held + 3
        assert run.metrics()["step"][-3:].tolist() == [held + 1, held + 2, held + 3]
        assert run.snapshots()[-1] == held + 3
        control.set_lr(run, 0.5)
        control.step(run)
        wait_for(lambda: run.status.step == held + 4)
        assert run.metrics()["lr"][-1] == 0.5
        seconds = run.status.seconds
        time.sleep(0.3)
        control.resume(run)
        wait_for(lambda: run.status.step > held + 10)
        assert run.status.state == "running"
        assert run.metrics()["seconds"][-1] < seconds + 10
    assert run.status.state == "stopped"
    assert run.snapshots()[-1] == run.status.step


def test_a_pause_answers_at_once(make_run: Callable[..., Run]) -> None:
    run = make_run(**SLOW)
    with in_background(run):
        control.pause(run)
        wait_for(lambda: run.status.state == "paused")
        began = time.perf_counter()
        control.resume(run)
        wait_for(lambda: run.status.state == "running")
        assert time.perf_counter() - began < 5


def test_two_pages_that_steer_one_run_are_both_obeyed(make_run: Callable[..., Run]) -> None:
    run = make_run(**SLOW)
    with in_background(run):
        control.pause(run)
        wait_for(lambda: run.status.state == "paused")
        held = run.status.step

        def steer(rates: list[float]) -> None:
            for rate in rates:
                control.set_lr(Run(run.path), rate)
                control.step(Run(run.path))
        pages = [threading.Thread(target=steer, args=([0.001 * (page + 1)] * 20,)) for page in range(2)]
        for page in pages:
            page.start()
        for page in pages:
            page.join()
        wait_for(lambda: run.status.step == held + 40)
        assert set(run.metrics()["lr"][-40:]) == {0.001, 0.002}


def test_old_commands_are_not_obeyed_again(make_run: Callable[..., Run]) -> None:
    run = make_run(**SLOW)
    with in_background(run):
        control.set_lr(run, 0.25)
        control.stop(run)
        wait_for(lambda: run.status.state == "stopped")
    again = go_on(run, run.path.parent)
    assert again.path == run.path
    at = run.status.step
    with in_background(run):
        wait_for(lambda: run.status.step > at)
        assert run.status.lr == 0.25
        assert run.status.state == "running"


def test_a_run_that_waits_can_be_stopped(make_run: Callable[..., Run]) -> None:
    run = make_run()
    control.stop(run)
    assert train(run.path).state == "stopped"
    assert run.snapshots() == []


@pytest.mark.parametrize("value", [0, -1, 101, 1e6, float("nan"), float("inf")])
def test_a_learning_rate_out_of_range_is_a_fault(make_run: Callable[..., Run], value: float) -> None:
    with pytest.raises(Fault, match="learning rate"):
        control.set_lr(make_run(), value)


def test_a_finished_run_takes_no_commands(trained: Run) -> None:
    with pytest.raises(Fault, match="finished"):
        control.pause(trained)


def test_rubbish_in_the_journal_is_left_aside(make_run: Callable[..., Run]) -> None:
    run = make_run()
    rubbish = b'\xff\n[]\n{"do": "explode"}\n{"do": "lr", "value": 1e9}\n{"do": "lr"}\n{"do'
    (run.path / "control.jsonl").write_bytes(rubbish)
    assert train(run.path).state == "finished"


def test_a_run_that_diverges_keeps_its_last_good_weights(make_run: Callable[..., Run]) -> None:
    run = make_run(network={"model": "rnn_relu", "hidden": 16, "embedding": 8}, steps=2000,
                   optimiser={"name": "sgd", "lr": 100, "clip": None})
    last = train(run.path)
    assert last.state == "diverged"
    assert "smaller learning rate" in last.message
    assert run.snapshots()[0] == 0
    for step in run.snapshots():
        assert run.weights(step)
    assert np.isfinite(run.metrics()["loss"]).all()
    first_bad = int(last.message.split("step ")[1].split(":")[0])
    assert run.snapshots()[-1] < first_bad <= run.snapshots()[-1] + 6
    last_good, zeros = run.weights(run.snapshots()[-1]), np.zeros((1, 4), np.int64)
    assert np.isfinite(network(run.core, zeros, last_good, condition=zeros[:, 0])["logits"]).all()
    assert f"step {run.snapshots()[-1]} are kept" in last.message


def test_a_full_disk_ends_the_run_in_a_sentence(make_run: Callable[..., Run], monkeypatch: pytest.MonkeyPatch) -> None:
    run, real, calls = make_run(steps=50), os.replace, []  # so short that every step is kept, on any machine

    def full(source: Path, target: Path) -> None:
        calls.append(target)
        if len(calls) > 30 and "status" not in str(target):
            raise OSError(errno.ENOSPC, "No space left on device", str(target))
        real(source, target)
    monkeypatch.setattr(files.os, "replace", full)
    last = train(run.path)
    assert last.state == run.status.state == "failed"
    assert "disk is full" in last.message
    assert "snapshots up to step" in last.message
    assert str(run.path) not in last.message
    assert not list(run.path.rglob("*.tmp"))
    assert run.snapshots()
    assert all(run.weights(step) for step in run.snapshots())


def test_a_disk_that_takes_nothing_more_still_gives_an_answer(make_run: Callable[..., Run],
                                                              monkeypatch: pytest.MonkeyPatch) -> None:
    run = make_run()

    def full(path: Path, content: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(path))
    for module in ("seqlab.training.state", "seqlab.training.status", "seqlab.training.recorder"):
        monkeypatch.setattr(f"{module}.write_aside", full)
    last = train(run.path)
    assert last.state == "failed"
    assert "disk is full" in last.message


def test_a_folder_deleted_in_training_is_not_made_again(make_run: Callable[..., Run]) -> None:
    run = make_run(**SLOW)
    ended: list[status.Status] = []
    thread = threading.Thread(target=lambda: ended.append(train(run.path)))
    thread.start()
    wait_for(lambda: run.status.step)
    # Moved away whole: what is deleted file by file, while another thread writes there, may stay behind half deleted.
    shutil.rmtree(run.path.rename(run.path.with_name(".deleted")))
    thread.join(10)
    assert ended[0].state == "failed"
    assert "deleted" in ended[0].message
    assert not run.path.exists()


def test_an_unexpected_error_is_a_sentence_without_traceback(make_run: Callable[..., Run],
                                                             monkeypatch: pytest.MonkeyPatch, caplog) -> None:
    def broken(learner: loop.Learner) -> Iterator[int]:
        raise ZeroDivisionError("/secret/path")
        yield 0
    monkeypatch.setattr(session, "updates", broken)
    last = train(make_run().path)
    assert last.state == "failed"
    assert "secret" not in last.message
    assert "ZeroDivisionError" in last.message
    assert "secret" in caplog.text


def test_a_missing_device_is_named(make_run: Callable[..., Run]) -> None:
    if torch.cuda.is_available():
        pytest.skip("this machine has CUDA")
    last = train(make_run(device="cuda").path)
    assert last.state == "failed"
    assert "cpu" in last.message


def test_no_second_worker_trains_a_run_that_is_held(make_run: Callable[..., Run]) -> None:
    run = make_run(**SLOW)
    with in_background(run):
        with pytest.raises(Fault, match="already being trained"):
            train(run.path)
        assert run.status.active


def test_a_damaged_newest_snapshot_is_passed_over(make_run: Callable[..., Run]) -> None:
    run = make_run(**SLOW)
    with in_background(run):
        wait_for(lambda: run.status.step > 40)
    newest = run.snapshots()[-1]
    snapshots.file(run.path, "weights", newest).write_bytes(b"torn")
    go_on(run, run.path.parent)
    with in_background(run) as heard:
        wait_for(lambda: heard)
    assert run.status.resumed == 1
    assert run.status.steps_repeated > 0


def test_forks_say_where_they_come_from_and_leave_the_old_run_alone(trained: Run, tmp_path: Path) -> None:
    new = go_on(trained, tmp_path)
    assert new.id != trained.id
    assert new.config.steps == 120
    assert new.name.endswith("from step 60")
    assert new.metrics()["step"][-1] == 60
    with pytest.raises(Fault, match="no snapshot at step 59"):
        fork(trained, tmp_path, 59)
    assert train(new.path).step == 120
    assert trained.snapshots()[-1] == 60


def test_a_run_without_optimiser_state_can_go_on(trained: Run, tmp_path: Path) -> None:
    copy = Run(shutil.copytree(trained.path, tmp_path / "shipped" / "copy"))
    shutil.rmtree(copy.path / "optimiser")
    new = go_on(copy, tmp_path / "runs")
    assert train(new.path).state == "finished"


def test_an_optimiser_of_another_shape_is_a_sentence(trained: Run, tmp_path: Path) -> None:
    other = create(tmp_path, small_config(network={"hidden": 4, "embedding": 2}))
    train(other.path)
    new = fork(trained, tmp_path, 60)
    snapshots.file(new.path, "optimiser", 60).unlink()  # both runs share it
    shutil.copyfile(snapshots.file(other.path, "optimiser", 60), snapshots.file(new.path, "optimiser", 60))
    for step in new.snapshots()[:-1]:
        snapshots.file(new.path, "weights", step).unlink()
    last = train(new.path)
    assert last.state == "failed"
    assert "does not fit" in last.message
