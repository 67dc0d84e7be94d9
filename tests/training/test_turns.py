"""Several runs in one process: one computes at a time, all of them in turn, and none notices the others."""

import threading
import time
from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest

from seqlab.lenses import attention, cells
from seqlab.training import control, owner, pace, turns
from seqlab.training.owner import Owner
from seqlab.training.run import Run
from seqlab.training.session import train
from seqlab.training.turns import Turns
from tests.support.runs import same_as_alone
from tests.support.waiting import wait_for

DROPOUT = {"network": {"hidden": 16, "embedding": 8, "dropout": 0.4}, "steps": 70, "evaluate_every": 35}
SLOW = {"steps": 100_000, "evaluate_every": 100_000}


def together(runs: list[Run]) -> list[threading.Thread]:
    """Train runs at once in threads of this process."""
    threads = [threading.Thread(target=train, args=(run.path,), daemon=True) for run in runs]
    for thread in threads:
        thread.start()
    return threads


def same(run: Run, other: Run) -> bool:
    return all(np.array_equal(array, other.weights()[name]) for name, array in run.weights().items())


def test_runs_that_take_turns_become_what_each_becomes_alone_to_the_bit(
        make_run: Callable[..., Run], monkeypatch: pytest.MonkeyPatch) -> None:
    """With dropout, which draws from torch's one random state; one of them is paused and goes on meanwhile."""
    monkeypatch.setattr(turns, "SLICE", 0.0)  # hand over after every update
    monkeypatch.setattr(turns, "SHORTEST", 0.0)
    alone, mixed = ([make_run(**DROPOUT, seed=seed) for seed in (1, 2)] for _ in range(2))
    for run in alone:
        train(run.path)
    control.pause(mixed[0])
    threads = together(mixed)
    wait_for(lambda: mixed[0].status.state == "paused" and mixed[1].status.step > 20)
    control.step(mixed[0])
    wait_for(lambda: mixed[0].status.step >= 1)
    control.resume(mixed[0])
    for thread in threads:
        thread.join(60)
    for run, one in zip(alone, mixed, strict=True):
        assert one.status.state == "finished"
        assert same(run, one)
        assert one.status.evaluation == run.status.evaluation
    assert turns.TURNS.count() == 0


def test_owners_share_the_time_all_move_and_a_stop_does_not_wait(make_run: Callable[..., Run]) -> None:
    runs = [make_run(**SLOW, seed=seed) for seed in range(6)]
    for run, name in zip(runs, ["many"] * 5 + ["one"], strict=True):
        owner.write(run.path, Owner(name))
    threads = together(runs)
    wait_for(lambda: all(run.status.step > 5 for run in runs) and runs[5].status.seconds > 0.8)
    seconds = [run.status.seconds for run in runs]
    passed = max(run.status.updated for run in runs) - min(run.status.started for run in runs)
    for run in runs:
        control.stop(run)
    for thread in threads:
        thread.join(30)
    assert sum(seconds) <= passed + 1  # each counts its own time alone
    assert seconds[5] > 0.3 * sum(seconds)
    assert {run.status.state for run in runs} == {"stopped"}
    assert all(run.snapshots()[-1] == run.status.step for run in runs)


def test_a_question_in_the_same_process_leaves_a_run_what_it_is_alone(make_run: Callable[..., Run]) -> None:
    """With dropout in training, and questions that build torch's modules or set its seed: also between two updates."""
    x, W = np.ones((1, 3, 4), np.float32), np.ones((2, 2, 4), np.float32)
    names = {"weight_ih": (9, 2), "weight_hh": (9, 3), "bias_ih": (9,), "bias_hh": (9,)}
    gru = {f"core.{name}_l0": np.ones(shape, np.float32) for name, shape in names.items()}
    run = make_run(**DROPOUT | SLOW)
    thread, = together([run])
    wait_for(lambda: run.status.step > 5)
    for _ in range(3):
        at = run.status.step
        cells.five_lines([1])
        cells.module("gru", gru, 2)
        attention.multihead(x, {"W_q": W, "W_k": W, "W_v": W, "W_o": np.ones((4, 4), np.float32)}, causal=True)
        wait_for(lambda at=at: run.status.step > at)
    control.stop(run)
    thread.join(30)
    assert same_as_alone(run)


def test_who_is_new_or_wanted_goes_first_and_who_is_gone_is_forgotten() -> None:
    queue, order = Turns(), list[str]()
    wanted = threading.Event()

    def work(name: str, wanted: Callable[[], bool] = bool) -> None:
        with queue.enter(name, wanted) as turn:
            for _ in range(2):
                order.append(name)
                turn.pass_on()

    with queue.enter("first") as turn:
        threads = [threading.Thread(target=work, args=("a",)), threading.Thread(target=work, args=("b", wanted.is_set))]
        for thread in threads:
            thread.start()
        wait_for(lambda: len(queue.waiting) == len(threads))
        assert turn.over  # they are new
        turn.pass_on()
        assert sorted(order[:2]) == ["a", "b"]
        wanted.set()
    for thread in threads:
        thread.join(10)
    with pytest.raises(ZeroDivisionError), queue.enter("broken"):
        raise ZeroDivisionError
    assert Counter(order) == {"a": 2, "b": 2}
    assert (queue.count(), queue.waiting) == (0, [])
    with queue.enter() as turn:
        assert not turn.over


def test_a_turn_that_was_long_for_want_of_a_processor_is_not_paid_for() -> None:
    queue, slices, met = Turns(), [0], threading.Event()

    def work() -> None:
        with queue.enter() as turn:
            while not met.is_set():
                slices[0] += 1
                end = time.process_time() + 0.01
                while time.process_time() < end:
                    pass
                turn.pass_on()

    with queue.enter() as turn:
        turn.pass_on()
        time.sleep(0.5)  # the processor had others to do
        thread = threading.Thread(target=work)
        thread.start()
        wait_for(lambda: queue.waiting)
        for _ in range(3):
            turn.pass_on()
        met.set()
    thread.join(10)
    assert 1 <= slices[0] <= 6, "it waited until the others had had as much by the clock"


def test_a_curve_moves_while_its_run_has_short_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("seqlab.training.pace.time.monotonic", lambda: now[0])
    one = pace.Pace()
    assert one.publishes(passes_on=False)
    one.note_publication()
    assert not one.publishes(passes_on=True)
    now[0] += 0.3  # the others had their turns
    assert one.publishes(passes_on=True)
    assert not one.publishes(passes_on=False)
