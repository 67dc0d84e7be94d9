"""The page of the exercises: what was measured, where and when; doing one from its button; and what cannot be done."""

from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from seqlab.studies import predictions, results
from seqlab.studies.results import Measured, MeasuredCurve
from seqlab.studies.sentences import SENTENCES
from seqlab.studies.time_machine import EXERCISES
from seqlab.training import status
from seqlab.training.config import RunConfig
from seqlab.training.library import RESULTS
from seqlab.training.run import create
from seqlab.training.session import train
from seqlab.ui.shell import services
from seqlab.ui.studios.exercises import exercises
from tests.support.data import SHARED
from tests.support.pages import html, opened, words
from tests.support.waiting import wait_for

PAGE = "pages/exercises.py"
THIRD, NINTH = EXERCISES[2], EXERCISES[8]
FIGURES = {"time-machine-3": {"row": 0.0, "logits": 0.0, "numbers": 1000.0},
           "time-machine-9": {"clip": 1.0, "free, perplexity": 7.34, "free, norm": 0.45, "chapter, perplexity": 7.34,
                              "steep, perplexity": 7.6, "steep-free, perplexity": 1e18, "steep-free, norm": 5700.0}}


@pytest.fixture(autouse=True)
def data(monkeypatch: pytest.MonkeyPatch, cache: Path) -> None:
    monkeypatch.setenv("SEQLAB_DATA", str(SHARED))


def button(app: AppTest, name: str):
    return app.button(key=f"run-{name}")


def tiny(monkeypatch: pytest.MonkeyPatch) -> RunConfig:
    """Let the page do the third exercise with a run of a few steps on a text that needs no network."""
    chapter = THIRD.configs()["chapter"]
    small = RunConfig(**(chapter.model_dump() | {"steps": 4, "batch": 16, "evaluate_every": 2, "name": "Tiny",
                                                 "task": chapter.task | {"corpus": "python-topics"}}))
    changed = replace(THIRD, configs=lambda: {"chapter": small}, corpora=("python-topics",))
    monkeypatch.setattr(exercises, "LISTED", (changed,))
    return small


def looked(exercise: str, **query: str) -> AppTest:
    """Open an exercise whose answer was asked for."""
    predictions.keep(services.library().root, exercise, opened=True)
    return opened(PAGE, exercise=exercise, **query)


def test_an_exercise_asks_first_and_says_nothing_of_what_came_out(shipped):
    for exercise in (exercises.LISTED[0], NINTH, SENTENCES):
        app = opened(PAGE, exercise=exercise.name)
        assert not app.exception
        text, raw = words(app), html(app)
        assert exercise.question in text
        assert exercise.asked_in in text
        assert exercise.teaches not in text
        result = results.find(exercise.name, shipped, services.library().shipped)
        assert exercise.answered(result.result.figures) not in text
        assert raw.count("not opened yet") == len(exercises.LISTED)
        assert "class=ok" not in raw
        assert "class=plain" not in raw
        assert not app.get("plotly_chart")


def test_ours_and_the_published_stand_beside_what_was_predicted_once_it_is_asked_for(shipped):
    app = opened(PAGE, exercise=NINTH.name)
    app.text_area(key=f"answer-{NINTH.name}").set_value("It *explodes*.").run()
    app.number_input(key=f"guess-{NINTH.name}").set_value(3.0).run()
    app.button(key=f"open-{NINTH.name}").click().run()
    assert not app.exception
    text = words(app)
    assert f"**You said:** It *explodes*.; **3** for “{NINTH.figures[0].label}”" in text
    assert NINTH.teaches in text
    assert "a mean of ten steps, never exceeds" in text
    assert "exercise-grid" in html(app)
    again = opened(PAGE, exercise=NINTH.name)  # another session: it is as it was left
    assert again.text_area(key=f"answer-{NINTH.name}").value == "It *explodes*."
    assert again.text_area(key=f"answer-{NINTH.name}").disabled
    again.button(key=f"open-{NINTH.name}").click().run()
    assert NINTH.teaches not in words(again)
    assert not again.number_input(key=f"guess-{NINTH.name}").disabled
    assert again.number_input(key=f"guess-{NINTH.name}").value == 3.0


def test_a_share_is_predicted_in_percent(shipped):
    name = "imdb"
    app = opened(PAGE, exercise=name)
    app.number_input(key=f"guess-{name}").set_value(88.0).run()
    assert predictions.read(shipped, name).number == pytest.approx(0.88)
    assert opened(PAGE, exercise=name).number_input(key=f"guess-{name}").value == pytest.approx(88.0)


def test_a_result_is_shown_with_its_date_its_machine_and_its_answer(runs, tmp_path):
    for name, figures in FIGURES.items():
        line = {"free": MeasuredCurve(x=(1, 2), y=(0.1, 0.4))} if name.endswith("9") else {}
        results.keep(tmp_path, results.result_of(name, Measured(figures, line)).model_copy(
            update={"when": 1_795_350_000.0, "machine": "Test machine, 2 cores"}))
    app = looked(NINTH.name)
    assert not app.exception
    text = words(app)
    assert "Shipped with seqlab, measured on 22 November 2026 · Test machine, 2 cores" in text
    assert "a mean of ten steps, never exceeds 0.45" in text
    assert len(app.get("plotly_chart")) == 1  # the gradient norms
    assert "the largest |Δ| is 0" in words(looked(THIRD.name))
    results.keep(runs, results.result_of("time-machine-3", Measured(FIGURES["time-machine-3"] | {"row": 0.5})))
    app = looked(THIRD.name)
    assert "Measured here on" in words(app)
    assert "the largest |Δ| is 0.5" in words(app)
    assert "class=no>0.5" in html(app)


