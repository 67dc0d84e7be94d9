"""Every page as people meet it who use a keyboard, a screen reader or another theme: no serious finding of axe-core."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from seqlab.ui.shell.navigation import HOME, pages
from tests.support import axe, pictures
from tests.support.access import findings, settled
from tests.support.browser import SECONDS, tab
from tests.support.labels import without_sentence
from tests.support.servers import Server, serving

PAGES = ["", *(name for name in pages() if name != HOME)]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of their own, on which nobody has trained anything: as the pictures were taken."""
    with serving(tmp_path_factory.mktemp("access") / "runs") as running:
        yield running


@pytest.fixture(scope="module")
def shown(browser: Browser) -> Iterator[Page]:
    """One tab for all pages: it has loaded Streamlit once."""
    with tab(browser, reduced_motion="reduce") as page:
        yield page


@pytest.mark.skipif(not axe.SCRIPT.exists(), reason="axe-core is not here: `npm ci` installs it")
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_as_its_picture_and_has_no_serious_finding_in_either_theme_on_desk_and_phone(
        server: Server, shown: Page, name: str) -> None:
    old = list[str]()
    look = (lambda page: old.append(pictures.old(page, name or HOME))) if (name or HOME) in pictures.plain() else None
    found = findings(shown, f"{server.url}/{name}", look=look)
    assert not found
    assert not without_sentence(shown)
    assert not any(old), f"docs/pages/{name or HOME}.webp is old, `make pictures` takes it anew: {old[0]}"


def test_tab_comes_to_a_field_before_its_help_and_to_a_chart_once(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/echo")
    settled(page)
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
    settled(page)
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
