"""A page in both themes and on desk and phone, drawn, open and at rest: what axe-core finds, and that it fits."""

from collections.abc import Callable
from typing import Literal

from playwright.sync_api import Page, expect

from tests.support import axe
from tests.support.browser import PHONE, SECONDS, stands_still_sideways
from tests.support.pictures import SCREEN

FOLDED = "details:not([open]) > summary"
CONTRAST = ["color-contrast"]  # all that another theme changes
NARROW = ["scrollable-region-focusable", "target-size", "list", "listitem", "button-name", "link-name",
          "aria-hidden-focus", "svg-img-alt", "label"]  # what a narrow screen changes
Scheme = Literal["light", "dark"]
RULES: dict[tuple[Scheme, str], list[str]] = {
    ("light", "desk"): [], ("light", "phone"): NARROW, ("dark", "phone"): CONTRAST, ("dark", "desk"): CONTRAST}
VIEWPORTS = {"desk": SCREEN, "phone": PHONE["viewport"]}
MENDED = 300  # ms without a change after which the keyboard's stops are mended: frame.js waits for 250
REST = """(rest) => new Promise((resolve) => {
  const done = () => { watch.disconnect(); clearTimeout(end); clearTimeout(still); resolve(); };
  const watch = new MutationObserver(() => { clearTimeout(still); still = setTimeout(done, rest); });
  const end = setTimeout(done, 3000);
  let still = setTimeout(done, rest);
  watch.observe(document.body, { attributes: true, childList: true, subtree: true });
})"""
UNFOLD = f"""() => {{
  const folded = [...document.querySelectorAll("{FOLDED}")];
  folded.forEach((node) => node.click());
  return folded.length;
}}"""


def drawn(page: Page, rest: int = MENDED) -> None:
    """Wait until a page is drawn and nothing has moved for some milliseconds."""
    expect(page.locator("h1")).to_be_visible(timeout=60 * SECONDS)
    page.locator("[data-test-script-state=notRunning]").wait_for(timeout=120 * SECONDS)
    expect(page.locator(".badge[data-state=pending], [data-testid=stSkeleton]")).to_have_count(0, timeout=60 * SECONDS)
    page.evaluate(REST, rest)


def settled(page: Page) -> None:
    """Wait until a page is drawn and nothing moves, with everything that was folded open."""
    for rest in (100, MENDED, MENDED):
        drawn(page, rest)
        if not page.evaluate(UNFOLD):
            break
    page.evaluate(REST, MENDED)


def findings(page: Page, address: str, schemes: tuple[str, ...] = ("light", "dark"),
             look: Callable[[Page], None] | None = None) -> dict[str, list[axe.Finding]]:
    """Serious findings of a page in each theme, in which it is opened anew, and in each size, that it is turned to.

    On a phone nothing may be wider than the screen.
    ``look`` is called once, on a desk in the light, when the page is drawn and nothing of it is unfolded yet.
    """
    result, shown = dict[str, list[axe.Finding]](), ""
    for (scheme, device), rules in RULES.items():
        if scheme not in schemes:
            continue
        page.set_viewport_size(VIEWPORTS[device])
        if scheme != shown:  # what the server draws is in the theme in which the page was opened
            page.emulate_media(color_scheme=scheme)
            page.goto(address)
            if look and not shown:
                drawn(page)
                look(page)
            settled(page)
            axe.load(page)
            expect(page.locator(".stApp")).to_have_css("color-scheme", scheme)
            shown = scheme
        else:
            page.evaluate(REST, MENDED)
        if device == "phone":
            stands_still_sideways(page)
        result[f"{scheme} {device}"] = axe.serious(page, rules)
    return {place: found for place, found in result.items() if found}
