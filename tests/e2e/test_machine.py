"""The machine beside a word, in Chromium: played by keys, followed unit by unit, opened line by line."""

import re

from playwright.sync_api import Page, expect

from tests.support.browser import SECONDS
from tests.support.servers import Server

FIRST = {"timeout": 60 * SECONDS}


def test_the_machine_by_mouse_and_keys(server: Server, page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(f"{server.url}/echo?run=echo-variable-gru&ask=machine")
    view = page.locator(".machine")
    card = view.locator("[data-part='z']")
    card.wait_for(timeout=60 * SECONDS)
    expect(view).to_have_attribute("data-line", "h")
    expect(page.locator(".st-key-machine-badge-slot")).to_contain_text("Proved", **FIRST)
    # Keys: a line after another, its numbers as it is computed; then a letter.
    slider = view.get_by_label("Line and letter")
    slider.press("ArrowRight")
    expect(view).to_have_attribute("data-line", "r")
    expect(view).to_have_attribute("data-t", "5")
    expect(card).to_have_attribute("data-state", "later")
    view.get_by_role("button", name=re.compile("^time 5: ")).press("ArrowLeft")
    expect(card).to_have_attribute("data-state", "done")
    # A unit: by its number, then by its place in a strip; each card has its number, a valve stands as its gate does.
    view.get_by_label("Unit", exact=True).fill("3")
    expect(view).to_have_attribute("data-unit", "3")
    expect(card).to_have_attribute("aria-label", re.compile(r"^zₜ, update gate: unit 3 is \d\.\d\d"))
    gate = float(card.locator("output").inner_text())
    expect(view.locator("[data-part='h:2']")).to_have_attribute("data-open", f"{gate:.2f}")
    words = page.locator("[data-testid='stMarkdownContainer']", has_text="In words.")
    expect(words).to_contain_text(re.compile(r"h = .* at “m” \(t = 4\): .* unit 3 .*without it"), **FIRST)
    expect(page.locator(".st-key-machine-words-badge-slot")).to_contain_text("Proved", **FIRST)
    card.locator(".strip").click(position={"x": 5, "y": 5})
    expect(view).not_to_have_attribute("data-unit", "3")
    expect(page).to_have_url(re.compile("machine-unit="))
    expect(words).to_contain_text(re.compile(r"z = .* \(t = 4\): unit \d+ "), **FIRST)
    # The same is said of a number that is pinned in the picture above it.
    above = page.locator(".explorer [data-view='z']")
    above.press("Home")
    above.press("Enter")
    expect(page.locator(".st-key-echo-pin-words-badge-slot")).to_contain_text("Proved", **FIRST)
    # A card opens its line, at this time.
    card.focus()
    card.press("Enter")
    expect(page.locator(".st-key-stepper-line")).to_contain_text("Update gate", **FIRST)
    assert page.locator(".steps-strip .here small").inner_text() == "4"
