"""A network is changed beside its word, in Chromium, by keys; the change is proved, listed, undone, and writes."""

import re

from playwright.sync_api import Page, expect

from tests.support.browser import SECONDS
from tests.support.servers import Server

FIRST = {"timeout": 60 * SECONDS}


def test_units_are_held_by_keys_undone_and_followed_to_a_phone(server: Server, page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(f"{server.url}/echo?run=echo-variable-gru&ask=change")
    page.get_by_text("Nothing is changed yet").wait_for(**FIRST)
    page.locator("[data-test-script-state=notRunning]").wait_for(**FIRST)
    units = page.get_by_role("textbox", name="Units")
    units.fill("0-127")
    units.press("Enter")
    listed = page.locator(".st-key-changes-made-list")
    expect(listed).to_contain_text("hidden state h, layer 0, unit 0-127: set to 0", **FIRST)
    slider, picture = page.get_by_role("slider", name="Value"), page.locator(".compare")
    slider.focus()
    # The picture moves in the browser, at each key: while it is another one than the server's, nobody has proved it.
    drawn = slider.evaluate("""node => new Promise((done) => {
        const root = node.getRootNode().querySelector(".compare"), before = root.dataset.id;
        node.value = node.max;
        node.dispatchEvent(new Event("input"));
        done([before !== root.dataset.id, root.dataset.id, node.getAttribute("aria-valuetext")]);
    })""")
    assert drawn[0]
    assert drawn[1].endswith("-value-1")
    assert drawn[2] == "1"
    expect(page.locator(".st-key-badge-slot-change")).to_contain_text("Proving")
    slider.press("ArrowLeft")
    expect(listed).to_contain_text("set to 0.95", **FIRST)
    expect(picture).not_to_have_attribute("data-id", re.compile("value"), **FIRST)  # the server's own now
    slider.press("End")
    expect(listed).to_contain_text("set to 1", **FIRST)
    expect(page.locator(".st-key-badge-slot-change")).to_contain_text("Proved", **FIRST)
    expect(picture).to_contain_text("after the change")
    expect(page).to_have_url(re.compile(r"change=h\.0"))
    expect(page.get_by_text(re.compile(r"\d+ of 11 answers change"))).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    undo = listed.get_by_role("button", name="Undo")
    undo.focus()
    undo.press("Enter")
    expect(listed).to_contain_text("set to 0.95", **FIRST)
    expect(slider).to_have_attribute("aria-valuetext", "0.95")
    # The same network writes while it is changed.
    page.goto(f"{server.url}/sampling?run=text-gru&change=h.0[3,9]=1")
    expect(listed).to_contain_text("hidden state h, layer 0, unit 3,9: set to 1", **FIRST)
    expect(page.locator(".st-key-badge-slot-sampling")).to_contain_text("Proved", **FIRST)
