"""The gradients section as a person uses it, with torch in this process, and what it says when something is wrong."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from seqlab.agreement import Agreement
from seqlab.errors import Fault
from seqlab.figures.plot import Plot
from seqlab.tasks.echo import ALPHABET, inputs_for, target_for
from seqlab.training.config import RunConfig
from seqlab.training.run import Run, create
from seqlab.training.session import train
from seqlab.ui.shell import services
from seqlab.ui.studios.cells import gradient_step as module
from seqlab.ui.studios.cells import gradients as section
from seqlab.ui.studios.cells.gradient_step import (
    TRAINING_STEP,
    LossQuestion,
    StepQuestion,
    drawable,
    gradients_of,
    measured_slopes,
    torch_step,
)
from seqlab.ui.widgets.plot import plot
from tests.support.pages import slide, sliders
from tests.ui.conftest import Here

SECTION = "from seqlab.ui.studios.cells.gradients import gradients_section\ngradients_section()\n"
PICTURES = ["How much the loss depends on each time", "dL/dh, layer 1, unit by unit"]
TASK = {"name": "echo", "delay": 2, "length": 8}


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A library of its own, empty at first."""
    for name, folder in (("SEQLAB_RUNS", "runs"), ("SEQLAB_CHECKPOINTS", "shipped")):
        (tmp_path / folder).mkdir()
        monkeypatch.setenv(name, str(tmp_path / folder))
    services.everything.cache_clear()
    yield tmp_path / "runs"
    services.everything.cache_clear()


def made(folder: Path, **changes: Any) -> Run:
    network = {"hidden": 8, "embedding": 3, "heads": 2, "layers": 2} | changes.pop("network", {})
    run = create(folder, RunConfig(task=TASK, batch=8, steps=12, network=network, device="cpu", **changes))
    assert train(run.path).state == "finished"
    return run


def asked_of(run: Run, word: str = "abc", at: int | None = None) -> LossQuestion:
    ids, targets = inputs_for(word, 2)[0], ALPHABET.encode(target_for(word, 2))
    weight = np.ones(len(ids)) if at is None else np.eye(len(ids))[at]
    return LossQuestion.of(run, run.snapshots()[-1], ids, targets, weight, 2)


def agreed(run: Run, choice: tuple[str, float, float | None]) -> Agreement:
    return TRAINING_STEP.agreements(StepQuestion(asked_of(run), *choice))["float64"]


CHOICES = [("adam", 0.1, 0.5), ("adamw", 0.003, None), ("sgd", 0.1, 0.01)]


@pytest.mark.slow
@pytest.mark.parametrize("choice", CHOICES)
@pytest.mark.parametrize("model", ["gru", "lstm", "rnn_tanh", "transformer"])
def test_a_step_of_every_core_is_proved(model: str, choice: tuple, runs: Path, here: Here) -> None:
    run = made(runs, network={"model": model})
    question = asked_of(run, at=4)
    step = StepQuestion(question, *choice)
    agreement = TRAINING_STEP.agreements(step)["float64"]
    assert agreement.holds
    assert agreement.tolerance == 1e-10
    gradients, slopes, gaps = gradients_of(question), measured_slopes(question), step.gaps()
    assert set(drawable(run, gradients.trace)) <= set(torch_step(step)["trace"]), "something is drawn without a proof"
    assert set(gaps) == set(gradients.weights) == set(slopes)
    assert max(max(pair) for name, pair in gaps.items() if not name.endswith("b_k")) < 1e-10
    assert all(slope.within for slope in slopes.values())
    assert here.asked == 1


@pytest.mark.parametrize("part", ["weights", "trace", "updated"])
def test_one_wrong_number_is_found_and_named(part: str, runs: Path, here: Here) -> None:
    def spoil(answer: Any) -> None:
        name = "h.0" if part == "trace" else "core.bias_hh_l0"
        answer[part][name] = answer[part][name] + 1e-6

    here.spoil = spoil
    agreement = agreed(made(runs), CHOICES[2])
    expected = {"weights": "core.bias_hh_l0", "trace": "dL/dh.0", "updated": "new core.bias_hh_l0"}[part]
    assert agreement.first_fault is not None
    assert agreement.first_fault.name == expected


