"""The disk: what a run keeps, what a quota and an age take away, and that it is said before."""

import os
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save

from seqlab.errors import Fault
from seqlab.files import clear_asides, write_aside
from seqlab.training import snapshots, status, storage
from seqlab.training.fork import go_on
from seqlab.training.library import TRASH, Library
from seqlab.training.run import Run, create
from seqlab.training.session import train
from seqlab.training.settings import Settings
from seqlab.training.state import halve
from tests.support.runs import small_config, tiny_config, tiny_run

NOW = 2_000_000_000.0


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """Three runs of a size, one a day; the first is a folder of files alone, as quotas see it."""
    (tmp_path / "shipped").mkdir()
    return Library(tmp_path / "runs", tmp_path / "shipped")


def aged(library: Library, name: str, days: float, size: int = 10**6, state: status.State = "finished") -> Run:
    run = create(library.root, tiny_config(name=name), id=name)
    (run.path / "weights" / "bulk").write_bytes(bytes(size))
    status.write(run.path, status.read(run.path), state=state)
    os.utime(run.path / status.FILE, (NOW - days * storage.DAY,) * 2)
    return run


def test_a_run_keeps_halves_and_one_optimiser(trained: Run) -> None:
    steps = trained.snapshots()
    kinds = {step: {array.dtype for array in load_file(snapshots.file(trained.path, "weights", step)).values()}
             for step in steps}
    assert kinds == {step: {np.dtype("float16")} for step in steps[:-1]} | {steps[-1]: {np.dtype("float32")}}
    assert snapshots.steps_in(trained.path, "optimiser") == steps[-1:]
    assert trained.weights(steps[0])["decoder.bias"].dtype == np.float32


def test_weights_too_large_for_half_precision_stay(tmp_path: Path) -> None:
    run = tiny_run(tmp_path, optimiser={"name": "sgd", "lr": 0.01}, network={"hidden": 4, "spread": 1.0})
    first = snapshots.file(run.path, "weights", run.snapshots()[0])
    arrays = {name: array.astype(np.float32) for name, array in load_file(first).items()}
    arrays["decoder.bias"] = np.full_like(arrays["decoder.bias"], 1e6)
    write_aside(first, save(arrays))
    halve(run.path)
    assert np.array_equal(run.weights(run.snapshots()[0])["decoder.bias"], arrays["decoder.bias"])


def test_a_fork_takes_no_room_for_what_it_shares(trained: Run, tmp_path: Path) -> None:
    new = go_on(trained, tmp_path)
    shared = snapshots.file(new.path, "weights", 0)
    assert shared.stat().st_ino == snapshots.file(trained.path, "weights", 0).stat().st_ino
    before = trained.weights()
    assert train(new.path).state == "finished"
    assert all(np.array_equal(array, before[name]) for name, array in Run(trained.path).weights(60).items())


def test_a_quota_takes_the_oldest_that_is_not_pinned(library: Library) -> None:
    runs = [aged(library, name, days) for name, days in (("old", 9), ("pinned", 8), ("middle", 5), ("new", 1))]
    aged(library, "young", 0.001)
    aged(library, "queued", 10, state="queued")
    storage.pin(runs[1], stays=True)
    each = storage.size(runs[0].path)
    assert storage.use(library, Settings(), NOW).now == ()

    chosen = Settings(quota_gb=4.2 * each / 1e9)
    known = storage.use(library, chosen, NOW)
    assert ([run.id for run in known.now], [run.id for run in known.next]) == (["old", "middle"], ["new"])

    tidying = storage.Tidying(library)
    assert tidying.look(chosen, NOW) == []  # it is said first
    assert tidying.look(chosen, NOW + storage.ANNOUNCED) == ["old", "middle"]
    assert {path.name for path in library.root.iterdir()} == {"pinned", "new", "young", "queued"}
    assert not storage.use(library, chosen, NOW).now


def test_an_age_is_said_days_before(library: Library) -> None:
    for name, days in (("gone", 31), ("soon", 28), ("fresh", 2)):
        aged(library, name, days)
    known = storage.use(library, Settings(keep_days=30), NOW)
    assert ([run.id for run in known.now], [run.id for run in known.next]) == (["gone"], ["soon"])
    storage.pin(library.get("gone"), stays=True)
    assert storage.use(library, Settings(keep_days=30), NOW).now == ()


def test_an_emptied_trash_frees_the_disk(library: Library) -> None:
    library.delete(aged(library, "away", 3, size=2 * 10**6))
    assert storage.use(library, Settings(), NOW).trash > 10**6
    library.empty_trash()
    assert storage.size(library.root / TRASH) == 0
    with pytest.raises(Fault, match="no longer in the trash"):
        library.restore("away")


def test_what_a_kill_left_half_written_goes(trained: Run, tmp_path: Path) -> None:
    for name in (".status.json.999999999-1.tmp", f".config.json.{os.getpid()}-1.tmp", ".mine.tmp"):
        (tmp_path / name).touch()
    clear_asides(tmp_path)
    assert {file.name for file in tmp_path.iterdir()} == {f".config.json.{os.getpid()}-1.tmp", ".mine.tmp"}
    run = create(tmp_path, tiny_config())
    (run.path / "weights" / ".step-00000001.safetensors.999999999-7.tmp").touch()
    train(run.path)
    assert not list(run.path.rglob("*.tmp"))


@pytest.mark.parametrize("decay", ["linear", "steps"])
def test_a_finished_run_goes_on_without_a_jump_of_its_rate(tmp_path: Path, decay: str) -> None:
    run = create(tmp_path, small_config(optimiser={"name": "sgd", "lr": 0.5, "decay": decay, "milestones": [40],
                                                   "warmup": 3}))
    train(run.path)
    last = run.metrics()["lr"][-1]
    new = go_on(run, tmp_path)
    assert ("learning rate" in new.status.message) is (decay == "linear")
    train(new.path)
    rates = new.metrics()["lr"][new.metrics()["step"] > 60]
    assert rates == pytest.approx(last)
