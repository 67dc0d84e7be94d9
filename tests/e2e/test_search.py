"""What a person does on the Search page, in Chromium: looks, takes units and marks by keyboard, names, on a phone."""

from playwright.sync_api import Page, expect

from tests.support.browser import PHONE, SECONDS, fact, proved, stands_still_sideways


def test_units_are_found_taken_named_and_a_stretch_is_marked(server, page: Page):
    page.goto(f"{server.url}/search")
    view = page.locator(".search")
    expect(view).to_have_attribute("data-unit", "15", timeout=60 * SECONDS)  # the one that counts the brackets
    expect(page.get_by_text("follows bracket depth best")).to_be_visible()
    proved(page)
    page.set_viewport_size({"width": 1280, "height": 720})
    assert page.locator(".whole").bounding_box()["y"] + 60 < 720
    page.set_viewport_size(PHONE["viewport"])
    stands_still_sideways(page)
    units = view.locator(".units button")
    units.nth(1).focus()
    second = units.nth(1).get_attribute("data-unit")
    page.keyboard.press("Enter")
    expect(view).to_have_attribute("data-unit", second)
    expect(page.get_by_label("Unit", exact=True)).to_have_value(second, timeout=20 * SECONDS)
    name = page.get_by_label(f"What unit {second} is for", exact=True)
    name.fill("<b>half of it</b>")
    name.press("Enter")
    expect(units.nth(1)).to_contain_text("<b>half of it</b>", timeout=20 * SECONDS)
    text = view.locator(".whole")
    text.focus()
    page.keyboard.press("ArrowRight")
    expect(view).to_have_attribute("data-at", "1")
    for _ in range(6):
        page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "rule=mark" in url and "mark=" in url, timeout=20 * SECONDS)
    expect(page.get_by_text("one stretch cannot be held out")).to_be_visible(timeout=20 * SECONDS)
    assert fact(page, "search", "count") in ("10", "11")
    proved(page)
