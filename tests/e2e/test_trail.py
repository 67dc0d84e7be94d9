"""The trail of a letter and the delay under the hand: on Home by itself, by pointer and by keyboard, in both themes."""

import re

from playwright.sync_api import Page, expect

from tests.support import pictures
from tests.support.browser import proved
from tests.support.servers import Server


def test_a_letter_lights_up_and_the_delay_is_dragged(server: Server, page: Page) -> None:
    pictures.opened(page, server.url)
    picture = pictures.pointed(page, 5)
    assert pictures.apart(picture, pictures.frame(5)) < 4, "docs/trail.webp is old: `make pictures` takes it anew"
    explorer = page.locator(".explorer")
    for name in ("Delay", "Your word"):
        assert page.get_by_label(name, exact=True).first.bounding_box()["y"] < 720
    expect(page.locator(".hint")).to_contain_text("b is held by up to")
    page.locator("[data-view=strip]").focus()
    page.keyboard.press("ArrowRight")
    pinned = explorer.get_attribute("data-lit")
    page.mouse.move(0, 0)
    expect(explorer).to_have_attribute("data-lit", pinned or "")
    page.evaluate("""() => { window.sends = 0; const send = WebSocket.prototype.send;
        WebSocket.prototype.send = function (data) { window.sends++; return send.call(this, data); }; }""")
    dial = page.get_by_role("slider", name="Delay")
    dial.evaluate("node => { node.value = 1; node.dispatchEvent(new Event('input')); }")  # the hand has not let go
    assert "".join(page.locator(".out b").all_inner_texts()) == "·remember"
    assert page.evaluate("window.sends") == 0
    dial.evaluate("node => node.dispatchEvent(new Event('change'))")
    page.wait_for_url(re.compile("delay=1"))
    proved(page)
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
