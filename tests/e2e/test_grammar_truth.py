"""What the truth allows, in Chromium: type a string, see where it leaves the language, and choose what is followed."""

import re

import pytest
from playwright.sync_api import expect

from seqlab.training.config import RunConfig
from seqlab.training.run import create
from seqlab.training.session import train
from tests.support.browser import SECONDS
from tests.support.servers import serving


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory):
    """A server with one small network that has read brackets."""
    folder = tmp_path_factory.mktemp("truth")
    config = RunConfig(task={"name": "grammar", "grammar": "brackets", "strings": 600, "longest": 40}, batch=30,
                       steps=80, evaluate_every=40, network={"model": "lstm", "hidden": 12, "embedding": 4},
                       optimiser={"lr": 0.02}, device="cpu")
    train(create(folder / "runs", config, id="brackets").path)
    with serving(folder / "runs", SEQLAB_CHECKPOINTS=str(folder)) as running:
        yield running


def test_a_typed_string_is_judged_drawn_and_proved(own, page):
    page.goto(f"{own.url}/grammar?run=brackets")
    expect(page.locator(".probes")).to_be_visible(timeout=60 * SECONDS)
    expect(page.locator(".st-key-badge-slot-truth [data-state=proved]")).to_be_visible(timeout=30 * SECONDS)
    field = page.get_by_role("textbox", name="A string")
    field.fill("(())(")
    field.press("Enter")
    expect(page.locator(".verdict.wrong")).to_contain_text("token 5, cannot stand there", timeout=20 * SECONDS)
    expect(page.locator(".spelt .wrong")).to_have_text("(")
    expect(page).to_have_url(re.compile("string="))
    page.get_by_role("button", name="Another").click()
    expect(page.locator(".verdict.right")).to_be_visible(timeout=20 * SECONDS)
    expect(page.locator(".st-key-badge-slot-truth [data-state=proved]")).to_be_visible(timeout=30 * SECONDS)


def test_what_is_followed_stands_in_the_address_and_in_the_table(own, page):
    page.goto(f"{own.url}/grammar?run=brackets&quantity=tokens+so+far&string=%28%28%29%29")
    expect(page.locator(".probes tr.chosen th")).to_have_text("tokens so far", timeout=60 * SECONDS)
    expect(page.locator(".verdict.right")).to_be_visible()
    page.get_by_text("hidden state h").click()
    expect(page.get_by_text("The hidden state h", exact=True)).to_be_visible(timeout=20 * SECONDS)
    told = re.compile("reads each quantity off the hidden state h")
    expect(page.get_by_text(told)).to_be_visible(timeout=20 * SECONDS)
