"""Sweeps as data: lists of values become points, or one sentence says why not."""

import json
import math
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from seqlab.errors import Fault
from seqlab.training import outcome, status
from seqlab.training.config import RunConfig
from seqlab.training.library import Library
from seqlab.training.outcome import Outcome, best, by_loss, outcomes, score, seconds_left, to_csv
from seqlab.training.run import Run, create
from seqlab.training.sweep import Sweep, define, is_point, settings
from seqlab.training.sweeps import Sweeps
from tests.support.runs import small_config

AXES = {"network.hidden": "8, 16", "optimiser.lr": [0.01, 0.1, 1]}


def small(over: dict | None = None, name: str = "grid", **changes: object) -> Sweep:
    return define(name, small_config(**changes), over or AXES)


def test_points_are_all_combinations_in_a_fixed_order() -> None:
    sweep = small()
    assert [(p.config.network.hidden, p.config.optimiser.lr) for p in sweep.points] == [
        (8, 0.01), (8, 0.1), (8, 1.0), (16, 0.01), (16, 0.1), (16, 1.0)]
    assert [p.id for p in sweep.points] == [f"{sweep.id}-p{k:03d}" for k in range(6)]
    assert sweep.points[4].config.name == "grid: hidden 16, lr 0.1"
    untouched = {"network": {"hidden"}, "optimiser": {"lr"}, "name": True}
    assert sweep.points[4].config.model_dump(exclude=untouched) == small_config().model_dump(exclude=untouched)


def test_the_same_sweep_has_the_same_id_however_it_was_written() -> None:
    written = {"network.hidden": "8,16", "optimiser.lr": "1e-2,.1,1.0"}
    assert small().id == small(written).id == define("grid", small_config(), AXES).id
    assert small().id != small(seed=1).id
    assert small().id != small({**AXES, "network.hidden": "8,32"}).id


def test_training_goes_through_all_points_far_apart() -> None:
    for count in (2, 3, 7, 12, 100, 400):
        sweep = small({"seed": list(range(count))})
        order = [point.place for point in sweep.in_turn()]
        assert sorted(order) == list(range(count))
    grid = small({"network.hidden": list(range(1, 11)), "seed": list(range(10))})
    first = [point.config.network.hidden for point in grid.in_turn()[:10]]
    assert min(first) <= 2
    assert max(first) >= 9  # a tenth of the points tells of the whole


@pytest.mark.parametrize(("over", "word"), [
    ({"network.depth": "1,2"}, "no setting 'network.depth'"),
    ({"name": "a,b"}, "no setting 'name'"), ({"task.name": "echo,text"}, "no setting 'task.name'"),
    ({"network.hidden": ""}, "list for the hidden size is empty"),
    ({"network.hidden": " , "}, "empty"), ({"network.hidden": []}, "empty"),
    ({"network.hidden": "8,,16"}, "hidden size must be a whole number"),
    ({"network.hidden": "8,0"}, "hidden size must be at least 1, not 0"),
    ({"network.hidden": "8,many"}, "hidden size must be a whole number, not 'many'"),
    ({"network.hidden": "8,8.5"}, "hidden size must be a whole number"),
    ({"optimiser.lr": "0.1,nan"}, "learning rate must be"), ({"optimiser.lr": "0.1,inf"}, "at most 100"),
    ({"optimiser.lr": [0.1, math.nan]}, "learning rate must be"),
    ({"optimiser.lr": "0.1,-1"}, "more than 0, not -1"), ({"network.dropout": "0,1"}, "less than 1"),
    ({"network.hidden": "8,16,8.0"}, "hidden size has 8 twice"), ({"optimiser.lr": "1,1e0"}, "1 twice"),
    ({"network.hidden": ",".join(map(str, range(1, 10_001)))}, "10,000 points; a sweep has at most 400"),
    ({"network.hidden": "8,16", "seed": list(range(201))}, "402 points"),
    ({"network.hidden": "8"}, "Nothing varies"), ({}, "Nothing varies"),
    ({"network.model": "gru,mamba"}, "with model mamba.*must be one of"),
    ({"optimiser.name": "adam,adamax"}, "optimiser must be 'adam'"),
    ({"network.model": "gru,transformer", "network.hidden": "8,10"}, "model transformer and hidden size 10.*4 heads"),
    ({"network.initialisation": "default,delay-line", "network.hidden": "1,16"}, "hidden size 1.*delay line"),
    ({"task.delay": "2,99"}, "delay must be at most 32, not 99"),
    ({"task.form": "fixed,loose"}, "form of the task must be"),
    ({"optimiser.clip": "1,none,off"}, "none twice"),
])
def test_what_cannot_be_is_one_sentence_naming_setting_value_and_reason(over: dict, word: str) -> None:
    with pytest.raises(Fault, match=word) as fault:
        define("bad", small_config(), over)
    assert str(fault.value).endswith(".")
    assert "\n" not in str(fault.value)
    assert len(str(fault.value)) < 1200


