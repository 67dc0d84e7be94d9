"""What the pages do with a run beside looking at it: names, going on, devices, shipped runs, downloads."""

import math
import re
from types import SimpleNamespace

import pytest

from seqlab.tasks import echo
from seqlab.training.run import Run, create
from seqlab.ui.runs import devices
from seqlab.ui.runs.training_panel import time_left
from seqlab.ui.shell import services
from tests.support.data import ROOT
from tests.support.pages import opened, words
from tests.support.runs import stop_run, tiny_config, tiny_run
from tests.support.waiting import wait_for


def test_a_new_run_is_named_after_what_sets_it_apart(runs):
    for recipe, name in (("fast", "GRU, delays 0 to 8, fast"), ("fixed-plain", "GRU, delay 4, as published"),
                         ("transformer", "Transformer, delays 0 to 8, attention")):
        app = opened("pages/echo.py")
        app.selectbox(key="recipe").set_value(recipe).run()
        app.button(key="train").click().run()
        run = services.library().runs()[0]
        assert re.fullmatch(re.escape(name) + r" · \d\d:\d\d", run.name)
        assert run.config.task_config.delay in (8, 4)
        stop_run(run)


def test_a_recipe_loses_nothing_on_its_way_through_the_form(runs):
    app = opened("pages/echo.py")
    app.selectbox(key="recipe").set_value("plain").run()
    app.button(key="train").click().run()
    run = services.library().runs()[0]
    assert run.config.stop_at == echo.RECIPES["plain"].config["stop_at"]
    stop_run(run)


def field(app, label):
    """The widget of a setting, by what stands above it; None where it is not shown."""
    return next((one for kind in (app.selectbox, app.number_input) for one in kind if one.label == label), None)


def test_each_model_has_its_own_settings_and_any_can_be_chosen(runs):
    app = opened("pages/echo.py")
    assert field(app, "Weights start")
    assert not field(app, "Attention heads")
    field(app, "Model").set_value("transformer").run()
    assert not app.error
    assert not field(app, "Weights start")
    assert not field(app, "Learned positions reach")
    assert "evaluated on strings of up to 25 letters" in words(app)
    field(app, "Letters in a training string").set_value(30)
    field(app, "Positions").set_value("learned").run()
    assert "judged on strings" not in words(app)
    field(app, "Learned positions reach").set_value(40)
    field(app, "Attention heads").set_value(8)
    app.button(key="train").click().run()
    run = services.library().runs()[0]
    network = run.config.network
    assert (network.model, network.heads, network.positions, network.context) == ("transformer", 8, "learned", 40)
    assert network.initialisation == "default"
    stop_run(run)


@pytest.mark.parametrize(("label", "value", "sentence"), [
    ("Attention heads", 7, "7 heads do not divide 48 hidden units"),
    ("Learned positions reach", 20, "Learned positions that reach 20 steps are too few"),
    ("Letters in a training string", 200, "whose sequences have up to 200"),
])
def test_a_transformer_that_cannot_be_is_told_in_a_sentence(runs, label, value, sentence):
    app = opened("pages/echo.py")
    app.selectbox(key="recipe").set_value("transformer").run()
    field(app, "Positions").set_value("learned").run()
    assert not app.error
    field(app, label).set_value(value).run()
    assert not app.exception
    assert sentence in app.error[0].value
    app.button(key="train").click().run()
    assert not list(runs.glob("*-*"))


@pytest.mark.parametrize(("label", "value"), [("Hidden units", 99_999), ("Layers", 0), ("Learning rate", -1.0)])
def test_a_setting_out_of_range_is_said_and_no_other_network_is_trained(runs, label, value):
    app = opened("pages/echo.py")
    field(app, label).set_value(value).run()
    assert not app.exception
    assert f"{label} must be" in app.error[0].value
    assert "was typed" in app.error[0].value
    app.button(key="train").click().run()
    assert not list(runs.glob("*-*"))


def test_runs_of_one_name_are_chosen_by_their_ids(runs):
    made = [tiny_run(runs, name="Twin") for _ in range(3)]
    app = opened("pages/echo.py", run=made[1].id)
    picker = app.selectbox(key="picked")
    assert len(set(picker.options)) == 3
    assert picker.value == made[1].id
    picker.set_value(made[2].id).run()
    assert app.query_params["run"] in (made[2].id, [made[2].id])


def test_a_delay_in_the_address_that_cannot_be_had_is_said(shipped):
    app = opened("pages/echo.py", run="echo-variable-gru", delay="99")
    assert any("99" in warning.value and "3 is shown" in warning.value for warning in app.warning)
    assert not opened("pages/echo.py", run="echo-variable-gru", delay="5").warning


def test_a_run_says_how_long_it_still_trains():
    from seqlab.training.status import Status
    config = tiny_config(steps=1000)
    assert time_left(config, Status(state="running", step=100, seconds=20.0)) == "about 3 min left"
    assert time_left(config, Status(state="running", step=100, seconds=20.0), 600.0) == "about 10 min left"
    assert time_left(config, Status(state="running", step=0, seconds=20.0)) == ""
    assert time_left(config, Status(state="finished", step=1000, seconds=20.0)) == ""


def test_the_picker_names_the_model_once(shipped):
    for title in opened("pages/echo.py").selectbox(key="picked").options:
        assert sum(title.count(model) for model in ("GRU", "LSTM", "RNN", "Transformer")) == 1


