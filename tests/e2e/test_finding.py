"""The search over everything and the list of keys, by keyboard on a desk and by hand on a phone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.support import axe
from tests.support.access import settled
from tests.support.browser import SECONDS, headed
from tests.support.servers import Server

LONG = {"timeout": 60 * SECONDS}


def found(page: Page, question: str) -> str:
    """Open the search by its key, ask, and return the name that comes first."""
    page.locator("h1").first.click()
    page.keyboard.press("/")
    field = page.get_by_role("combobox", name="Search everything here")
    expect(field).to_be_focused(**LONG)
    field.fill(question)
    first = page.locator(".finding [role=option][aria-selected=true] b")
    expect(first).to_be_visible(**LONG)
    return first.inner_text()


def test_a_question_leads_to_the_symbol_a_setting_and_back(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/runs")
    headed(page, "Runs")
    # A slash is a slash where somebody writes.
    page.get_by_label("Filter", exact=True).press_sequentially("a/?")
    expect(page.get_by_label("Filter", exact=True)).to_have_value("a/?", **LONG)
    expect(page.locator("dialog[open]")).to_have_count(0)
    assert found(page, "what is z") == "z"
    expect(page.locator(".finding [role=option]").first).to_contain_text("1 keeps the old state, 0 takes the candidate")
    page.keyboard.press("Enter")
    headed(page, "Step by step")
    expect(page).to_have_url(re.compile(r"stepper\?run=.+&line=z"))
    expect(page.get_by_text("Update gate", exact=True)).to_be_visible(**LONG)
    # A setting: its form is unfolded, its field is ready to type in, and the address is that of the page again.
    assert found(page, "learning rate") == "Learning rate"
    page.keyboard.press("Enter")
    headed(page, "Echo lab")
    expect(page.get_by_role("spinbutton", name="Learning rate")).to_be_focused(**LONG)
    expect(page).to_have_url(re.compile(r"/echo$"), **LONG)
    # Arrows choose among what was found, Esc closes.
    found(page, "perplexity")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#found-1")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_windows_are_open_to_everybody(server: Server, phone: Page) -> None:
    phone.goto(f"{server.url}/stepper")
    settled(phone)
    button = phone.get_by_role("button", name="Search everything here")
    beside, menu = button.bounding_box(), phone.locator(".st-key-phone-menu button").bounding_box()
    assert beside["x"] >= menu["x"] + menu["width"]
    button.tap()
    field = phone.get_by_role("combobox", name="Search everything here")
    field.fill("where is perplexity")
    expect(phone.locator(".finding [role=option]").first).to_contain_text("perplexity", **LONG)
    axe.load(phone)
    assert not axe.serious(phone)
    phone.keyboard.press("Escape")
    phone.locator("h1").first.tap()
    phone.keyboard.press("?")
    keys = phone.get_by_role("dialog", name="Keys of this page")
    expect(keys).to_contain_text("searches everything here")
    expect(keys).to_contain_text("Next line")  # a button of this page that has a key
    assert not axe.serious(phone)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