def test_a_value_that_is_only_good_with_another_one_is_good() -> None:
    sweep = define("", small_config(network={"model": "transformer", "hidden": 8}),
                   {"network.heads": "3", "network.hidden": "9,27"})
    assert [p.config.network.hidden for p in sweep.points] == [9, 27]
    assert list(sweep.varying) == ["network.hidden"]


def test_none_is_a_value_where_a_setting_can_be_off_and_a_word_where_it_is_one() -> None:
    assert small({"optimiser.clip": "1, none"}).axes["optimiser.clip"] == (1.0, None)
    assert small({"optimiser.decay": "none, linear"}).axes["optimiser.decay"] == ("none", "linear")
    assert small({"task.endings": "true, false"}).axes["task.endings"] == (True, False)


def test_every_setting_of_a_run_can_be_swept_and_has_a_plain_name() -> None:
    names = settings(small_config())
    assert {"task.delay", "network.model", "network.dropout", "optimiser.clip", "batch", "steps", "seed"} <= set(names)
    assert not {"name", "task", "task.name", "network", "optimiser"} & set(names)
    assert all(name and "_" not in name and "." not in name for name in names.values())


def test_another_preparation_of_a_text_brings_its_own_alphabet() -> None:
    base = RunConfig(task={"name": "text", "corpus": "python-topics"})
    sweep = define("", base, {"task.preparation": "letters,plain"})
    few, many = (len(point.config.task["letters"]) for point in sweep.points)
    assert few == 27
    assert many > 60


def test_a_sweep_is_kept_found_and_listed(tmp_path: Path) -> None:
    shelf, sweep = Sweeps(tmp_path / "runs"), small()
    assert shelf.all() == ([], [])
    shelf.keep(sweep)
    found = shelf.get(sweep.id)
    assert (found.id, found.name, found.axes, found.base) == (sweep.id, "grid", sweep.axes, sweep.base)
    assert found.points == sweep.points
    assert [one.id for one in shelf.all()[0]] == [sweep.id]
    assert shelf.keep(small()).made == found.made  # asked for again it is the same one
    with pytest.raises(Fault, match="no sweep"):
        shelf.get("sweep-nope-00000000")
    with pytest.raises(Fault, match="not the name"):
        shelf.get("../../etc/passwd")


@pytest.mark.parametrize(("content", "word"), [
    ("{", "not whole"), ("[]", "not whole"), ('{"name": "x"}', "not whole"),
    ('{"name": "x", "made": 1, "base": {"task": {"name": "chess"}}, "axes": {}}', "not valid"),
    ('{"name": "x", "made": 1, "base": {"task": {"name": "echo"}}, "axes": {"steps": [0, 1]}}', "at least 1"),
])
def test_a_spoiled_file_is_one_sentence(tmp_path: Path, content: str, word: str) -> None:
    shelf, sweep = Sweeps(tmp_path), small()
    shelf.keep(sweep)
    (tmp_path / ".sweeps" / f"{sweep.id}.json").write_text(content)
    found, broken = shelf.all()
    assert found == []
    assert word in broken[0].reason


def test_a_sweep_from_before_a_setting_was_there_is_still_the_same(tmp_path: Path) -> None:
    shelf, sweep = Sweeps(tmp_path), small()
    shelf.keep(sweep)
    kept = tmp_path / ".sweeps" / f"{sweep.id}.json"
    told = json.loads(kept.read_text())
    del told["base"]["network"]["pooling"]
    kept.unlink()
    old = kept.with_name("sweep-grid-0ld0ld00.json")
    old.write_text(json.dumps(told))
    found = shelf.all()[0][0]
    assert found.id == "sweep-grid-0ld0ld00"
    assert (found.base, found.axes) == (sweep.base, sweep.axes)
    assert {point.id.rpartition("-")[0] for point in found.points} == {found.id}