@pytest.mark.parametrize("source", ["finished", "shipped"])
def test_going_on_from_a_snapshot_makes_a_new_run_and_shows_it(shipped, source):
    run = tiny_run(shipped, name="done") if source == "finished" else services.library().get("echo-fixed-gru")
    before = {path.name for path in shipped.glob("*-*")} | {run.id}
    app = opened("pages/echo.py", run=run.id)
    app.select_slider(key=f"from-{run.id}").set_value(run.snapshots()[1])
    app.button(key="fork").click().run()
    assert not app.exception
    assert not app.error
    made = [path for path in shipped.glob("*-*") if path.name not in before]
    assert len(made) == 1
    new = Run(made[0])
    assert app.query_params["run"] in (new.id, [new.id])
    assert new.id in app.selectbox(key="picked").value
    stop_run(new)
    assert new.status.step >= run.snapshots()[1]
    assert run.status.state == "finished"


def test_a_run_that_has_ended_says_how_it_was_trained(shipped):
    app = opened("pages/echo.py")
    run = services.library().get("echo-variable-gru")
    assert "How it was trained" in [header.value for header in app.header]
    line = next(line for line in words(app, "caption").splitlines() if "seed" in line)
    assert f"seed {run.passport['seed']}" in line
    assert run.passport["device"] in line
    assert f"{run.status.seconds:.1f} s" in line
    assert "steps are done" not in words(app)


def test_a_waiting_run_says_its_place(runs, monkeypatch):
    wait_for(lambda: services.engine().ready)
    run = create(runs, tiny_config())
    monkeypatch.setattr(services.engine(), "position", lambda _: 3)
    assert "number 3 in the queue and starts by itself" in words(opened("pages/echo.py", run=run.id))
    monkeypatch.setattr(services.engine(), "expected", lambda _: 20.0)
    assert "number 3 in the queue and starts in about 20 s" in words(opened("pages/echo.py", run=run.id))


def test_a_press_is_answered_in_the_same_run_of_the_page(runs):
    run = services.engine().start(tiny_config(steps=1_000_000))
    wait_for(lambda: run.status.step > 0)
    app = opened("pages/echo.py", run=run.id)
    app.button(key="pause").click().run()
    assert "Resume" in {button.label for button in app.button}
    app.button(key="stop").click().run()
    assert "Stop" not in {button.label for button in app.button}
    stop_run(run)


def test_an_absent_device_is_told_and_no_run_begins(runs, monkeypatch):
    wait_for(lambda: services.engine().ready)
    monkeypatch.setattr(devices, "here", lambda: ["cpu"])
    app = opened("pages/echo.py")
    device = next(box for box in app.selectbox if box.label == "Device")
    assert device.options == ["automatic: CPU here", "CPU", "GPU (CUDA) (not here)", "GPU (Apple) (not here)"]
    device.set_value("cuda").run()
    app.button(key="train").click().run()
    assert "There is no GPU (CUDA) here" in words(app, "error")
    assert not list(runs.glob("*-*"))


def test_no_page_waits_for_the_workers_to_say_what_they_have(runs, monkeypatch):
    wait_for(lambda: services.engine().ready)
    waiting = SimpleNamespace(done=lambda: False, result=lambda: pytest.fail("it waited"))
    monkeypatch.setattr(devices, "_asked", lambda: waiting)
    app = opened("pages/echo.py")
    assert next(box for box in app.selectbox if box.label == "Device").options[0] == "automatic"
    app.button(key="train").click().run()
    assert len(list(runs.glob("*-*"))) == 1


def ticked(run_id):
    """Open the runs page with one run ticked already."""
    app = opened("pages/home.py")
    app.session_state["ticked"] = [run_id]
    return app.switch_page(str(ROOT / "pages/runs.py")).run()


def test_shipped_runs_stay_and_the_page_says_so(shipped):
    app = ticked("echo-fixed-gru")
    assert "Shipped runs stay" in words(app)
    assert not {"Delete", "Save the name"} & {button.label for button in app.button}
    app.run()
    assert services.library().get("echo-fixed-gru").path.exists()


def test_rename_starts_with_the_name_and_takes_the_new_one(runs):
    run = tiny_run(runs, name="first name")
    app = ticked(run.id)
    field = next(field for field in app.text_input if field.label == "New name")
    assert field.value == "first name"
    field.set_value("second name").run()
    app.button(key="save-name").click().run()
    assert run.name == "second name"
    assert app.dataframe[0].value["Name"].tolist() == ["second name"]
    assert next(field for field in app.text_input if field.label == "New name").value == "second name"


def test_a_tick_stays_with_its_run_when_the_list_changes(runs):
    run = tiny_run(runs, name="ticked one")
    app = ticked(run.id)
    tiny_run(runs, name="newer one")
    app.run()
    assert app.dataframe[0].value["Name"].tolist() == ["newer one", "ticked one"]
    assert app.session_state["ticked"] == [run.id]


def test_columns_stand_in_the_order_of_interest_and_accuracy_is_cut(shipped):
    shown = opened("pages/runs.py").dataframe[0].value
    assert list(shown.columns) == ["Name", "Model", "Accuracy", "State", "Loss", "Steps", "Seconds", "Started", "Task"]
    for run, accuracy in zip(services.library().runs(), shown["Accuracy"], strict=True):
        exact = run.status.evaluation if run.status.evaluation is not None else run.status.accuracy
        assert accuracy == math.floor(1000 * exact) / 10
