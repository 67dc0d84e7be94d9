"""The hello lab's picture in Chromium on a bare page, and the proof that stands beside it."""

import re
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page

from seqlab.figures.lesson import lesson
from seqlab.reference.network import network
from seqlab.studies.published import PUBLISHED
from seqlab.trace import Trace
from seqlab.training.run import Run
from seqlab.ui.labs.hello import choice, lab
from seqlab.ui.labs.hello.choice import Choice, published, recipe_of
from seqlab.ui.labs.hello.lab import EPOCHS, trained_losses
from seqlab.ui.proof.passes import Passes
from seqlab.ui.widgets import script, style
from tests.ui.conftest import Here

CHECKPOINTS = Path(__file__).parents[2] / "checkpoints"
NAMES = ("state", "rnn", "embedding", "lstm", "gru")


def opened(name: str) -> Run:
    return Run(CHECKPOINTS / f"hello-{name}")


def traces(run: Run) -> list[Trace]:
    return [network(run.core, run.config.task_config.inputs, run.weights(step)) for step in run.snapshots()]


def packed(run: Run, **more: object) -> bytes:
    weights = [run.weights(step) for step in run.snapshots()]
    return lesson(traces(run), weights, core=run.core, config=run.config.task_config, steps=run.snapshots(),
                  reduction=run.config.reduction, channel="hello", **more)


@pytest.fixture
def page(browser) -> Iterator[Page]:
    page, faults = browser.new_page(viewport={"width": 1200, "height": 1000}), []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.set_content("<body style='margin: 0; --st-background-color: #fdfcfa'><div id=host></div></body>")
    page.evaluate("""async ([code, css]) => {
        const parentElement = document.getElementById("host");
        parentElement.innerHTML = `<style>${css}</style><div class="hello"></div>`;
        const run = (await import(URL.createObjectURL(new Blob([code], { type: "text/javascript" })))).default;
        const unpack = (text) => Uint8Array.from("xyz" + atob(text), (c) => c.charCodeAt(0)).subarray(3);
        window.mount = (text) => run({ data: unpack(text), parentElement });
    }""", [script("hello"), style("hello")])
    yield page
    page.close()
    assert not faults


def show(page: Page, data: bytes) -> None:
    page.evaluate("(text) => mount(text)", b64encode(data).decode())
    settled(page)


def settled(page: Page) -> None:
    page.wait_for_function("() => { const d = document.querySelector('.hello').dataset; return d.listed === d.epoch; }")


def go(page: Page, epoch: int) -> None:
    page.locator(f".row[data-k='{epoch}']").click()
    page.wait_for_function(f"document.querySelector('.hello').dataset.epoch === '{epoch}'")
    settled(page)


def number(text: str) -> float:
    return float(text.replace("−", "-"))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("epoch", [0, 15])
def test_the_tables_hold_the_weights_of_the_epoch(page: Page, name: str, epoch: int) -> None:
    run = opened(name)
    show(page, packed(run))
    go(page, epoch)
    weights, hidden = run.weights(epoch), run.config.network.hidden
    for layer in range(run.config.network.layers):
        rows = page.locator(f".tables tr[data-group='h.{layer}']").all()
        assert len(rows) == hidden
        for unit, row in enumerate(rows):
            kinds = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
            parts = [np.atleast_1d(weights[f"core.{kind}_l{layer}"][unit]) for kind in kinds]
            found = [number(text) for text in row.locator("td").all_inner_texts()[:-1]]
            np.testing.assert_allclose(found, np.concatenate(parts), atol=0.00501)


@pytest.mark.parametrize("name", NAMES)
def test_the_sum_of_a_unit_gives_what_the_network_computed(page: Page, name: str) -> None:
    run = opened(name)
    show(page, packed(run))
    trace, layer = traces(run)[-1], run.config.network.layers - 1
    page.locator(".letter[data-t='2']").click()
    gate = next(key for key in run.core.symbols if key in "ari")
    for unit in range(3):
        page.locator(f".unit[data-group='h.{layer}'][data-unit='{unit}'] .shape").first.hover()
        line = page.locator(".sums p").first.inner_text()
        total = sum(number(text) for text in page.locator(".sums p:first-child .term b").all_inner_texts())
        value = float(trace[f"{'h' if gate == 'a' else gate}.{layer}"][0, 2, unit])
        squashed = np.tanh(total) if gate == "a" else 1 / (1 + np.exp(-total))
        assert squashed == pytest.approx(value, abs=0.02)
        assert number(re.search(r"= ([−\d.e]+)$", line)[1]) == pytest.approx(value, abs=0.0006)


def test_epoch_time_gate_and_unit_are_linked(page: Page) -> None:
    run = opened("gru")
    show(page, packed(run))
    told = traces(run)
    page.locator("input[type=range]").focus()
    page.keyboard.press("Home")
    settled(page)
    word = run.config.task_config.alphabet.decode(told[0]["p"][0].argmax(-1))
    assert page.locator(".hello").get_attribute("data-said") == word
    assert "".join(page.locator(".letter b").all_inner_texts()) == word
    page.locator(".letter[aria-selected=true]").focus()
    page.keyboard.press("ArrowLeft")
    settled(page)
    shown = page.locator(".unit[data-group='h.0'] text:last-of-type").all_text_contents()
    np.testing.assert_allclose([number(text) for text in shown], told[0]["h.0"][0, 2], atol=0.00501)
    before = page.locator(".tables").inner_text()
    page.get_by_role("button", name="update gate").click()
    page.wait_for_function("(old) => document.querySelector('.tables').innerText !== old", arg=before)
    assert "update gate" in page.locator(".tables").inner_text()
    page.locator(".unit[data-group='p'][data-unit='1']").click()
    page.keyboard.press("ArrowUp")
    assert page.locator(".hello").get_attribute("data-unit") in ("p:1", "p:0")
    page.keyboard.press("Escape")


