"""The queue's order by owners, and how long runs in it wait."""

from pathlib import Path

import pytest

from seqlab.training import status
from seqlab.training.fair_queue import FairQueue
from seqlab.training.forecast import Forecast
from seqlab.training.run import Run, create
from tests.support.runs import tiny_config


def put(queue: FairQueue, root: Path, names: str) -> list[Run]:
    """Let runs wait, one for each letter: its owner."""
    runs = [create(root, tiny_config(), f"{owner}-{place}", owner) for place, owner in enumerate(names)]
    for run in runs:
        queue.put(run)
    return runs


def test_owners_are_served_in_turn_whoever_came_first_with_many(tmp_path: Path) -> None:
    queue = FairQueue()
    put(queue, tmp_path, "aaaabbc")
    foreseen = [run.id for run, _ in queue.order({})]
    taken, training = [], dict[str, int]()
    while one := queue.take(training):
        taken.append(one[0].id)
        training[one[1]] = training.get(one[1], 0) + 1
    assert taken == foreseen == ["a-0", "b-4", "c-6", "a-1", "b-5", "a-2", "a-3"]
    again = put(queue, tmp_path / "later", "ca")
    queue.put(front := create(tmp_path, tiny_config(), "c-front", "c"), front=True)
    assert queue.take({"a": 1}) == (front, "c")
    assert [run for run, _ in queue.order({"c": 1})] == [again[1], again[0]]


def test_no_owner_has_more_in_training_than_the_limit(tmp_path: Path) -> None:
    queue = FairQueue({"a": 2}.get)
    put(queue, tmp_path, "aaab")
    training = {"a": 2}
    taken = queue.take(training)
    assert taken is not None
    assert taken[1] == "b"
    assert queue.take(training) is None
    assert len(list(queue)) == 3


def test_what_was_gathered_is_taken_together_as_far_as_the_owner_may(tmp_path: Path) -> None:
    queue = FairQueue(lambda owner: 3)
    put(queue, tmp_path / "before", "b")
    with queue.gather():
        runs = put(queue, tmp_path, "aaaa")
        assert queue.take_group({}) is None
    (first, _), taken = queue.take_group({}) or ([], ""), queue.take_group({})
    assert [run.id[0] for run in first] == ["b"]
    assert taken == (runs[:3], "a")
    queue.put_back(runs[:2])
    assert queue.take_group({}) == (runs[:1], "a")
    assert list(queue) == [runs[1], runs[3]]


def test_how_long_runs_take_is_read_off_the_clock_on_the_wall(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    forecast, now = Forecast(), [0.0]
    monkeypatch.setattr("seqlab.training.forecast.time.monotonic", lambda: now[0])
    fast, slow = (create(tmp_path, tiny_config(steps=1000), name) for name in ("fast", "slow"))
    for second in range(5):
        now[0] = float(second)
        for run, speed in ((fast, 100), (slow, 10)):  # their own seconds are fewer: they take turns
            status.write(run.path, run.status, state="running", step=speed * (second + 1), seconds=second / 30)
        forecast.look([fast, slow])
    assert forecast.remaining("fast") == pytest.approx(5)
    assert forecast.remaining("slow") == pytest.approx(95)
    training, order = {"fast": "a", "slow": "b"}, [("x", "b"), ("y", "a"), ("z", "a")]
    assert forecast.expected("x", order, training, lambda owner: None) == pytest.approx(5)
    assert forecast.expected("y", order, training, lambda owner: None) == pytest.approx(95)
    assert forecast.expected("z", order, training, lambda owner: None) == pytest.approx(5 + (10 + 100) / 2)
    assert forecast.expected("x", order, training, lambda owner: 1) == pytest.approx(95)  # that owner's own must end
    assert forecast.expected("y", order, training, lambda owner: 1) == pytest.approx(5)
    assert forecast.expected("?", order, training, lambda owner: 1) is None
    status.write(fast.path, fast.status, state="paused")
    forecast.look([fast])
    assert forecast.remaining("fast") is None
    assert forecast.remaining("slow") is None
