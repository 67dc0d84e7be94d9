"""The page of sweeps: made, watched, stopped, gone on with, deleted and brought back."""

import csv
import io
import json

import pytest

from seqlab.training import status
from seqlab.training.outcome import outcomes, to_csv
from seqlab.training.run import Run, create
from seqlab.training.sweep import Sweep, define
from seqlab.training.sweeps import Sweeps
from seqlab.ui.shell import services
from tests.support.labels import unsaid
from tests.support.pages import chart, opened, pictures, words
from tests.support.runs import tiny_config, tiny_run
from tests.support.waiting import wait_for

PAGE = "pages/sweeps.py"
TEXT = {"task": {"name": "text", "corpus": "python-topics", "num_steps": 8}, "batch": 4, "steps": 20,
        "evaluate_every": 10, "network": {"hidden": 8, "embedding": 4}}


@pytest.fixture
def runs(runs):
    yield runs
    feeder = services.engine().sweeps
    for sweep in feeder.sweeps.all()[0]:
        feeder.stop(sweep)
    wait_for(lambda: not services.engine().running() and not services.engine().queued(), 60)


def a_text_sweep(root, **over) -> Sweep:
    """A sweep of which the first points are done, without their training."""
    from seqlab.training.config import RunConfig

    over = over or {"network.hidden": "8,16,32", "optimiser.lr": "0.1,1", "task.num_steps": "8,16"}
    sweep = Sweeps(root).keep(define("three lists", RunConfig(**TEXT), over))
    for place, loss in enumerate([3.0, 2.0, 2.5, None]):
        run = create(root, sweep.points[place].config, sweep.points[place].id)
        rows = [{"step": step, "seconds": 1, "loss": 1, "accuracy": 0.5, "grad_norm": 1, "lr": 0.1, "tokens_per_s": 1,
                 "evaluation": 0.25, "validation": loss + 10 / step} for step in (10, 20) if loss]
        (run.path / "metrics.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
        status.write(run.path, run.status, state="finished" if loss else "diverged", step=20, seconds=2.0)
    return sweep


def test_the_chapters_grid_starts_with_one_press(runs, monkeypatch):
    begun: list[Sweep] = []
    feeder = services.engine().sweeps
    monkeypatch.setattr(feeder, "go_on", lambda sweep: begun.append(feeder.sweeps.keep(sweep)) or sweep)
    app = opened(PAGE)
    assert "no sweep yet" in words(app)
    app.number_input(key="chapter-steps").set_value(50).run()
    app.button(key="chapter-start").click().run()
    assert not app.exception
    sweep = begun[0]
    assert len(sweep.points) == 100
    assert {point.config.steps for point in sweep.points} == {50}
    assert {point.config.network.model for point in sweep.points} == {"rnn_tanh"}
    assert app.query_params["sweep"] in (sweep.id, [sweep.id])
    assert app.button(key="sweep-go-on").label == "Go on"


def test_a_sweep_is_made_watched_and_its_best_opens(runs):
    base = tiny_run(runs, name="as this")
    app = opened(PAGE)
    app.selectbox(key="sweep-base").set_value(base.id).run()
    app.selectbox(key="sweep-path-0").set_value("network.hidden").run()
    app.text_input(key="sweep-values-0").set_value("4, 8").run()
    assert "2 points" in words(app)
    app.selectbox(key="sweep-path-1").set_value("optimiser.lr").run()
    app.text_input(key="sweep-values-1").set_value("0.01, 0.02").run()
    assert "4 points" in words(app)
    app.button(key="sweep-start").click().run()
    assert not app.exception
    assert any("of 4 points" in bar.proto.text for bar in app.get("progress"))
    sweep = Sweeps(runs).all()[0][0]
    wait_for(lambda: not services.engine().sweeps.feeds(sweep.id), 180)
    app.run()
    assert not app.exception
    assert not app.error
    table = app.dataframe[0].value
    assert table["State"].tolist() == ["finished"] * 4
    assert table["Accuracy"].is_monotonic_decreasing
    assert pictures(app) == 2
    best = next(link.proto for link in app.get("page_link") if link.proto.label == "Open the best")
    assert sweep.id in best.query_string
    assert not app.selectbox(key="sweep-shown").options[0].startswith("sweep-")


@pytest.mark.parametrize(("path", "values", "told"), [
    ("network.hidden", "8, 0", "hidden size must be at least 1, not 0"), ("network.hidden", "8, 8", "8 twice"),
    ("network.hidden", ", ,", "empty"), ("optimiser.lr", "1, nan", "learning rate"), ("seed", "7", "Nothing varies"),
    ("network.model", "gru, mamba", "must be one of"), ("seed", ",".join(map(str, range(700))), "700 points"),
    ("optimiser.name", "<b>adam</b>, sgd", "optimiser must be"),
])
def test_a_list_that_cannot_be_is_told_in_one_sentence(runs, path, values, told):
    app = opened(PAGE)
    app.selectbox(key="sweep-path-0").set_value(path).run()
    app.text_input(key="sweep-values-0").set_value(values).run()
    assert not app.exception
    assert len(app.error) == 1
    assert told in app.error[0].value
    assert app.button(key="sweep-start").disabled
    assert not (runs / ".sweeps").exists()


def test_one_setting_twice_is_told(runs):
    app = opened(PAGE)
    for row in (0, 1):
        app.selectbox(key=f"sweep-path-{row}").set_value("seed").run()
        app.text_input(key=f"sweep-values-{row}").set_value("1, 2").run()
    assert "chosen twice" in app.error[0].value


def test_three_lists_are_a_grid_and_a_slider_that_follows_the_chosen_point(runs):
    sweep = a_text_sweep(runs)
    app = opened(PAGE, sweep=sweep.id)
    assert not app.exception
    assert not unsaid(app)
    table = app.dataframe[0].value
    assert table["Perplexity"].notna().sum() == 3
    assert table.iloc[0][["hidden", "lr", "num_steps"]].tolist() == [8, 0.1, 16]  # the least loss stands first
    assert table["State"].tolist()[:4] == ["finished"] * 3 + ["diverged"]
    slider = f"at-{sweep.id}-task.num_steps-slider"
    assert chart(app, slider)["at"] == 1
    chosen = opened(PAGE, sweep=sweep.id, point="2")
    assert chart(chosen, slider)["at"] == 0
    assert "Open the chosen one" in [link.proto.label for link in chosen.get("page_link")]
    chosen.selectbox(key=f"across-{sweep.id}").set_value("task.num_steps").run()
    assert chart(chosen, f"at-{sweep.id}-optimiser.lr-slider")
    assert not chosen.exception


def test_the_curves_of_a_text_sweep_can_be_changed(runs):
    sweep = a_text_sweep(runs)
    app = opened(PAGE, sweep=sweep.id)
    for curve in ("loss", "evaluation", "validation"):
        app.button_group(key=f"curves-{sweep.id}").set_value(curve).run()
        assert not app.exception
        assert pictures(app) == 2


@pytest.mark.parametrize("query", [{"sweep": "../../etc/passwd"}, {"sweep": "sweep-nope-00000000"}, {"point": "-1"},
                                   {"point": "999"}, {"point": "x"}, {"point": "²"}])
def test_a_bad_address_is_answered(runs, query):
    a_text_sweep(runs)
    app = opened(PAGE, **query)
    assert not app.exception
    assert not app.error
    assert len(app.warning) == ("sweep" in query)
    assert app.dataframe[0].value.shape[0] == 12


def test_a_spoiled_sweep_is_told_and_the_others_shown(runs):
    sweep = a_text_sweep(runs)
    (runs / ".sweeps" / "sweep-bad-00000000.json").write_text("{")
    app = opened(PAGE)
    assert not app.exception
    assert "not whole" in app.warning[0].value
    assert app.selectbox(key="sweep-shown").value == sweep.id


def test_stop_and_go_on(runs):

    feeder = services.engine().sweeps
    sweep = feeder.go_on(define("long", tiny_config(steps=1_000_000), {"seed": "1,2,3"}))
    wait_for(lambda: any(one.step for one in outcomes(runs, sweep)), 120)
    app = opened(PAGE, sweep=sweep.id)
    assert any("0 of 3 points" in bar.proto.text for bar in app.get("progress"))
    app.button(key="sweep-stop").click().run()
    wait_for(lambda: not services.engine().running())
    app.run()
    assert any("0 of 3 points · it stands still and can go on" in bar.proto.text for bar in app.get("progress"))
    app.button(key="sweep-go-on").click().run()
    assert not app.exception
    wait_for(lambda: any(one.state == "running" for one in outcomes(runs, sweep)), 60)
    assert app.run().button(key="sweep-stop")


def test_a_deleted_sweep_comes_back(runs):
    sweep = a_text_sweep(runs)
    app = opened(PAGE)
    app.button(key="sweep-delete").click().run()
    assert not app.exception
    assert not (runs / sweep.points[0].id).exists()
    assert "no sweep yet" in words(app)
    app.button(key="sweep-undo").click().run()
    assert not app.exception
    assert Run(runs / sweep.points[0].id).status.state == "finished"
    assert app.dataframe[0].value.shape[0] == 12


def test_points_are_listed_with_the_runs_only_where_they_are_asked_for(runs):
    tiny_run(runs, name="an own one")
    sweep = a_text_sweep(runs)
    app = opened("pages/runs.py")
    assert app.dataframe[0].value["Name"].tolist() == ["an own one"]
    app.button_group(key="kinds").set_value(["Points of sweeps"]).run()
    assert len(app.dataframe[0].value) == 4
    picker = opened("pages/stepper.py", run=sweep.points[1].id)
    assert not picker.exception
    other = opened("pages/stepper.py")
    assert not any("three lists" in option for option in other.selectbox(key="picked").options)


def test_every_point_is_a_line_of_the_csv(runs):
    sweep = a_text_sweep(runs)
    rows = list(csv.DictReader(io.StringIO(to_csv(sweep, outcomes(runs, sweep)))))
    assert [row["state"] for row in rows][:5] == ["finished"] * 3 + ["diverged", "waiting"]
    assert rows[1]["network.hidden"] == "8"
    assert rows[4]["validation"] == ""
