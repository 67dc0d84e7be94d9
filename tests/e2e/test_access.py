"""Every page as people meet it who use a keyboard, a screen reader or another theme: no serious finding of axe-core."""

import re
from urllib.parse import quote_plus

import pytest
from playwright.sync_api import Browser, Page, expect

from seqlab import paths
from seqlab.training.run import Run
from seqlab.ui.lenses.view import lens_views
from seqlab.ui.shell.navigation import HOME, pages
from seqlab.ui.studios.cells.sections import SECTIONS as CELLS
from seqlab.ui.studios.reading.sections import SECTIONS as READING
from tests.support import axe
from tests.support.browser import DESK, PHONE, SECONDS, tab
from tests.support.servers import Server

# But for the section that scores three whole books before it rests, whose tables stand on other pages too.
SECTIONS = {"cells": list(CELLS)[1:], "reading": [name for name in list(READING)[1:] if name != "Another book"]}
PAGES = ["", *(name for name in pages() if name != HOME)]
INSIDE = [f"{name}?show={quote_plus(section)}" for name, sections in SECTIONS.items() for section in sections]
# Each section beside a word, on the first of these pages whose network offers it.
SHIPPED = {"echo": "echo-variable-gru", "grammar": "grammar-ndfa"}
BESIDE = [f"{next(page for page, id in SHIPPED.items() if view.offered(Run(paths.checkpoints() / id)))}?ask={name}"
          for name, view in lens_views().items()]
ADDRESSES = [*PAGES, *BESIDE, *INSIDE]
FOLDED = "details:not([open]) > summary"
CONTRAST = ["color-contrast"]  # all that another theme changes
NARROW = ["scrollable-region-focusable", "target-size", "list", "listitem", "button-name", "link-name",
          "aria-hidden-focus", "svg-img-alt", "label"]  # what a narrow screen changes
RULES = {("light", "desk"): [], ("light", "phone"): NARROW, ("dark", "phone"): CONTRAST, ("dark", "desk"): CONTRAST}
DEVICES = {"desk": DESK, "phone": PHONE}


def _settled(page: Page) -> None:
    """Wait until a page is drawn, with everything that was folded open."""
    expect(page.locator("h1")).to_be_visible(timeout=60 * SECONDS)
    for _ in range(2):
        page.locator("[data-test-script-state=notRunning]").wait_for(timeout=120 * SECONDS)
        expect(page.locator(".badge[data-state=pending]")).to_have_count(0, timeout=60 * SECONDS)
        if not page.evaluate(f"""() => {{
            const folded = [...document.querySelectorAll("{FOLDED}")];
            folded.forEach((node) => node.click());
            return folded.length; }}"""):
            break
        page.wait_for_timeout(300)
    page.wait_for_timeout(350)  # the keyboard's stops are mended a moment later


def _turned(page: Page, scheme: str, device: str, *, anew: bool) -> None:
    """Show a page that is there already in another theme and size; ``anew`` where its theme is another than before."""
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size(DEVICES[device]["viewport"])
    if anew:  # what the server draws is in the theme in which the page was opened
        page.reload()
        _settled(page)
        axe.load(page)
    expect(page.locator(".stApp")).to_have_css("color-scheme", scheme)
    page.wait_for_timeout(300)


@pytest.mark.skipif(not axe.SCRIPT.exists(), reason="axe-core is not here: `npm ci` installs it")
def test_no_page_has_a_serious_finding_in_either_theme_on_desk_and_phone(server: Server, browser: Browser) -> None:
    findings: dict[str, list[axe.Finding]] = {}
    with tab(browser) as page:
        for address in ADDRESSES:
            page.emulate_media(color_scheme="light")
            page.goto(f"{server.url}/{address}")
            _settled(page)
            axe.load(page)
            shown = "light"
            for (scheme, device), rules in RULES.items():
                if scheme == "dark" and address in INSIDE:
                    continue  # their pages are looked at in the dark already
                _turned(page, scheme, device, anew=scheme == "dark" and shown != scheme)
                shown = scheme
                findings[f"{address or HOME:34} {scheme:5} {device}"] = axe.serious(page, rules)
            page.set_viewport_size(DESK["viewport"])
    for place, found in findings.items():
        print(place, len(found), *sorted({f"{one.rule}: {one.why} {one.html[:90]}" for one in found}), sep="  ")
    assert not [place for place, found in findings.items() if found]


def test_tab_comes_to_a_field_before_its_help_and_to_a_chart_once(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/echo")
    _settled(page)
    field = page.get_by_role("combobox", name="Recipe")
    field.focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Help for Recipe")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(field).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(field).not_to_be_focused()
    bars = page.locator(".modebar-container")
    expect(bars.first).to_be_attached(timeout=60 * SECONDS)
    page.wait_for_timeout(600)
    stops = bars.evaluate_all("""(bars) => bars.map((bar) =>
        [...bar.querySelectorAll("*")].filter((node) => node.tabIndex >= 0 && node.matches("button, a, [tabindex]"))
        .length)""")
    assert set(stops) == {1}, stops


def test_a_heatmap_takes_the_keyboard_and_says_how_to_let_go(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/echo")
    _settled(page)
    states = page.get_by_label(re.compile("hidden state, .* arrow keys move and pin"))
    states.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".explorer .hint")).to_contain_text("press Esc to let go")
    page.keyboard.press("Enter")
    expect(page.locator(".explorer.pinned")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(page.locator(".explorer.pinned")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator(".explorer.pinned")).to_have_count(0)
    caption = page.locator(".explorer caption").filter(has_text="hidden state: its strongest units")
    expect(caption).to_be_attached(timeout=5 * SECONDS)
