"""What a person does in Chromium and what they see: tabs, phones, badges, fields."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from weakref import WeakKeyDictionary

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, expect

SECONDS = 1000  # Playwright counts in milliseconds
DESK: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}

# On a page's own address Streamlit's browser code looks for the server below that address first, and then above.
PROBE = re.compile(r"/[\w-]+/_stcore/(health|host-config)$")

# Contexts that nobody uses, emptied, by their settings: one that has loaded a page's code before has it at hand.
_free: WeakKeyDictionary[Browser, dict[str, list[BrowserContext]]] = WeakKeyDictionary()


@contextmanager
def tab(browser: Browser, device: dict[str, Any] = DESK, forgiven: str = "", **more: Any) -> Iterator[Page]:
    """A fresh tab on a device; it must not leave an error in its console but such as the pattern ``forgiven`` is in."""
    free = _free.setdefault(browser, {}).setdefault(repr(device | more), [])
    context = free.pop() if free else browser.new_context(**(device | more))
    page, errors = context.new_page(), list[str]()

    def note(message: ConsoleMessage) -> None:
        if message.type != "error" or PROBE.search(message.location["url"]):
            return
        if not forgiven or not re.search(forgiven, message.text):
            errors.append(f"{message.text} {message.location['url']}")

    page.on("console", note)
    page.on("pageerror", lambda error: errors.append(str(error)))
    try:
        yield page
    finally:
        _empty(context)
        free.append(context)
    assert not errors, errors


def _empty(context: BrowserContext) -> None:
    """Close its pages, and forget what sites keep there."""
    for page in context.pages:
        with suppress(Error):  # it shows no site, or is closed
            page.evaluate("localStorage.clear()")
        page.close()
    context.clear_cookies()


def proved(page: Page) -> None:
    """Wait until every badge is green: one is seen, none waits, none is red, those in folded parts neither."""
    expect(page.locator(".badge[data-state=proved]:visible").last).to_be_visible(timeout=90 * SECONDS)
    expect(page.locator(".badge[data-state=pending]")).to_have_count(0, timeout=60 * SECONDS)
    expect(page.locator(".badge[data-state=wrong], .badge[data-state=unavailable]")).to_have_count(0)


def headed(page: Page, title: str) -> None:
    """Wait until a page is there, by its title."""
    expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible(timeout=30 * SECONDS)


def stands_still_sideways(page: Page) -> None:
    """See that nothing is wider than the screen."""
    width = page.viewport_size["width"] if page.viewport_size else 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def fact(page: Page, component: str, name: str) -> str:
    """What a component says of itself in an attribute ``data-name``."""
    return page.locator(f".{component}").get_attribute(f"data-{name}") or ""


def choose(page: Page, label: str, option: str) -> None:
    """Take an option of a list."""
    page.get_by_role("combobox", name=label, exact=True).click()
    page.get_by_role("option", name=option).click()


def open_settings(page: Page) -> None:
    """Open the form for a new network; the server draws it then."""
    page.get_by_text("Settings for a new one").click()
    expect(page.get_by_role("combobox", name="Recipe")).to_be_visible(timeout=30 * SECONDS)


def start_training(page: Page) -> str:
    """Press the button and return the id of the run that the address now names."""
    before = page.url
    page.get_by_role("button", name="Train a new one").click()
    page.wait_for_url(lambda url: "run=" in url and url != before)
    match = re.search(r"run=([^&]+)", page.url)
    assert match
    return match[1]