def test_the_puzzle_of_the_pair_is_told_where_there_is_one(page: Page) -> None:
    show(page, packed(opened("state")))
    assert page.locator(".riddle").inner_text() == ("It hears l at t = 2 and at t = 3, and must say l and then o. "
                                                    "Only its memory can tell the two apart.")
    assert page.locator(".hello").get_attribute("data-time") == "3"


def test_the_published_loss_stands_beside_ours(page: Page) -> None:
    show(page, packed(opened("state"), published=2.4966))
    assert page.locator(".published").inner_text() == (
        "published 2.4966 · here 2.584 as printed at epoch 15, before its update; 2.496 after it")
    show(page, packed(opened("gru")))
    assert page.locator(".published").is_hidden()


def test_another_lesson_of_the_same_form_shows_its_own_numbers(page: Page) -> None:
    run, (first, *_) = opened("rnn"), traces(opened("rnn"))
    weights = [run.weights(step) for step in run.snapshots()]
    young = lesson([first], weights[:1], core=run.core, config=run.config.task_config, steps=[0], reduction="mean",
                   channel="hello")
    show(page, young)
    assert page.locator(".row").count() == 1
    show(page, packed(run))
    assert page.locator(".row").count() == 16
    row = page.locator(".tables tr[data-group='h.0']").first.locator("td").first.inner_text()
    assert number(row) == pytest.approx(weights[-1]["core.weight_ih_l0"][0, 0], abs=0.00501)


def test_play_runs_through_every_epoch_to_the_last(page: Page) -> None:
    show(page, packed(opened("state")))
    page.get_by_role("button", name="Play the training").click()
    page.wait_for_function("document.querySelector('.hello').dataset.epoch === '3'")
    page.wait_for_function("document.querySelector('.hello').dataset.epoch === '15'")


def test_a_network_that_is_not_drawn_says_so(page: Page) -> None:
    from seqlab.reference.core import cores

    run = opened("gru")
    weights = [run.weights(step) for step in run.snapshots()]
    show_only = lesson(traces(run), weights, core=cores()["transformer"], config=run.config.task_config,
                       steps=run.snapshots(), reduction="mean", channel="hello")
    page.evaluate("(text) => mount(text)", b64encode(show_only).decode())
    assert page.locator(".none").is_visible()
    assert page.locator(".row").count() == 16


def test_a_phone_scrolls_the_drawing_and_not_the_page(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    show(page, packed(opened("lstm")))
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.locator(".row").nth(9).is_visible()


def test_the_trainers_losses_are_those_of_single_updates(tmp_path: Path) -> None:
    found = trained_losses(opened("state"))
    assert list(found) == list(range(15))
    rest = '"seconds": 1, "accuracy": 0, "grad_norm": 1, "lr": 1, "tokens_per_s": 1'
    rows = [f'{{"step": {step}, "loss": {step}.5, {rest}}}' for step in (1, 2, 9, 10)]
    (tmp_path / "metrics.jsonl").write_text("\n".join(rows) + "\n")
    assert trained_losses(Run(tmp_path)) == {0: 1.5, 1: 2.5, 9: 10.5}


def test_a_loss_that_is_not_the_trainers_breaks_the_proof(monkeypatch: pytest.MonkeyPatch, here: Here) -> None:
    run = opened("rnn")
    passes = Passes.of(run, run.snapshots(), run.config.task_config.inputs[0], None)
    assert not any(frame.fault for frame in EPOCHS.frames(passes))
    real = trained_losses(run)
    monkeypatch.setattr(lab, "trained_losses", lambda run: real | {7: real[7] + 0.01})
    monkeypatch.setattr(Passes, "stands", True)
    wrong = [frame for frame in EPOCHS.frames(replace(passes, stamp=passes.stamp + 1)) if frame.fault]
    assert [(frame.step, str(frame.fault)) for frame in wrong] == [(7, "the printed loss[0]")]


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_run_is_known_as_its_recipe(name: str) -> None:
    run = opened(name)
    assert recipe_of(run) == name
    assert Choice.of(name, "hello", "ohlol").made(run)
    assert not Choice.of(name, "cat", "dog").made(run)
    entry = PUBLISHED.get(f"hello/{name}")
    assert published(run) == (entry.value if entry else None)
    assert choice.RECIPES[name].label in Choice.of(name, "cat", "dog").config(3).name


def test_a_choice_says_what_is_wrong() -> None:
    assert "as many letters" in Choice.of("rnn", "cat", "mouse").fault
    assert "five networks" in Choice.of(None, "cat", "dog").fault
    assert not Choice.of("gru", "cat", "dog").fault
