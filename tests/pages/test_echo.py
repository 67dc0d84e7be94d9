"""The echo lab and the list of runs: trained, steered, typed into, filtered, and what cannot be."""


import shutil

import pytest

from seqlab.tasks.echo import RECIPES
from seqlab.training.config import RunConfig
from tests.support.pages import opened, own_runs, pictures, started, words
from tests.support.runs import stop_run, tiny_config, tiny_run
from tests.support.waiting import wait_for


def test_train_button_starts_a_run_with_defaults_and_shows_it(runs):
    app = opened("pages/echo.py")
    app.button(key="train").click().run()
    assert not app.exception
    (run,) = own_runs(runs)
    assert app.query_params["run"] in (run.id, [run.id])
    wait_for(lambda: run.status.step > 0)
    stop_run(run)
    assert run.status.state == "stopped"


@pytest.mark.parametrize("recipe", ["plain", "fixed-plain"])
def test_the_form_makes_of_a_published_recipe_the_published_run(runs, recipe):
    app = opened("pages/echo.py")
    app.selectbox(key="recipe").set_value(recipe).run()
    assert "314 updates, not 157" in words(app)
    app.button(key="train").click().run()
    assert not app.exception
    (run,) = own_runs(runs)
    stop_run(run)
    published = RunConfig(**RECIPES[recipe].config)
    assert run.config.model_copy(update={"name": published.name, "seed": published.seed}) == published
    app.button(key="train").click().run()
    (again,) = (new for new in own_runs(runs) if new.id != run.id)
    stop_run(again)
    assert again.config.seed != run.config.seed  # two presses, two networks


def test_steering_from_the_page(runs):
    run = started(tiny_config(steps=1_000_000))
    app = opened("pages/echo.py", run=run.id)
    app.button(key="pause").click().run()
    wait_for(lambda: run.status.state == "paused")
    before = run.status.step
    app.run().button(key="step").click().run()
    wait_for(lambda: run.status.step == before + 1)
    app.number_input(key=f"lr-{run.id}").set_value(0.0123).run()
    wait_for(lambda: run.status.lr == 0.0123)
    app.run().button(key="resume").click().run()
    wait_for(lambda: run.status.step > before + 3)
    app.run().button(key="stop").click().run()
    wait_for(lambda: run.status.state == "stopped")
    assert not app.exception


def test_two_pages_steer_one_run(runs):
    run = started(tiny_config(steps=1_000_000))
    first, second = opened("pages/echo.py", run=run.id), opened("pages/echo.py", run=run.id)
    first.button(key="stop").click().run()
    wait_for(lambda: run.status.state == "stopped")
    second.button(key="pause").click().run()  # the second page still shows the buttons of a running run
    assert not second.exception
    assert "stopped" in "".join(toast.value for toast in second.toast)


@pytest.mark.parametrize(("typed", "told"), [
    ("", ""), ("HELLO", ""), ("h3llo 7", "left out 3 7"), ("hi😀", "left out 😀"), ("a" * 10_000, "first 60 of 10000"),
])
def test_any_word_is_answered(shipped, typed, told):
    app = opened("pages/echo.py")
    app.text_input(key="word").set_value(typed).run()
    assert not app.exception
    assert not app.error
    assert told in words(app)
    assert pictures(app) >= 1


def test_delay_longer_than_the_word(shipped):
    app = opened("pages/echo.py")
    app.text_input(key="word").set_value("a").run()
    app.session_state["delay"] = 8
    app.run()
    assert not app.exception
    assert not app.error


@pytest.mark.parametrize("query", [
    {"run": "../../etc/passwd"}, {"run": "nosuchrun"}, {"delay": "99"}, {"delay": "x"}, {"word": "<script>"},
])
def test_a_bad_address_is_answered_in_one_sentence(shipped, query):
    app = opened("pages/echo.py", **query)
    assert not app.exception
    assert not app.error
    if "run" in query:
        assert len(app.warning) == 1
        assert "/work" not in app.warning[0].value


@pytest.mark.parametrize(("field", "value", "told"), [
    ("optimiser.lr-fast", 1e6, "learning rate"), ("network.hidden-fast", 5, "delay line"),
])
def test_a_setting_that_cannot_be_is_told_in_one_sentence(runs, field, value, told):
    app = opened("pages/echo.py")
    app.number_input(key=field).set_value(value).run()
    app.button(key="train").click().run()
    assert not app.exception
    assert any(told.lower() in error.value.lower() for error in app.error), [error.value for error in app.error]
    assert not list(runs.glob("*-*"))


def test_a_run_deleted_while_it_is_shown(runs):
    run, other = tiny_run(runs, name="goes"), tiny_run(runs, name="stays")
    app = opened("pages/echo.py", run=run.id)
    shutil.rmtree(run.path)
    app.text_input(key="word").set_value("abc").run()
    assert not app.exception
    assert len(app.warning) == 1
    assert app.selectbox(key="picked").value == other.id


def test_a_half_written_run_is_listed_as_broken(runs):
    run = tiny_run(runs, name="whole")
    broken = tiny_run(runs, name="half")
    (broken.path / "config.json").write_text('{"task": {"na')
    app = opened("pages/runs.py")
    assert not app.exception
    assert broken.id in words(app, "warning")
    assert run.name in app.dataframe[0].value["Name"].tolist()


def test_runs_are_filtered(runs):
    tiny_run(runs, name="apple")
    tiny_run(runs, name="pear")
    app = opened("pages/runs.py")
    app.text_input(key="filter").set_value("app").run()
    assert app.dataframe[0].value["Name"].tolist() == ["apple"]
    app.text_input(key="filter").set_value("zzz").run()
    assert not app.exception
    assert "No run matches" in words(app)
