
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from seqlab import __main__ as quick
from seqlab import command_line as commands
from seqlab.studies import Study, results
from seqlab.studies.figure import Figure
from seqlab.training.library import Library
from tests.support.runs import small_config
from tests.support.waiting import wait_for

ROOT = Path(__file__).parents[1]
SMALL = ["--network.hidden", "8", "--network.embedding", "4", "--batch", "4"]


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Library:
    monkeypatch.setenv("SEQLAB_RUNS", str(tmp_path / "runs"))
    monkeypatch.setenv("SEQLAB_CHECKPOINTS", str(tmp_path / "shipped"))
    return Library()


def refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as end:
        commands.main(arguments)
    assert end.value.code == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == 1
    assert "Traceback" not in said.err
    assert "pydantic" not in said.err
    return said.err


def test_train_then_list_show_and_go_on(shelf: Library, capsys: pytest.CaptureFixture[str]) -> None:
    commands.main(["train", *SMALL, "--steps", "30", "--name", "mine", "echo", "--task.delay", "2"])
    assert "finished" in capsys.readouterr().out
    run = shelf.runs()[0]
    assert (run.config.name, run.config.task["delay"], run.config.network.hidden) == ("mine", 2, 8)
    commands.main(["runs"])
    assert run.id in capsys.readouterr().out
    commands.main(["show", run.id])
    shown = capsys.readouterr().out
    assert "finished at step 30 of 30" in shown
    assert "data_sha256" in shown
    step = run.snapshots()[5]
    commands.main(["train", "--resume", run.id, "--from-step", str(step)])
    new = shelf.runs()[0]
    assert new.id != run.id
    assert new.name == f"mine from step {step}"
    assert new.status.step == 30


@pytest.mark.parametrize(("arguments", "word"), [
    (["train", "--network.hidden", "0"], "Hidden: input should be greater"),
    (["train", "--network.hidden", "100000"], "less than or equal to 2048"),
    (["train", "--network.model", "mamba"], "mamba"),
    (["train", "--optimiser.lr", "1e6"], "less than or equal to 100"),
    (["train", "--optimiser.lr", "nan"], "finite"),
    (["train", "--steps", "many"], "many"),
    (["train", "--nope", "1"], "--nope"),
    (["train", "echo", "--task.delay", "99"], "Delay"),
    (["train", "--resume", "nope"], "no run nope"),
    (["show", "../etc"], "not the name of a run"),
    (["lr", "nope", "3"], "no run nope"),
    (["lr"], "Missing"),
    (["frobnicate"], "frobnicate"),
    ([], "Expected one of"),
    (["reproduce", "nope"], "no study 'nope'"),
    (["checkpoints", "nope"], "no shipped network 'nope'"),
    (["train", "--network.model", "transformer", "--network.hidden", "10"], "4 heads do not divide 10 hidden units"),
    (["sweep", "--over", "network.hidden"], "no list of values"),
    (["sweep", "--over", "network.hidden=8,none"], "hidden size must be a whole number, not 'none'"),
    (["sweep", "--over", "network.hidden=8,8"], "8 twice"),
    (["sweep", "--over", "seed=1,2", "--over", "seed=3,4"], "seed is given twice"),
    (["sweep", "--over", f"seed={','.join(map(str, range(401)))}"], "at most 400"),
    (["sweep", "--over", "network.depth=1,2"], "no setting 'network.depth'"),
    (["sweep", "--recipe", "nope", "--over", "seed=1,2"], "no recipe named 'nope'"),
    (["sweep", "--recipe", "fast", "--over", "seed=1,2"], "Several recipes are named 'fast'"),
    (["sweep", "--recipe", "chapter", "--batch", "8", "--over", "seed=1,2"], "A recipe is a whole config"),
    (["sweep", "--resume", "sweep-nope-00000000"], "no sweep sweep-nope"),
    (["sweep", "--resume", "../etc"], "not the name"),
    (["sweep", "--workers", "0", "--over", "seed=1,2"], "at least one worker"),
])
def test_bad_values_are_one_sentence(shelf: Library, capsys: pytest.CaptureFixture[str], arguments: list[str],
                                     word: str) -> None:
    assert word in refused(arguments, capsys)
    assert shelf.runs() == []


