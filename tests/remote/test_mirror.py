"""Two machines that share nothing but an address: what one writes the other has, whole and in order."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from seqlab import locks, remote
from seqlab.files import append_line
from seqlab.remote import layout, mirror, places, signs
from seqlab.remote.around import MARK
from seqlab.remote.mirror import Mirror
from seqlab.remote.store import Unreachable
from seqlab.training import abandoned, control, metrics, owner, recorder, snapshots, status, storage
from seqlab.training.library import Library
from seqlab.training.question import Question
from seqlab.training.run import Run, create
from tests.support.runs import tiny_config
from tests.support.waiting import wait_for

Machine = Callable[[str], Mirror]


@pytest.fixture(params=["memory", "file"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """One file system without a move of its own, as a bucket has none, and one with."""
    return f"memory://{uuid4().hex}" if request.param == "memory" else f"file://{tmp_path}/shared/runs"


@pytest.fixture
def machine(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Machine]:
    """Make machines by their names, which look at the address often."""
    monkeypatch.setattr(mirror, "LOOK", 0.2)
    made: list[Mirror] = []

    def make(name: str) -> Mirror:
        made.append(Mirror(address, tmp_path / name, whole=True))
        remote._mirrors[made[-1].root] = made[-1]
        made[-1].ready(60.0)
        return made[-1]
    yield make
    for one in made:
        remote.let_go(one.root)


def run_at(one: Mirror, state: str = "finished", id: str = "run") -> Run:
    """A run that was made on a machine, with two snapshots."""
    run = create(one.root, tiny_config(), id)
    for step in (0, 5):
        snapshots.file(run.path, "weights", step).write_bytes(b"weights %d" % step)
    append_line(run.path / metrics.FILE, '{"step": 5, "seconds": 1.0}')
    status.write(run.path, run.status, state=state, step=5)
    return run


def seen_at(one: Mirror, id: str = "run") -> Run:
    """The same run on another machine, once it is there."""
    run = Run(one.root / id)
    wait_for(lambda: (run.path / status.FILE).exists() and run.status.step == 5)
    return run


def test_a_run_is_seen_elsewhere_and_its_weights_are_fetched_when_they_are_asked_for(machine: Machine) -> None:
    here, there = machine("here"), machine("there")
    run = run_at(here)
    seen = seen_at(there)
    assert seen.config == run.config
    assert seen.metrics()["step"].tolist() == [5.0]
    assert list((seen.path / "weights").iterdir()) == []
    assert seen.snapshots() == [0, 5]
    assert storage.size(seen.path) >= storage.size(run.path) - 100
    assert snapshots.file(seen.path, "weights", 5).read_bytes() == b"weights 5"
    assert [file.name for file in (seen.path / "weights").iterdir()] == ["step-00000005.safetensors"]


def test_names_marks_owners_trash_and_deletions_reach_the_other_side(machine: Machine) -> None:
    here, there = machine("here"), machine("there")
    run_at(here)
    seen = seen_at(there)
    Library(there.root).rename(seen, "another name")
    storage.pin(seen, True)
    owner.write(seen.path, owner.Owner("anna", shared=True))
    run = Run(here.root / "run")

    def same() -> bool:
        here.units["run"].hurry()
        return run.name == "another name" and storage.is_pinned(run) and owner.of(run.path).shared
    wait_for(same)
    storage.pin(run, False)
    wait_for(lambda: there.units["run"].hurry() or not storage.is_pinned(seen))
    Library(there.root).delete(seen)
    wait_for(lambda: not run.path.exists() and (here.root / ".trash/run").exists())
    Library(here.root).restore("run")
    wait_for(lambda: seen.path.exists() and not (there.root / ".trash/run").exists())
    assert snapshots.file(seen.path, "weights", 0).read_bytes() == b"weights 0"
    Library(here.root).delete(run)
    Library(here.root).empty_trash()
    wait_for(lambda: not layout.units(there.root) and not there.store.top()[0])


def test_what_is_missing_here_was_not_deleted(machine: Machine) -> None:
    """Whoever clears a cache clears a cache."""
    here, there = machine("here"), machine("there")
    run = run_at(here)
    seen_at(there)
    for file in sorted(run.path.rglob("*"), reverse=True):
        file.rmdir() if file.is_dir() else file.unlink()
    run.path.rmdir()
    wait_for((run.path / "config.json").exists)
    assert run.snapshots() == [0, 5]


def test_another_store_in_its_place_is_filled_and_empties_nothing(machine: Machine) -> None:
    here = machine("here")
    run = run_at(here)
    wait_for(lambda: remote.is_settled(run.path))
    here.store.remove("run", folder=True)
    here.store.remove(MARK)
    wait_for(lambda: "status.json" in here.store.listing("run"))
    assert run.status.state == "finished"


def test_commands_of_two_machines_are_all_kept(machine: Machine) -> None:
    here, there = machine("here"), machine("there")
    run_at(here, "running")
    run, seen = Run(here.root / "run"), seen_at(there)
    wait_for(lambda: seen.status.state == "running")
    control.set_lr(run, 0.1)
    control.set_lr(seen, 0.2)
    def values(run: Run) -> list[float | None]:
        return [command.value for command in control.Journal(run.path).read()]
    wait_for(lambda: sorted(map(str, values(run))) == sorted(map(str, values(seen))) == ["0.1", "0.2"])


def test_who_trains_is_right_and_holds_the_run_for_all_machines(machine: Machine) -> None:
    here, there = machine("here"), machine("there")
    run = run_at(here, "running")
    seen = seen_at(there)
    with recorder.held(run.path):
        wait_for(lambda: signs.HELD + here.store.me in here.store.listing("run"))
        there.units["run"].sync()
        assert recorder.is_held(seen.path)
        assert not locks.taken(seen.path / layout.LOCK)
        with pytest.raises(recorder.Held), recorder.held(seen.path):
            pass
        status.write(seen.path, seen.status, state="stopped")  # a page that did not know better
        wait_for(lambda: seen.status.state == "running")
        status.write(run.path, run.status, state="finished")
    assert '"finished"' in (here.store.read("run/status.json") or b"").decode()
    remote.refresh(seen.path)
    assert (seen.status.state, recorder.is_held(seen.path)) == ("finished", False)


def test_silence_is_told_by_the_clock_of_whoever_listens(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    here, there = machine("here"), machine("there")
    run = run_at(here, "queued")
    seen = seen_at(there)
    for second in range(3):  # its queue says so on a clock that is an hour late
        os.utime(run.path / status.FILE, (time.time() - 3600 + second,) * 2)
        time.sleep(0.3)
    assert time.time() - seen.status.updated < 15
    assert not abandoned.unheld(seen, seen.status)
    monkeypatch.setattr(abandoned, "SILENCE", 0.0)
    assert abandoned.unheld(seen, seen.status)
    monkeypatch.setattr(Mirror, "trouble", "away")
    assert not abandoned.unheld(seen, seen.status)


def test_an_address_that_is_away_is_named_and_gets_everything_when_it_is_back(
        machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    here, there = machine("here"), machine("there")
    run = run_at(here, "queued")
    seen = seen_at(there)
    with monkeypatch.context() as broken:
        for name in ("ls", "find", "pipe_file", "cat_file", "rm"):
            broken.setattr(here.store._files, name, _no_route)
        wait_for(lambda: remote.trouble(run.path))
        assert remote.trouble(run.path).startswith(f"{here.store.shown} cannot be reached; ")
        status.write(run.path, run.status, state="finished")
        assert not remote.is_settled(run.path)
        with pytest.raises(Unreachable):
            here.store.listing("run")
        assert seen.status.state == "queued"
    wait_for(lambda: seen.status.state == "finished")
    wait_for(lambda: not remote.trouble(run.path))


def _no_route(*_: object, **__: object) -> None:
    raise ConnectionError("no route")


def test_a_run_that_another_machine_took_meanwhile_is_let_go_of(
        machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever could not be heard for too long finds the run in other hands, and what was done since is given up."""
    here, there = machine("here"), machine("there")
    run = run_at(here, "running")
    seen = seen_at(there)
    with recorder.held(run.path):
        wait_for(lambda: signs.HELD + here.store.me in here.store.listing("run"))
        monkeypatch.setattr(here, "_retry", time.monotonic() + 3600)  # it cannot be heard
        there.store.remove(f"run/{signs.HELD}{here.store.me}")
        there.units["run"].sync()
        with recorder.held(seen.path):
            status.write(seen.path, seen.status, step=9)
            there.units["run"].sync()
            status.write(run.path, run.status, step=7)
            monkeypatch.setattr(here, "_retry", 0.0)
            wait_for(lambda: [command.do for command in control.Journal(run.path).read()] == ["move"])
            assert seen.status.step == 9
    wait_for(lambda: run.path.exists() and run.status.step == 9)