def test_a_damaged_or_older_result_is_told(runs, tmp_path):
    (runs / RESULTS).mkdir()
    (runs / RESULTS / "time-machine-3.json").write_text("{")
    results.keep(runs, results.result_of("time-machine-9", Measured({"something": 1.0})))
    app = looked(NINTH.name)
    assert not app.exception
    assert any("time-machine-3 is damaged" in warning.value for warning in app.warning)
    assert "measured by another version of seqlab" in words(app)


def test_run_it_trains_an_ordinary_run_and_keeps_what_it_measured(runs, monkeypatch):
    small = tiny(monkeypatch)
    app = opened(PAGE)
    assert button(app, THIRD.name).label == "Run it"
    button(app, THIRD.name).click().run()
    assert not app.exception
    run = next(run for run in services.library().runs() if run.config == small)
    wait_for(lambda: run.status.state == "finished" and run.id not in services.engine().running())
    wait_for(lambda: app.run() and results.find(THIRD.name, runs, runs), pause=0.3)
    app.run()
    assert not app.exception
    assert button(app, THIRD.name).label == "Measure again"
    assert "Measured here on" in words(app)  # who has it run wants to see what comes out
    kept = results.find(THIRD.name, runs, runs)
    assert kept.result.runs == {"chapter": run.id}
    assert kept.result.figures["row"] == 0.0
    before = len(services.library().runs())
    button(app, THIRD.name).click().run()
    wait_for(lambda: "Measuring" not in words(app.run()), pause=0.3)
    assert len(services.library().runs()) == before  # nothing is trained twice


def test_runs_that_are_there_are_only_measured(runs, monkeypatch):
    run = create(runs, tiny(monkeypatch))
    train(run.path)
    app = opened(PAGE)
    assert button(app, THIRD.name).label == "Measure"
    button(app, THIRD.name).click().run()
    wait_for(lambda: app.run() and results.find(THIRD.name, runs, runs), pause=0.3)
    wait_for(lambda: "Measured here on" in words(app.run()), pause=0.3)
    assert not app.exception
    assert [known.id for known in services.library().runs()] == [run.id]
    assert "Measured here on" in words(app)


def test_while_its_runs_train_the_card_says_how_far_they_are(runs, monkeypatch):
    run = create(runs, tiny(monkeypatch))
    status.write(run.path, run.status, state="running", step=3)
    app = opened(PAGE)
    assert not app.exception
    assert not [known for known in app.button if known.key == f"run-{THIRD.name}"]
    app.button(key=f"stop-{THIRD.name}").click().run()
    from seqlab.training.control import Journal
    assert [command.do for command in Journal(run.path, 0).read()] == ["stop"]


def test_progress_of_one_exercise_does_not_show_in_another_that_shares_a_run(runs, monkeypatch):
    small = tiny(monkeypatch)
    (whole,) = exercises.LISTED
    other = small.model_copy(update={"seed": 77})
    more = replace(whole, name="time-machine-4", configs=lambda: {"chapter": small, "other": other})
    monkeypatch.setattr(exercises, "LISTED", (whole, more))
    run = create(runs, small)
    status.write(run.path, run.status, state="running", step=3)
    app = opened(PAGE, exercise=whole.name)
    assert f"stop-{whole.name}" in {known.key for known in app.button}
    app = opened(PAGE, exercise=more.name)
    assert not app.exception
    assert f"run-{more.name}" in {known.key for known in app.button}
    assert f"stop-{more.name}" not in {known.key for known in app.button}
    assert "1 run that it shares with another exercise is training now" in words(app)


def test_what_run_it_costs_here_is_measured_and_said_before_it_is_pressed(runs, monkeypatch):
    small = tiny(monkeypatch)
    app = opened(PAGE)
    assert "Trains 1 run, 4 steps in all: measuring how long that takes here" in words(app)
    wait_for(lambda: "of training here, by a moment of each, measured now" in words(app.run()), pause=0.3)
    assert not services.library().runs()  # a moment leaves nothing behind
    run = create(runs, small.model_copy(update={"steps": 8, "seed": 5}))  # does the same work, and is another run
    status.write(run.path, run.status, state="finished", step=8, seconds=60.0)
    assert "Trains 1 run, 4 steps in all: about 30 s of training here, by runs that were trained here." in words(
        opened(PAGE))


def test_a_text_that_cannot_be_had_is_told_and_nothing_starts(runs, monkeypatch, tmp_path):
    from seqlab.data import corpora
    from seqlab.errors import Fault

    def offline(name, progress=None):
        raise Fault("The Time Machine could not be downloaded: there is no connection.")
    tiny(monkeypatch)
    monkeypatch.setattr(corpora, "corpus", offline)
    app = opened(PAGE)
    button(app, THIRD.name).click().run()
    assert not app.exception
    assert any("could not be downloaded" in warning.value for warning in app.warning)
    assert services.library().runs() == []


def test_without_a_table_the_sentences_say_how_to_give_one(runs, monkeypatch, tmp_path):
    monkeypatch.setenv("SEQLAB_DATA", str(tmp_path))
    app = opened(PAGE, exercise="sentences")
    assert not app.exception
    assert any("Add a CSV with a column of sentences" in warning.value for warning in app.warning)
    assert not [known for known in app.button if known.key == "run-sentences"]


def test_the_csv_has_a_line_for_every_figure(runs):
    found = {exercise.name: None for exercise in exercises.LISTED}
    kept = results.result_of("time-machine-3", Measured(FIGURES["time-machine-3"]))
    lines = exercises.figures_csv(found | {"time-machine-3": results.StoredResult(kept, "own")}).decode().splitlines()
    assert len(lines) == 1 + sum(len(exercise.figures) for exercise in exercises.LISTED)
    assert any("largest |Δ| of the logits,,,0.0,,0.0," in line for line in lines)
