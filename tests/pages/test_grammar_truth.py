"""What the truth allows, without a browser: strings of every kind, both states, and what was measured."""

import csv
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from seqlab.training.run import Run
from seqlab.ui.labs.grammar.truth_field import MOST
from tests.pages.test_grammar import PAGE, grammar_run
from tests.support.pages import chart, html, opened, words
from tests.support.runs import tiny_run

PICTURES = ("truth-quantity", "truth-states", "truth-next", "truth-kl")


def typed(app: AppTest, text: str) -> AppTest:
    return app.text_input(key="string").set_value(text).run()


def test_it_opens_with_a_held_out_string_and_what_was_measured(runs: Path) -> None:
    run = grammar_run(runs)
    app = opened(PAGE, run=run.id)
    assert not app.exception
    language = run.config.task_config.language
    assert language.valid(tuple(app.text_input(key="string").value))
    assert "✓ in the language" in html(app)
    assert "held-out strings" in html(app)
    assert "bracket depth" in html(app)
    for key in PICTURES:
        assert chart(app, key)["panels"]
    assert len(app.get("plotly_chart")) == 2  # longer strings, and deeper ones
    assert {"proof-truth", "proof-measures"} <= app.session_state["proofs-drawn"]
    series = [part["name"] for part in chart(app, "truth-quantity")["panels"][0]["series"] if part["name"]]
    assert series[:2] == ["bracket depth: the truth", "read off all units"]
    assert series[2].startswith("unit ")


@pytest.mark.parametrize(("text", "verdict"), [
    ("(()", "ends too early"), ("()()", "token 3, cannot stand there"), ("", "ends too early"),
    ("(x)", "token 2, cannot stand there"), ("<u>(</u>", "token 1, cannot stand there"), ("((()))", "in the language"),
    ("语)", "token 1, cannot stand there"),
])
def test_any_string_is_answered(runs: Path, text: str, verdict: str) -> None:
    run = grammar_run(runs)
    app = typed(opened(PAGE, run=run.id), text)
    assert not app.exception
    assert verdict in html(app)
    assert "<u>" not in html(app)
    assert len(chart(app, "truth-states")["panels"][0]["map"]["values"][0]) == len(text) + 1


def test_far_too_long_a_string_is_cut_and_says_so(runs: Path) -> None:
    app = typed(opened(PAGE, run=grammar_run(runs).id), "(" * 1500)
    assert not app.exception
    assert f"first {MOST} of 1,500 tokens" in words(app)


def test_buttons_give_another_a_longer_and_a_spoilt_string(runs: Path) -> None:
    run = grammar_run(runs)
    language = run.config.task_config.language
    app = opened(PAGE, run=run.id)
    first = app.text_input(key="string").value
    another = app.button(key="string-another").click().run().text_input(key="string").value
    assert another != first
    longer = app.button(key="string-longer").click().run().text_input(key="string").value
    assert len(longer) > max(len(first), 12)
    assert language.valid(tuple(longer))
    app.button(key="string-spoilt").click().run()
    assert not language.valid(tuple(app.text_input(key="string").value))
    assert "✗" in html(app)


def test_the_quantity_and_the_state_can_be_chosen(runs: Path) -> None:
    app = opened(PAGE, run=grammar_run(runs).id)
    app.selectbox(key="quantity").set_value("tokens so far").run()
    assert chart(app, "truth-quantity")["panels"][0]["series"][0]["name"] == "tokens so far: the truth"
    before = chart(app, "truth-states")["panels"][0]["map"]["values"]
    app.segmented_control(key="state").set_value("h").run()
    assert not app.exception
    assert chart(app, "truth-states")["panels"][0]["map"]["values"] != before
    assert "hidden state h" in words(app)


def test_a_network_of_words_and_one_without_probes_are_shown_too(runs: Path) -> None:
    words = grammar_run(runs, task={"grammar": "toy-english", "level": "word"}, network={"model": "gru", "hidden": 6})
    app = opened(PAGE, run=words.id, string="a cat ran quickly")
    assert not app.exception
    assert "✓ in the language" in html(app)
    assert "clauses begun" in html(app)
    app = typed(app, "a cat cat")
    assert "<b>cat</b>, token 3, cannot stand there" in html(app)
    single = grammar_run(runs, task={"grammar": 'S -> "a"', "strings": 40})
    app = opened(PAGE, run=single.id)
    assert not app.exception


def test_what_probes_found_can_be_downloaded(runs: Path) -> None:
    from seqlab.ui.labs.grammar.truth_measured import measured
    from seqlab.ui.labs.grammar.truth_measures import _csv
    from seqlab.ui.proof.snapshot import Snapshot

    run: Run = grammar_run(runs)
    rows = list(csv.DictReader(_csv(measured(Snapshot.of(run))["probes"]).splitlines()))
    assert {row["symbol"] for row in rows} == {"h", "c"}
    assert all(float(row["r2"]) <= 1 for row in rows)


def test_a_run_without_weights_says_so(runs: Path) -> None:
    run = tiny_run(runs, task={"name": "grammar", "strings": 300, "longest": 40}, steps=10, evaluate_every=10)
    for file in (run.path / "weights").iterdir():
        file.unlink()
    app = opened(PAGE, run=run.id)
    assert not app.exception
    assert "kept no weights" in words(app)
