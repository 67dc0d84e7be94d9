"""The attention page in its three states, with every address that a person may paste."""

import re

import pytest

from seqlab.tasks import echo
from seqlab.training import control
from seqlab.ui.shell import services
from tests.support.pages import chart, opened, pictures, slide, words
from tests.support.runs import tiny_config, tiny_run
from tests.support.waiting import wait_for

PAGE = "pages/attention.py"
NETWORK = {"model": "transformer", "hidden": 8, "heads": 2, "layers": 2, "embedding": 4}
FREE = {"weights": "Free weights"}


@pytest.fixture
def run(runs):
    return tiny_run(runs, name="a transformer", network=NETWORK)


def test_without_a_transformer_it_says_how_to_get_one(runs):
    tiny_run(runs, name="no attention in here")
    app = opened(PAGE)
    assert not app.exception
    assert "no trained transformer yet" in words(app)
    if "transformer" in echo.RECIPES:
        app.button(key="train-transformer").click().run()
        assert not app.exception
        made = next(made for made in services.library().runs() if made.config.network.model == "transformer")
        assert made.id in app.query_params["run"]
        control.stop(made)
        wait_for(lambda: not made.status.active)


def test_a_run_seconds_old_is_followed(runs):
    young = services.engine().start(tiny_config(steps=200_000, network=NETWORK))
    try:
        wait_for(young.snapshots)
        app = opened(PAGE, run=young.id)
        assert not app.exception
        assert not app.error
        assert pictures(app) >= 2
    finally:
        control.stop(young)
        wait_for(lambda: not young.status.active)


def test_a_full_run_shows_maps_a_badge_and_the_caution(run):
    app = opened(PAGE, run=run.id)
    assert not app.exception
    assert not app.warning
    assert pictures(app) >= 2
    assert "not an explanation" in words(app)
    assert app.get("download_button")


def test_a_run_without_attention_is_answered_and_another_is_shown(run, runs):
    other = tiny_run(runs, name="a GRU")
    app = opened(PAGE, run=other.id)
    assert not app.exception
    assert "nothing for this page" in words(app, "warning")
    assert app.selectbox(key="picked").value == run.id


@pytest.mark.parametrize(("off", "told"), [
    ("0.1", ""), ("0.1,1.0", ""), ("0.7", "'0.7', which is no head here"), ("x", "'x', which"),
    ("1.0,<script>", "'<script>', which"), ("9" * 400 + ".0", "which is no head here: there are 2 × 2 heads"),
])
def test_heads_that_the_address_switches_off(run, off, told):
    app = opened(PAGE, run=run.id, off=off)
    assert not app.exception
    assert told in words(app, "warning")
    assert bool(app.warning) == bool(told)
    if told:  # said once, and the address is put right
        assert "".join(app.query_params.get("off", "")) == ("1.0" if off.startswith("1.0") else "")


@pytest.mark.parametrize("word", ["", "A", "h3llo <b>", "😀", "x" * 10_000])
def test_any_word_is_answered(run, word):
    app = opened(PAGE, run=run.id)
    app.text_input(key="word").set_value(word).run()
    assert not app.exception
    assert not app.error
    assert pictures(app) >= 1


def test_another_task_plugs_in_its_own_input(runs):
    hello = tiny_run(runs, name="hello", task={"name": "hello"}, network=NETWORK, batch=1)
    app = opened(PAGE, run=hello.id)
    assert not app.exception
    assert pictures(app) >= 2
    app.text_input(key="word").set_value("Ohxoz").run()
    assert not app.exception
    assert "so x z was left out" in words(app)
    app.text_input(key="word").set_value("").run()
    assert not app.exception


def test_free_weights_need_no_run(runs):
    app = opened(PAGE, **FREE)
    assert not app.exception
    assert not app.warning
    assert pictures(app) >= 2
    slide(app, "width", 24)
    assert chart(app, "heads-slider")["texts"] == ["1", "2", "3", "4", "6", "8", "12"]
    slide(app, "heads", 12)
    slide(app, "width", 16)
    assert app.session_state["heads"] == 8  # the next smaller divisor
    assert not app.exception


@pytest.mark.parametrize(("query", "told"), [
    ({"heads": "5"}, "There is no '5' under “Heads”; 4 is shown"), ({"heads": "<b>"}, "There is no '"),
    ({"width": "17"}, ""), ({"width": "17", "heads": "4"}, "There is no '4' under “Heads”; 1 is shown"),
    ({"width": "-3"}, "Width '-3' in the address cannot be had here; it goes from 4 to 64, and 16 is shown"),
    ({"width": "many"}, "Width 'many' in the address"), ({"seed": "1e9"}, "Seed '1e9' in the address"),
    ({"scale": "nan"}, "Scale of q and k 'nan' in the address"), ({"causal": "perhaps"}, "can be true or false"),
    ({"off": "1.0"}, "'1.0', which is no head here"),
    ({"width": "24", "heads": "6", "causal": "false", "off": "0.5"}, ""),
])
def test_free_weights_by_address(runs, query, told):
    app = opened(PAGE, **(FREE | query))
    assert not app.exception
    assert told in words(app, "warning")
    assert bool(app.warning) == bool(told)
    assert pictures(app) >= 2
    assert not re.search(r"Traceback|/work/", words(app))


def test_a_mode_that_there_is_not_is_told(run):
    app = opened(PAGE, run=run.id, weights="Nope")
    assert not app.exception
    assert "There is no 'Nope' under “Whose attention”; A trained transformer is shown" in words(app, "warning")
    assert pictures(app) >= 1


@pytest.mark.parametrize(("sentence", "shown"), [
    ("", ""), ("one", ""), ("  \n ", ""), ("a b", ""), ("word " * 2_000, "Only the first 40 of 2,000 words"),
    ("x" * 10_000 + " y", "first 24 characters"),
    ("<img src=x onerror=alert(1)> 👩‍👩‍👧 e\u0301", ""), ("\u202e ab cd", ""),
])
def test_any_sentence_is_answered(runs, sentence, shown):
    app = opened(PAGE, **FREE)
    app.text_input(key="sentence").set_value(sentence).run()
    assert not app.exception
    assert not app.error
    assert shown in words(app)
    assert pictures(app) >= 1
