"""Event files of runs, read back by a reader that shares no code with what wrote them."""

import threading
from math import isfinite
from pathlib import Path

import numpy as np
import pytest

from seqlab import command_line as commands
from seqlab import paths
from seqlab.errors import Fault
from seqlab.export.making import tensorboard
from seqlab.export.making.tensorboard import TAGS, Follower, export, file_of, follow, followed
from seqlab.training.library import Library
from seqlab.training.metrics import FILE
from seqlab.training.run import Run, create
from seqlab.training.session import train
from tests.support.events import ReadEvent, read_events
from tests.support.runs import tiny_config, tiny_run
from tests.support.waiting import wait_for


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return tiny_run(tmp_path_factory.mktemp("runs"))


def curves(events: list[ReadEvent]) -> list[ReadEvent]:
    return [event for event in events if event.scalars]


def same(run: Run, events: list[ReadEvent]) -> None:
    """Every number that a run has published stands in its events, with its step and its time, and no other one."""
    table, started = run.metrics(), run.status.started
    assert [event.step for event in curves(events)] == table["step"].tolist()
    for place, event in enumerate(curves(events)):
        expected = {tag: table[column][place] for column, tag in TAGS.items() if isfinite(table[column][place])}
        assert event.scalars == pytest.approx(expected, rel=1e-6)
        assert event.wall_time == pytest.approx(started + table["seconds"][place], abs=1e-5)


def test_every_curve_is_read_back(run: Run, tmp_path: Path) -> None:
    events = read_events(export(run, tmp_path))
    assert events[0].version == "brain.Event:2"
    assert '"delay": 2' in events[1].texts["config"]
    same(run, events)
    tags = {tag for event in events for tag in event.scalars}
    assert {"train/loss", "train/accuracy", "train/lr", "train/grad_norm", "evaluation/accuracy"} <= tags
    assert curves(events)[-1].step == 30


@pytest.mark.parametrize("id", ["echo-variable-gru", "grammar-ndfa", "text-gru"])
def test_shipped_runs(id: str, tmp_path: Path) -> None:
    shipped = Run(paths.checkpoints() / id)
    same(shipped, read_events(export(shipped, tmp_path)))


def test_samples_are_texts_with_a_mark_each(tmp_path: Path) -> None:
    shipped = Run(paths.checkpoints() / "grammar-ndfa")
    events = read_events(export(shipped, tmp_path))
    texts = {event.step: event.texts["samples"] for event in events if "samples" in event.texts}
    assert list(texts) == list(shipped.samples())
    for step, written in shipped.samples().items():
        assert [line[4:] for line in texts[step].split("\n")] == [
            f"{'✓' if sample.valid else '✗'} {sample.text}" for sample in written]


def test_an_export_again_replaces_the_one_before(run: Run, tmp_path: Path) -> None:
    first = export(run, tmp_path).read_bytes()
    assert export(run, tmp_path).read_bytes() == first
    assert len(list(tmp_path.rglob("*tfevents*"))) == 1


def test_a_follower_writes_only_what_is_new_and_begins_anew_where_the_run_went_back(run: Run, tmp_path: Path) -> None:
    copy = create(tmp_path, run.config)
    lines = (run.path / FILE).read_bytes().splitlines(keepends=True)
    with Follower(copy, tmp_path / "board") as follower:
        assert follower.write() == 0
        before = follower.path.stat().st_size
        (copy.path / FILE).write_bytes(b"".join(lines[:2]) + lines[2][:10])
        assert follower.write() == follower.write() == 2
        assert len(curves(read_events(follower.path))) == 2
        (copy.path / FILE).write_bytes(b"".join(lines))
        follower.write()
        same(copy, read_events(follower.path))
        (copy.path / FILE).write_bytes(lines[0])
        assert follower.write() == 1
        same(copy, read_events(follower.path))
        assert follower.path.stat().st_size > before


def test_events_are_there_while_it_trains(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tensorboard, "SECONDS", 0.02)
    run, seen = create(tmp_path, tiny_config(steps=400)), []

    def look(status: object) -> None:
        path = file_of(run, tmp_path / "board")
        if run.status.step >= 100 and not seen:
            wait_for(lambda: path.exists() and curves(read_events(path)))
            seen.append(len(curves(read_events(path))))

    with followed(run, tmp_path / "board"):
        train(run.path, look)
    written = curves(read_events(file_of(run, tmp_path / "board")))
    assert 0 < seen[0] < len(written)
    same(run, written)


def test_a_run_that_another_process_trains_is_followed_to_its_end(run: Run, tmp_path: Path,
                                                                  monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tensorboard, "SECONDS", 0.02)
    other = create(tmp_path, tiny_config())
    trainer = threading.Timer(0.2, train, (other.path,))
    trainer.start()
    same(other, read_events(follow(other, tmp_path / "board")))
    trainer.join()
    assert other.status.state == "finished"
    assert len(other.metrics()["step"])


def test_a_run_without_curves_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Fault, match="no curves yet"):
        export(create(tmp_path, tiny_config()), tmp_path / "board")


def test_a_folder_that_cannot_be_is_said_after_the_training(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    run = create(tmp_path, tiny_config())
    with pytest.raises(Fault, match="cannot be written"), followed(run, tmp_path / "file"):
        train(run.path)
    assert run.status.state == "finished"


def test_the_command_line(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                          capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("SEQLAB_RUNS", str(run.path.parent))
    commands.main(["export", run.id, "--tensorboard", str(tmp_path / "board")])
    assert "tensorboard --logdir" in capsys.readouterr().out
    same(run, read_events(file_of(run, tmp_path / "board")))
    monkeypatch.setenv("SEQLAB_RUNS", str(tmp_path / "runs"))
    commands.main(["train", "--network.hidden", "8", "--batch", "4", "--steps", "30", "--tensorboard",
                   str(tmp_path / "live"), "echo", "--task.delay", "2"])
    (trained,) = Library().runs()[:1]
    same(trained, read_events(file_of(trained, tmp_path / "live")))
    assert np.isfinite(trained.metrics()["loss"]).all()
    commands.main(["export", trained.id, "--tensorboard", str(tmp_path / "live"), "--live"])
    assert trained.id in capsys.readouterr().out