def test_commands_reach_a_run(shelf: Library, capsys: pytest.CaptureFixture[str]) -> None:
    from seqlab.training.control import Journal
    from seqlab.training.run import create

    run = create(shelf.root, small_config())
    for arguments in (["pause"], ["step"], ["resume"], ["stop"]):
        commands.main([*arguments, run.id])
    said = Journal(run.path, 0).read()
    assert [command.do for command in said] == ["pause", "step", "resume", "stop"]
    assert "stopped" in refused(["lr", run.id, "0.5"], capsys)


def test_a_diverged_run_is_exit_code_1(shelf: Library, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        commands.main(["train", *SMALL, "--steps", "3000", "--network.model", "rnn_relu", "--optimiser.name", "sgd",
                       "--optimiser.lr", "100", "--optimiser.clip", "None"])
    assert end.value.code == 1
    assert "diverged" in capsys.readouterr().out


def test_studies_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    commands.main(["reproduce"])
    assert capsys.readouterr().out


def test_published_and_own_stand_side_by_side(shelf: Library, capsys: pytest.CaptureFixture[str],
                                              monkeypatch: pytest.MonkeyPatch) -> None:
    own = {"accuracy": 0.9991, "longer": 0.9995, "steps": 12.0}
    figure = Figure("accuracy", "accuracy at the end", ".2%", "echo-fixed/accuracy", "longer")
    monkeypatch.setattr("seqlab.studies.results.program", {figure.source: 0.9917}.get)
    study = Study("one", "One", "nowhere", (figure,), lambda report, runs: own)
    monkeypatch.setattr("seqlab.studies.studies", lambda: {"one": study})
    commands.main(["reproduce", "one"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].split() == " ".join(results.COLUMNS).split()
    assert lines[2].split() == ["accuracy", "at", "the", "end", "99.26%", "99.17%", "99.91%", "99.95%"]
    assert lines[3].split() == ["steps", "12"]
    kept = results.find("one", shelf.root, shelf.shipped)
    assert kept is not None
    assert kept.result.figures == own


def test_studies_are_named_by_patterns_too(shelf: Library, capsys: pytest.CaptureFixture[str],
                                           monkeypatch: pytest.MonkeyPatch) -> None:
    told = {name: Study(name, f"About {name}", "nowhere", (), lambda report, runs: {}) for name in
            ("book-a", "book-b", "other")}
    monkeypatch.setattr("seqlab.studies.studies", lambda: told)
    commands.main(["reproduce", "book-*", "book-a"])
    said = capsys.readouterr().out
    assert said.count("About book-a") == said.count("About book-b") == 1
    assert "About other" not in said
    assert "no study 'film-*'" in refused(["reproduce", "film-*"], capsys)


SWEEP = ["sweep", *SMALL, "--over", "network.hidden=4,8", "--over", "optimiser.lr=0.01,100"]


@pytest.mark.slow
def test_a_sweep_prints_its_table_and_repeats_nothing(shelf: Library, capsys: pytest.CaptureFixture[str]) -> None:
    commands.main(["sweep"])
    assert "no sweeps" in capsys.readouterr().out
    arguments = [*SWEEP, "--steps", "20", "--name", "two by two", "echo", "--task.delay", "2"]
    commands.main(arguments)
    said = capsys.readouterr().out
    assert "4 of 4 points" in said
    table = said.splitlines()[said.splitlines().index(next(line for line in said.splitlines() if "accuracy" in line)):]
    assert table[0].split() == ["hidden", "lr", "accuracy", "at", "step", "seconds", "state"]
    assert len([line for line in table if line.endswith("finished")]) == 4
    assert "The best point is hidden" in table[-1]
    assert shelf.runs() == []
    points = shelf.runs(points=True)
    assert {(run.config.network.hidden, run.config.optimiser.lr) for run in points} == {
        (4, 0.01), (4, 100), (8, 0.01), (8, 100)}
    before = {run.id: run.status.updated for run in points}
    commands.main(arguments)
    assert {run.id: run.status.updated for run in shelf.runs(points=True)} == before
    commands.main(["sweep"])
    assert "4 of   4" in capsys.readouterr().out
    commands.main(["runs"])
    assert "sweep-two-by-two" not in capsys.readouterr().out
    commands.main(["runs", "--points"])
    assert "sweep-two-by-two" in capsys.readouterr().out


@pytest.mark.slow
def test_control_c_stops_a_sweep_and_the_same_command_goes_on(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "seqlab", *SWEEP, "--steps", "120"]
    environment = os.environ | {"SEQLAB_RUNS": str(tmp_path)}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               text=True)
    shelf = Library(tmp_path, tmp_path / "none")
    wait_for(lambda: any(run.status.step > 1 for run in shelf.runs(points=True)), 60)
    process.send_signal(signal.SIGINT)
    said, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (130, "")
    assert "--resume sweep-echo-" in said
    assert not any(run.status.active for run in shelf.runs(points=True))
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=180)
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(run.status.state for run in shelf.runs(points=True))[-1] == "finished"
    assert len(shelf.runs(points=True)) == 4