def test_a_wrong_gradient_is_seen_by_the_measured_slopes(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = gradients_of(asked_of(made(runs)))
    wrong = before.weights | {"core.weight_hh_l0": before.weights["core.weight_hh_l0"] * 1.01}
    monkeypatch.setattr(module, "gradients_of", lambda _: module.Gradients(before.loss, wrong, before.trace))
    slopes = measured_slopes(asked_of(made(runs), "abcd"))
    assert not slopes["core.weight_hh_l0"].within


def test_one_hot_codes_are_not_trained(runs: Path, here: Here) -> None:
    run = made(runs, network={"input": "one-hot"})
    assert not any(name.startswith("encoder") for name in gradients_of(asked_of(run)).weights)
    assert agreed(run, CHOICES[0]).holds


def test_the_sum_of_the_losses_is_measured_as_it_is_trained(runs: Path, here: Here) -> None:
    run = made(runs, reduction="sum")
    assert all(slope.within for slope in measured_slopes(asked_of(run)).values())
    assert agreed(run, CHOICES[2]).holds


def test_more_time_than_positions_is_a_plain_fault(runs: Path) -> None:
    run = made(runs, network={"model": "transformer", "positions": "learned", "context": 26})
    with pytest.raises(Fault, match="26 positions"):
        gradients_of(asked_of(run, "a" * 30))


def drawn(**query: str) -> AppTest:
    app = AppTest.from_string(SECTION, default_timeout=60)
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


@pytest.fixture
def pictures(monkeypatch: pytest.MonkeyPatch) -> list[Plot]:
    """Every chart that is drawn, in order."""
    every: list[Plot] = []

    def drawing(picture: Plot, *, key: str) -> None:
        every.append(picture)
        plot(picture, key=key)

    monkeypatch.setattr(section, "plot", drawing)
    return every


def table(app: AppTest) -> str:
    return next(part.proto.body for part in app.get("html") if "<table>" in part.proto.body)


def test_without_a_network_it_says_how_to_get_one(runs: Path) -> None:
    assert "Train one" in drawn().info[0].value


def test_it_draws_two_pictures_and_a_table_that_torch_has_filled(runs: Path, here: Here, pictures: list[Plot]) -> None:
    made(runs)
    app = drawn(word="abc", delay="1")
    assert [one.title for one in pictures] == PICTURES
    assert "core.weight_hh_l1" in table(app)
    assert "…" not in table(app)
    assert "✗" not in table(app)
    assert any("vanishes" in text.value or "survives" in text.value or "grows" in text.value for text in app.markdown)


def test_the_slider_chooses_the_answer_whose_loss_is_sent_back(runs: Path, here: Here, pictures: list[Plot]) -> None:
    made(runs)
    app = drawn(word="abc", delay="1")
    slider = sliders(app)["The answer at t"]
    assert (slider["texts"], slider["at"]) == (["0", "1", "2", "3"], 3)
    first = [text.value for text in app.markdown]
    slide(app, "answer", 1)
    assert [text.value for text in app.markdown] != first
    flow = pictures[-2]
    assert flow.note == "the loss of the answer at t = 1"
    assert [(rule.text, rule.at) for rule in flow.panels[0].rules] == [("output a", 1), ("input a", 0)]
    assert all(series.y[1] > 0 == series.y[2:].max() for series in flow.panels[0].series), "it feels nothing after it"
    app.text_input(key="word").set_value("a").run()
    assert not app.exception
    assert sliders(app)["The answer at t"]["at"] == 1


def test_all_answers_have_no_slider(runs: Path, here: Here) -> None:
    made(runs)
    app = drawn(word="abc", delay="1", loss="All answers")
    assert "The answer at t" not in sliders(app)
    assert any("loss of all answers" in text.value for text in app.markdown)


def test_no_word_is_no_gradient_and_a_strange_one_is_told(runs: Path, here: Here) -> None:
    made(runs)
    assert "Type a word" in drawn(word="123").info[0].value


@pytest.mark.slow
@pytest.mark.parametrize("query", [
    {"answer": "99", "lr": "7"}, {"answer": "-1", "lr": "abc", "clip": "9"}, {"answer": "x", "loss": "none"},
    {"optimiser": "magic", "snapshot": "x"}, {"snapshot": "7", "quantity": "z.0"}, {"quantity": "<b>"},
])
def test_a_strange_address_does_no_harm(query: dict[str, str], runs: Path, here: Here, pictures: list[Plot]) -> None:
    made(runs)
    drawn(word="abc", **query)
    assert [one.title for one in pictures] == PICTURES


def test_reset_brings_the_runs_own_optimiser_back(runs: Path, here: Here) -> None:
    made(runs, optimiser={"name": "sgd", "lr": 0.01, "clip": 0.1})
    app = drawn(word="abc", optimiser="AdamW", lr="0.1")
    app.button(key="gradient-reset").click().run()
    assert not app.exception
    assert app.session_state["optimiser"] == "sgd"
    assert app.session_state["lr"] == 0.01
    assert app.session_state["clip"] == "0.1"


def test_the_table_goes_without_torch_where_it_fails(runs: Path, here: Here, pictures: list[Plot]) -> None:
    made(runs)

    def spoil(answer: Any) -> None:
        raise Fault("The worker is gone.")

    here.spoil = spoil
    app = drawn(word="abc")
    assert [one.title for one in pictures] == PICTURES
    assert "…" in table(app)
    assert "encoder.symbol.weight" in table(app)
