"""The grammar lab in Chromium: train brackets live, step through what was written, and write a grammar of one's own."""

import re

import pytest
from playwright.sync_api import Page, expect

from seqlab.training.config import RunConfig
from seqlab.training.run import create
from seqlab.training.session import train
from tests.support.browser import SECONDS, choose, open_settings
from tests.support.servers import serving


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory):
    """A server with no run but one that wrote strings after three epochs."""
    folder = tmp_path_factory.mktemp("grammar")
    config = RunConfig(task={"name": "grammar", "grammar": "toy-english", "level": "word", "strings": 400}, batch=20,
                       steps=60, evaluate_every=20, network={"model": "gru", "hidden": 16, "embedding": 8},
                       optimiser={"lr": 0.02}, device="cpu")
    train(create(folder / "runs", config, id="words").path)
    with serving(folder / "runs", SEQLAB_CHECKPOINTS=str(folder)) as running:
        yield running


def at(page: Page) -> str:
    return page.locator(".samples").get_attribute("data-at") or ""


def test_every_epoch_s_strings_can_be_looked_at_with_the_mark_where_they_leave(own, page):
    page.goto(f"{own.url}/grammar?run=words")
    rows = page.locator(".samples li")
    expect(rows).to_have_count(10, timeout=30 * SECONDS)
    assert at(page) == "2"
    expect(page.locator(".samples header b")).to_have_text("Epoch 3 · step 60")
    last = page.locator(".samples ol").inner_text()
    page.get_by_role("slider", name="Epoch", exact=True).focus()
    page.keyboard.press("Home")
    expect(page.locator(".samples header b")).to_have_text("Epoch 1 · step 20")
    assert page.locator(".samples ol").inner_text() != last
    expect(page.locator(".samples li.wrong mark, .samples li.wrong small").first).to_be_visible()
    page.locator(".samples button.play").click()
    expect(page.locator(".samples header b")).to_have_text("Epoch 3 · step 60", timeout=10 * SECONDS)
    assert page.locator(".samples ol").inner_text() == last


def test_an_own_grammar_is_checked_where_it_is_written_and_then_learned_live(own, page):
    page.goto(f"{own.url}/grammar?run=words")
    open_settings(page)
    choose(page, "Grammar", "Your own …")
    field = page.get_by_role("textbox", name="Rules")
    expect(field).to_have_css("padding-left", "46px")  # the line numbers stand beside the rules, not under them
    field.fill('S -> "<b>x</b>" S [0.3] | Y')
    field.press("Control+Enter")
    expect(page.get_by_text(re.compile("Line 1, column 27: the symbol Y has no rule"))).to_be_visible(
        timeout=20 * SECONDS)
    field.fill('S -> "<b>x</b>" S [0.3] | "y"')
    field.press("Control+Enter")
    expect(page.get_by_text("has no rule")).to_have_count(0, timeout=20 * SECONDS)
    expect(page.get_by_text(re.compile("6 different characters"))).to_be_visible(timeout=20 * SECONDS)
    page.get_by_role("button", name="Train a new one").click()
    expect(page.locator(".samples li")).to_have_count(10, timeout=90 * SECONDS)
    expect(page.locator(".samples")).to_have_attribute("data-at", re.compile(r"[1-9]"), timeout=90 * SECONDS)
    expect(page.locator(".samples b b, .samples code b")).to_have_count(0)  # what is written is never read as HTML
    expect(page.locator(".chart", has_text="Valid").locator("output")).to_contain_text(
        "%", timeout=60 * SECONDS)