@pytest.mark.parametrize("main", [commands.main, quick.main], ids=["among the commands", "at once"])
def test_serve_opens_the_pages_on_a_port(main: Callable[[list[str]], None], monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[list[str]] = []
    monkeypatch.setattr(os, "execv", lambda program, arguments: called.append(arguments))
    main(["serve", "--port", "9999"])
    assert called[0][1:4] == ["-m", "streamlit", "run"]
    assert called[0][-2:] == ["--server.port", "9999"]
    main(["serve", "--base-path", "/sub/path/"])
    assert called[1][-2:] == ["--server.baseUrlPath", "sub/path"]


def test_who_opens_the_pages_waits_for_nothing_that_they_do_not_need(monkeypatch: pytest.MonkeyPatch,
                                                                     capsys: pytest.CaptureFixture[str]) -> None:
    code = ("import os, sys; os.execv = lambda *_: None; from seqlab.__main__ import main; "
            "main(['serve', '--port', '9999']); print(*sys.modules)")
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = done.stdout.split()
    assert "seqlab.classroom.pages" in loaded
    assert not {"distributed", "streamlit", "seqlab.command_line", "seqlab.tasks"} & {*loaded}
    with pytest.raises(SystemExit) as end:
        quick.main(["serve", "--port", "many"])
    assert end.value.code == 2
    assert "many" in capsys.readouterr().err
    monkeypatch.setenv("SEQLAB_KEEP_DAYS", "many")
    with pytest.raises(SystemExit):
        quick.main(["serve"])
    assert capsys.readouterr().err == "SEQLAB_KEEP_DAYS must be a number of days from 0.01, not 'many'.\n"


def test_a_value_out_of_range_is_one_sentence_where_read(shelf: Library, capsys: pytest.CaptureFixture[str]) -> None:
    assert refused(["train", "--batch", "0", "echo"], capsys) == "The batch size must be at least 1, not 0.\n"


def test_control_c_stops_a_run_and_keeps_its_weights(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-m", "seqlab", "train", *SMALL, "--steps", "1000000"], cwd=ROOT,
                               env=os.environ | {"SEQLAB_RUNS": str(tmp_path)}, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True)
    shelf = Library(tmp_path, tmp_path / "none")
    wait_for(lambda: shelf.runs() and shelf.runs()[0].status.step > 1)
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    said, errors = process.communicate(timeout=20)
    assert process.returncode == 0
    assert "stopped. Stopped at step" in said
    assert errors == ""
    run = shelf.runs()[0]
    assert run.snapshots()[-1] == run.status.step
    assert run.weights()
