"""What a server that runs for days keeps in memory: nothing of a run or sweep that is over, a bound on the rest."""

import json
import shutil
import tracemalloc
from collections import OrderedDict, deque
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from dask.utils import key_split

from seqlab.training import control, fair_queue, feeder, metrics
from seqlab.training.engine import Engine
from seqlab.training.fair_queue import FairQueue
from seqlab.training.run import create
from seqlab.training.sweep import define
from tests.support.runs import small_config, tiny_config
from tests.support.waiting import wait_for

LONG = {"steps": 100_000, "evaluate_every": 100_000}
FIGURES = ("step", "seconds", "loss", "accuracy", "grad_norm", "lr", "tokens_per_s")


def texts(value: object, depth: int = 0) -> Iterator[str]:
    """Every text in what an object of ours keeps: its attributes and its collections, however deep they lie."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for pair in list(value.items()):
            yield from texts(pair, depth)
    elif isinstance(value, (list, tuple, set, frozenset, deque)):
        for part in list(value):
            yield from texts(part, depth)
    elif type(value).__module__.startswith("seqlab.training") and depth < 4:
        yield from texts(dict(getattr(value, "__dict__", {})), depth + 1)


def test_the_engine_keeps_nothing_of_runs_and_sweeps_that_are_over(engine: Engine,
                                                                   monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("seqlab.training.engine.SECONDS_TO_LOOK", 0.0)
    run, stopped = engine.start(tiny_config()), engine.start(small_config(**LONG))
    keys: list[str] = [one.future.key for one in engine._training.values()]
    sweep = define("over", small_config(**LONG), {"seed": "1,2"})
    engine.sweeps.go_on(sweep)
    wait_for(lambda: stopped.status.step and engine.sweeps.sweeps.runs(sweep))
    assert {stopped.id, sweep.id, sweep.points[0].id} <= {*texts(engine)}
    control.stop(stopped)
    engine.sweeps.stop(sweep)
    wait_for(lambda: not engine.running() and not engine.queued())
    wait_for(lambda: not {run.id, stopped.id} & {*texts(engine._mine)})
    shutil.rmtree(stopped.path)
    ids = {run.id, stopped.id, sweep.id, *(point.id for point in sweep.points)}
    wait_for(lambda: ids.intersection(texts(engine)) <= {run.id, *(path.name for path in engine.root.iterdir())})
    assert {key_split(key) for key in keys} <= {"train"}, "Dask keeps the beginning of each other key"


def test_an_owner_who_was_served_long_ago_is_forgotten_and_first_again(tmp_path: Path,
                                                                       monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fair_queue, "MANY", 2)
    queue = FairQueue()
    for name in "abc":
        queue.put(create(tmp_path, tiny_config(), f"{name}-1", name))
        queue.take({})
    for name in "cba":
        queue.put(create(tmp_path, tiny_config(), f"{name}-2", name))
    assert [owner for _, owner in queue.order({})] == ["a", "b", "c"]
    assert len({*texts(queue._served)}) == 2


def test_why_sweeps_stand_still_is_known_of_the_last_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeder, "MOST_FAULTS", 2)
    engine = Engine(tmp_path, "tcp://127.0.0.1:9")
    for name in ("one", "two", "three"):
        engine.sweeps._give_up(name, "why")
    assert engine.sweeps.faults == {"two": "why", "three": "why"}
    engine.close()


def rows(path: Path, count: int) -> Path:
    """A run's metrics as long training leaves them."""
    path.write_text("".join(json.dumps(dict.fromkeys(FIGURES, step + 0.5)) + "\n" for step in range(count)))
    return path


def test_a_row_of_metrics_takes_two_hundred_bytes(tmp_path: Path) -> None:
    file, count = rows(tmp_path / "long", 3000), 3000
    tracemalloc.start()
    reader = metrics.Reader(file)
    before, _ = tracemalloc.get_traced_memory()
    assert reader.read()["step"].size == count
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert after - before < 250 * count  # a number takes 8 bytes, and 8 more where pages read it


def test_the_metrics_of_all_runs_together_have_a_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = OrderedDict[Path, metrics.Reader]()
    monkeypatch.setattr(metrics, "_readers", kept)
    monkeypatch.setattr(metrics, "_ROWS_KEPT", 25)
    files = [rows(tmp_path / f"{place}", 10) for place in range(5)]
    for file in (*files, files[-2]):
        assert metrics.reader(file).read()["step"].size == 10
    assert sum(map(len, kept.values())) <= 35  # those before, and what was read last
    assert list(kept)[-1] == files[-2]