def test_paths_in_what_is_sent_are_named_by_the_address(machine: Machine) -> None:
    here = machine("here")
    run = run_at(here)
    question = Question(str(run.path), 5, (1, 2))
    sent = places.outgoing((question, {"path": str(run.path / "config.json")}, "text", 3))
    assert sent[0].path == places.Place(f"{here.address}\nrun")
    assert sent[1] == {"path": places.Place(f"{here.address}\nrun/config.json")}
    assert sent[2:] == ("text", 3)
    assert places.incoming(sent) == (question, {"path": str(run.path / "config.json")}, "text", 3)
    assert places.outgoing(other := (str(Path("/elsewhere/run")), 3)) == other


def test_what_a_mirror_knows_of_a_run_is_called_as_the_run_calls_it() -> None:
    assert (layout.STATUS, layout.METRICS, layout.JOURNAL) == (status.FILE, metrics.FILE, control.FILE)
    assert f"{recorder.PRIVATE}/{recorder.LOCK}" == layout.LOCK
    assert (layout.ACTIVE, layout.PIN, signs.SILENCE) == (status.ACTIVE, storage.PIN, status.SILENCE)
    order = ["optimiser/step-1", "weights/step-1", "config.json", "metrics.jsonl", "status.json"]
    assert [layout.rank(name)[0] for name in order] == [0, 1, 2, 3, 4]
