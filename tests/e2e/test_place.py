"""The path of a state and the memory's horizon beside a word, in Chromium, by keys."""

import re

from playwright.sync_api import Page, expect

from tests.support.browser import SECONDS
from tests.support.servers import Server

LONG = {"timeout": 60 * SECONDS}


def test_a_path_is_walked_and_played_and_rests_and_the_horizon_is_measured(server: Server, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{server.url}/echo?run=echo-small-gru&ask=path&path-held=0")
    view = page.locator(".trajectory")
    expect(view).to_have_attribute("data-t", re.compile(r"^\d+$"), **LONG)
    expect(page.locator(".st-key-path-badge-slot")).to_contain_text("Proved", **LONG)
    expect(page.locator(".st-key-path-rests-slot")).to_contain_text("Proved", **LONG)
    # Keys: a time, then a snapshot; the sentence below says where that is.
    time, last = (int(view.get_attribute(f"data-{name}") or 0) for name in ("t", "frame"))
    view.get_by_label("Time", exact=True).press("ArrowLeft")
    expect(view).to_have_attribute("data-t", str(time - 1))
    expect(view.locator(".reading")).to_contain_text(re.compile(rf"at t = {time - 1} the state is at \(.+, .+\)"))
    # One cursor: the explorer above stands at the same time, and leads as well.
    expect(page.locator(".explorer")).to_have_attribute("data-time", str(time - 1))
    page.locator(".explorer").get_by_label(re.compile("arrow keys move and pin")).first.press("ArrowRight")
    expect(view).to_have_attribute("data-t", str(time))
    view.get_by_label("Snapshot of the training").press("ArrowLeft")
    expect(view).to_have_attribute("data-frame", str(last - 1))
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    # The horizon takes its place on the same page.
    page.get_by_text("How far back", exact=True).first.click()
    expect(page.locator(".st-key-horizon-badge-slot")).to_contain_text("Proved", **LONG)
    expect(page.locator(".st-key-horizon-training .plot")).to_have_attribute("data-title", re.compile("dL/dh"), **LONG)
    expect(view).to_have_count(0, **LONG)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
