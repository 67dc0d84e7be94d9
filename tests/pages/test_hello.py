"""The Hello lab: with no run, as shipped, with runs of one's own, and with everything a person may type or link to."""


import pytest

from seqlab.tasks.hello import RECIPES, config_for
from seqlab.training.config import RunConfig
from seqlab.training.run import Run, create
from seqlab.training.session import train
from seqlab.ui.shell import services
from tests.support.pages import opened, own_runs, pictures, words
from tests.support.runs import tiny_run
from tests.support.waiting import wait_for

PAGE = "pages/hello.py"
LABELS = {name: recipe.label for name, recipe in RECIPES.items()}


def trained(folder, recipe="state", word="cat", target="dog", **more) -> Run:
    run = create(folder, RunConfig(**config_for(recipe, word, target, **more)))
    train(run.path)
    return run


@pytest.fixture
def workers(folder):
    """Training starts at once: the workers are awake."""
    wait_for(lambda: services.engine().ready)


def test_without_any_run_it_says_what_to_do_and_trains(runs, workers):
    app = opened(PAGE)
    assert not app.exception
    assert "Train" in app.info[0].value
    app.button(key="train-hello").click().run()
    assert not app.exception
    (made,) = own_runs(runs)
    assert app.query_params["run"] in (made.id, [made.id])
    wait_for(lambda: not made.status.active)
    app.run()
    assert "hello → ohlol" in words(app)
    assert pictures(app) >= 2  # the picture and its badge


@pytest.mark.parametrize("recipe", RECIPES)
def test_the_shipped_run_of_each_network_is_there_at_once(shipped, recipe):
    app = opened(PAGE)
    app.segmented_control(key="network").set_value(recipe).run()
    assert not app.exception
    assert not app.warning
    assert "shipped with seqlab" in words(app)
    assert RECIPES[recipe].note.rstrip(".") in words(app)
    assert not list(shipped.glob("*-*"))


def test_another_pair_is_trained_and_shown_and_reset_brings_hello_back(shipped, workers):
    app = opened(PAGE)
    app.text_input(key="hears").set_value(" Cat ").run()
    app.text_input(key="says").set_value("dog").run()
    assert not app.warning
    assert "Press **Train** to teach" in words(app)
    assert "hello → ohlol" in words(app)  # until then, what was there
    app.button(key="train-hello").click().run()
    assert not app.exception
    wait_for(lambda: "**cat → dog** ·" in words(app.run()))
    assert "trained here" in words(app)
    app.button(key="reset-hello").click().run()
    assert (app.text_input(key="hears").value, app.text_input(key="says").value) == ("hello", "ohlol")
    assert "run" not in app.query_params
    assert "shipped with seqlab" in words(app)


def test_a_run_of_ones_own_is_found_again_by_its_words(shipped):
    run = trained(shipped, "gru", seed=77)
    app = opened(PAGE)
    app.segmented_control(key="network").set_value("gru").run()
    app.text_input(key="hears").set_value("cat").run()
    app.text_input(key="says").set_value("dog").run()
    assert "seed 77" in words(app)
    assert run.path.exists()


@pytest.mark.parametrize("recipe", RECIPES)
def test_a_link_to_a_run_sets_the_words_and_the_network(shipped, recipe):
    run = trained(shipped, recipe)
    app = opened(PAGE, run=run.id)
    assert not app.exception
    assert (app.text_input(key="hears").value, app.text_input(key="says").value) == ("cat", "dog")
    assert app.segmented_control(key="network").value == recipe
    assert "**cat → dog**" in words(app)


def test_a_network_of_its_own_is_shown_without_a_recipe(shipped):
    config = config_for("gru", "cat", "dog")
    run = create(shipped, RunConfig(**(config | {"steps": 90, "network": config["network"] | {"hidden": 5}})))
    train(run.path)
    app = opened(PAGE, run=run.id)
    assert not app.exception
    assert app.segmented_control(key="network").value is None
    assert "GRU" in words(app)


def test_a_transformer_on_the_pair_is_shown_without_a_drawing(shipped):
    network = {"model": "transformer", "hidden": 8, "heads": 2, "layers": 1, "embedding": 4}
    run = create(shipped, RunConfig(**(config_for("gru", "cat", "dog") | {"network": network})))
    train(run.path)
    app = opened(PAGE, run=run.id)
    assert not app.exception
    assert not app.error


BAD = [("h3llo", "take out 3"), ("", "it has none"), ("hi", "as many letters"), ("naïve", "take out ï"),
       ("<script>alert(1)</script>", "take out"), ("a" * 10_000, "it has 10000"), ("😀", "take out 😀"),
       ("${{x}}", "take out"), ("../..", "take out"), ("\x00", "U+0000")]


@pytest.mark.parametrize(("typed", "told"), BAD)
def test_a_word_that_cannot_be_is_told_in_one_sentence_and_nothing_is_lost(shipped, typed, told):
    app = opened(PAGE)
    app.text_input(key="hears").set_value(typed).run()
    assert not app.exception
    assert not app.error
    assert not app.warning
    assert told in words(app).replace("\\", "")
    assert app.button(key="train-hello").disabled
    assert app.text_input(key="says").value == "ohlol"
    assert "hello → ohlol" in words(app)
    assert pictures(app) >= 2


@pytest.mark.parametrize("query", [
    {"run": "../../etc/passwd"}, {"run": "nosuchrun"}, {"network": "bogus"}, {"hears": "<b>"}, {"says": "x" * 5000},
    {"run": "echo-variable-gru"},
])
def test_a_bad_address_is_answered_in_one_sentence(shipped, query):
    app = opened(PAGE, **query)
    assert not app.exception
    assert not app.error
    assert len(app.warning) == ("run" in query or "network" in query)
    assert ("Still shown: hello → ohlol" in words(app)) is ("hears" in query or "says" in query)
    assert all("/work" not in warning.value for warning in app.warning)
    assert pictures(app) >= 2


def test_a_run_of_another_task_is_none_of_this_page(runs):
    run = tiny_run(runs)
    app = opened(PAGE, run=run.id)
    assert "none of this page" in app.warning[0].value
    assert app.info


def test_a_run_deleted_while_it_is_shown(shipped):
    import shutil
    run = trained(shipped)
    app = opened(PAGE, run=run.id)
    shutil.rmtree(run.path)
    app.run()
    assert not app.exception
    assert not app.error
    assert pictures(app) >= 2


def test_a_run_that_diverged_says_so(shipped):
    config = config_for("embedding", "cat", "dog") | {"optimiser": {"name": "sgd", "lr": 100.0, "clip": None}}
    run = create(shipped, RunConfig(**(config | {"steps": 200, "network": config["network"] | {"model": "rnn_relu"}})))
    train(run.path)
    app = opened(PAGE, run=run.id)
    assert not app.exception
    if run.status.state == "diverged":
        assert "Diverged at step" in words(app)
