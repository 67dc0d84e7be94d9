"""A run of a crowded worker moves to a free one, and nothing of it changes."""

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from distributed import Future

from seqlab.training import control
from seqlab.training.ending import Assigned
from seqlab.training.engine import Engine
from seqlab.training.run import Run
from seqlab.training.spreading import LEAST, choose
from tests.support.runs import same_as_alone, small_config
from tests.support.waiting import wait_for

LONG = {"steps": 10**7, "evaluate_every": 10**7, "network": {"hidden": 16, "embedding": 8, "dropout": 0.4}}


def test_a_run_moves_to_the_worker_that_became_free_and_is_what_it_is_alone(tmp_path: Path) -> None:
    """Two of four end on one worker; of the other two one moves, to the bit. A paused one that moves stays paused."""
    engine = Engine(tmp_path, workers=2)
    runs = [engine.start(small_config(**LONG, seed=seed)) for seed in range(4)]
    wait_for(lambda: all(run.status.step > 5 for run in runs))
    stay = [run for run in runs if run.status.worker == "train-0"]
    assert len(stay) == 2
    for run in set(runs).difference(stay):
        control.stop(run)
    wait_for(lambda: {run.status.worker for run in stay} == {"train-0", "train-1"})
    moved, = (run for run in stay if run.status.worker == "train-1")
    control.pause(moved)
    wait_for(lambda: moved.status.state == "paused")
    control.send(moved, "move")
    wait_for(lambda: moved.status.resumed == 2 and moved.status.state == "paused")
    at = moved.status.step
    control.resume(moved)
    wait_for(lambda: moved.status.step > at)
    for run in stay:
        control.stop(run)
    wait_for(lambda: not engine.running())
    engine.close()
    assert [run.status.state for run in stay] == ["stopped"] * 2
    assert (moved.status.resumed, moved.status.steps_repeated) == (2, 0)
    assert same_as_alone(moved)


@pytest.mark.parametrize(("jobs", "seconds", "chosen"), [
    ("aa b", {0: 30.0, 1: 40.0}, None),  # one more than the other has is no crowd
    ("aaa b", {0: 30.0, 1: 40.0, 2: LEAST - 1}, 1),  # the one that takes longest
    ("aaa", {0: LEAST - 1}, None),  # all of them are about to end, or nobody knows
    ("AAAA a b", {0: 90.0, 4: 20.0}, None),  # those that train in one program are one job
    ("AAAA aa", {0: 90.0, 4: 20.0, 5: 10.0}, 4),
])
def test_which_run_moves(jobs: str, seconds: dict[int, float], chosen: int | None) -> None:
    training = [Assigned(Run(Path(str(place))), cast(Future, SimpleNamespace(key=key if key.isupper() else place)),
                         key.lower(), "", 0.0) for place, key in enumerate(jobs.replace(" ", ""))]
    best = choose(training, {"a": 0, "b": 0}, lambda run_id: seconds.get(int(run_id)))
    assert (best and int(best.run.id)) == chosen


def test_nothing_moves_where_there_are_no_workers() -> None:
    empty: Sequence[Assigned] = ()
    assert choose(empty, {}, lambda run_id: None) is None
