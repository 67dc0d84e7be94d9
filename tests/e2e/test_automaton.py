"""The automaton of the shipped NDFA network in Chromium: opened by the keyboard, learned, proved, read as a table."""

import re

from playwright.sync_api import expect

from tests.support.browser import SECONDS


def test_the_automaton_is_learned_drawn_and_proved(server, page):
    page.goto(f"{server.url}/grammar?run=grammar-ndfa")
    section = page.locator("button", has_text="Automaton")
    expect(section).to_be_visible(timeout=60 * SECONDS)
    section.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("They are the same.")).to_be_visible(timeout=60 * SECONDS)
    expect(page).to_have_url(re.compile("ask=automaton"))
    graphs = page.get_by_role("img", name=re.compile("15 states, 20 transitions"))
    expect(graphs).to_have_count(2)
    expect(page.locator(".st-key-badge-slot-automaton- [data-state=proved]")).to_be_visible(timeout=60 * SECONDS)
    page.get_by_text("Both as tables").click()
    expect(page.get_by_role("row")).not_to_have_count(0)
    page.set_viewport_size({"width": 390, "height": 844})
    expect(graphs.first).to_be_visible(timeout=20 * SECONDS)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