def done(root: Path, sweep: Sweep, place: int, state: str = "finished", losses: Sequence[float] = (),
         shares: Sequence[float] = ()) -> Run:
    """A point as it looks after its training, without the training."""
    run = create(root, sweep.points[place].config, sweep.points[place].id)
    rows = [{"step": 10 * k + 10, "seconds": 1.0, "loss": 1.0, "accuracy": 0.5, "grad_norm": 1.0, "lr": 0.1,
             "tokens_per_s": 1.0, "evaluation": share, "validation": loss}
            for k, (loss, share) in enumerate(zip(losses, shares, strict=True))]
    (run.path / "metrics.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    status.write(run.path, run.status, state=state, step=60, seconds=4.0)
    return run


def test_a_point_scores_its_least_loss_or_its_best_accuracy(tmp_path: Path) -> None:
    sweep = small()
    done(tmp_path, sweep, 0, losses=[2.0, 1.5, 1.7], shares=[0.1, 0.9, 0.4])
    done(tmp_path, sweep, 1, losses=[math.nan, 1.2, math.inf], shares=[math.nan, 0.2, 0.3])
    done(tmp_path, sweep, 2, "diverged", losses=[0.5], shares=[0.99])
    done(tmp_path, sweep, 3, "failed")
    found = outcomes(tmp_path, sweep)
    assert [one.state for one in found] == ["finished", "finished", "diverged", "failed", "waiting", "waiting"]
    assert (found[0].loss, found[0].at, found[0].accuracy) == (1.5, 20, 0.9)
    assert (found[1].loss, found[1].accuracy) == (1.2, 0.3)
    assert by_loss(sweep, found)
    assert np.isnan([score(one, True) for one in found[2:]]).all()
    assert best(found, loss=True) is found[1]
    assert best(found, loss=False) is found[0]
    assert best(found[2:], loss=True) is None
    assert not by_loss(sweep, [found[4]])
    assert seconds_left(found, 1) == 8.0
    assert seconds_left(found, 2) == 4.0
    assert math.isnan(seconds_left(found[4:], 1))
    lines = to_csv(sweep, found).splitlines()
    assert lines[0] == ("run,network.hidden,optimiser.lr,validation,perplexity,at step,accuracy,state,steps,seconds")
    assert lines[1].startswith(f"{sweep.id}-p000,8,0.01,1.5,{math.exp(1.5)},20,0.9,finished,60")
    assert len(lines) == 7


def test_what_has_ended_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sweep = small()
    done(tmp_path, sweep, 0, losses=[2.0], shares=[0.5])
    first = outcomes(tmp_path, sweep)[0]
    monkeypatch.setattr(outcome, "_read", lambda run, point: pytest.fail("it was read again"))
    assert outcomes(tmp_path, sweep)[0] is first


def test_points_are_left_out_of_the_list_of_runs(tmp_path: Path, make_run: Callable[..., Run]) -> None:
    run, sweep = make_run(name="sweep-of-the-hand"), small()
    root = run.path.parent
    point = done(root, sweep, 3)
    library = Library(root, tmp_path / "none")
    assert is_point(point.id)
    assert not is_point(run.id)
    assert [one.id for one in library.runs()] == [run.id]
    assert {one.id for one in library.runs(points=True)} == {run.id, point.id}
    assert library.has_points()
    assert library.get(point.id).config.network.hidden == 16


def test_a_sweep_is_deleted_with_its_runs_and_comes_back(tmp_path: Path) -> None:
    shelf, sweep = Sweeps(tmp_path), small()
    shelf.keep(sweep)
    run = done(tmp_path, sweep, 0)
    shelf.mark(sweep.id)
    with pytest.raises(Fault, match="stop it first"):
        shelf.delete(sweep)
    shelf.unmark(sweep.id)
    shelf.delete(sweep)
    assert not run.path.exists()
    assert shelf.all() == ([], [])
    assert shelf.restore(sweep.id).points == sweep.points
    assert run.status.state == "finished"
    with pytest.raises(Fault, match="brought back"):
        shelf.restore(sweep.id)


def test_a_point_in_training_is_not_deleted(tmp_path: Path) -> None:
    shelf, sweep = Sweeps(tmp_path), small()
    shelf.keep(sweep)
    done(tmp_path, sweep, 0, "running")
    with pytest.raises(Fault, match="stop it first"):
        shelf.delete(sweep)


def test_an_outcome_without_a_figure_is_nothing_yet() -> None:
    one = Outcome(small().points[0])
    assert (one.ended, one.counts, one.state) == (False, True, "waiting")
    assert math.isnan(score(one, True))
