"""Compare in Chromium: two passes under one cursor, by hand and by keyboard, proved, and again from the address."""

import re

from playwright.sync_api import Page, expect

from tests.support.browser import SECONDS
from tests.support.servers import Server


def test_one_cursor_runs_through_both_and_a_race_is_started_and_stopped(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/compare?b=echo-fixed-lstm&a-word=cat")
    picture = page.locator(".compare")
    expect(picture).to_have_attribute("data-difference", "true", timeout=60 * SECONDS)
    expect(page.locator(".badge[data-state=proved]")).to_have_count(2, timeout=60 * SECONDS)
    page.locator(".map").first.hover()
    expect(page.locator(".column:visible")).to_have_count(3)
    expect(picture.locator(".hint")).to_contain_text(re.compile(r"A reads . *, says .*B reads .*difference"))
    page.locator(".fields").focus()
    page.keyboard.press("Escape")
    for key in ("ArrowRight", "ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
    expect(picture).to_have_attribute("data-at", "1.1")
    page.wait_for_url(re.compile(r"pin=1\.1"), timeout=10 * SECONDS)
    step = page.get_by_role("slider", name="A: step")
    moved = step.evaluate("""node => {
        node.value = 0;
        node.dispatchEvent(new Event("input"));
        return node.getRootNode().querySelector(".compare").dataset.id;
    }""")
    assert moved.endswith("-a-step-0")  # drawn at once, by the browser
    expect(picture.locator(".field header span").first).to_contain_text("step 0")
    expect(page.locator(".st-key-badge-slot-compare .badge")).to_have_attribute("data-state", "pending")
    step.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url(re.compile(r"a-step=\d"), timeout=30 * SECONDS)
    expect(picture).not_to_have_attribute("data-id", re.compile("-a-step-"), timeout=60 * SECONDS)
    expect(page.locator(".badge[data-state=proved]")).to_have_count(2, timeout=60 * SECONDS)
    page.get_by_text("unit by unit", exact=True).click()
    expect(picture).to_have_attribute("data-difference", "false", timeout=30 * SECONDS)  # 128 and 64 units
    expect(page.get_by_text("matched units can be subtracted")).to_be_visible()
    page.wait_for_url(re.compile(r"units=number.*pin=1\.1"), timeout=30 * SECONDS)
    page.reload()
    expect(picture).to_have_attribute("data-at", "1.1", timeout=60 * SECONDS)
    expect(picture).to_have_attribute("data-difference", "false")
    page.get_by_text("A race", exact=True).click()
    page.get_by_role("button", name="Start the race").click()
    lanes = page.locator(".race tr")
    expect(lanes).to_have_count(5, timeout=30 * SECONDS)  # what is read, and four models
    expect(lanes.locator("td.ok, td.no").first).to_be_visible(timeout=60 * SECONDS)
    expect(page.locator(".plot .legend span")).to_have_count(4)
    page.get_by_role("button", name="Stop the race").click()
    expect(page.get_by_text("seconds of training add up to")).to_be_visible(timeout=60 * SECONDS)
