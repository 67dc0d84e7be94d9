"""An address restores what was on the screen, and a link opens in a tab of its own where a person wants that."""

import re

from playwright.sync_api import Page, expect

from tests.support.browser import SECONDS, proved
from tests.support.servers import Server


def test_the_explorer_is_as_it_was_after_a_reload(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/echo?run=echo-fixed-gru&word=abc")
    proved(page)
    explorer = page.locator(".explorer")
    page.locator(".explorer .track input").first.focus()
    page.keyboard.press("Home")
    expect(explorer).to_have_attribute("data-step", "0")
    page.locator(".explorer select").select_option(index=1)
    page.get_by_label(re.compile("hidden state, .* arrow keys")).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    pinned = explorer.get_attribute("data-unit"), explorer.get_attribute("data-time")
    page.wait_for_url(re.compile(r"pin=h\."))
    order = page.locator(".explorer select").input_value()
    page.reload()
    expect(explorer).to_have_attribute("data-step", "0", timeout=60 * SECONDS)
    assert (explorer.get_attribute("data-unit"), explorer.get_attribute("data-time")) == pinned
    assert page.locator(".explorer select").input_value() == order
    expect(page.get_by_label("Your word", exact=True)).to_have_value("abc")


def test_a_head_and_a_query_are_there_after_a_reload(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/attention?run=echo-variable-transformer")
    maps = page.locator(".attention")
    expect(maps).to_have_attribute("data-head", re.compile(r"\d"), timeout=60 * SECONDS)
    page.locator(".thumb").last.click()
    page.locator("[data-token='2']").click()
    page.wait_for_url(re.compile("query=2"))
    head = maps.get_attribute("data-layer"), maps.get_attribute("data-head")
    page.reload()
    expect(maps).to_have_attribute("data-query", "2", timeout=60 * SECONDS)
    assert (maps.get_attribute("data-layer"), maps.get_attribute("data-head")) == head


def test_a_click_with_ctrl_opens_a_tab_and_leaves_this_one(server: Server, page: Page) -> None:
    page.goto(server.url)
    page.locator("summary").filter(has_text="Everything there is").click(timeout=60 * SECONDS)
    card = page.get_by_test_id("stPageLink-NavLink").filter(has_text="Cells").last
    expect(card).to_be_visible(timeout=60 * SECONDS)
    page.wait_for_timeout(500)  # the frame has hold of the links
    with page.context.expect_page() as opened:
        card.click(modifiers=["ControlOrMeta"])
    assert "/cells" in opened.value.url
    assert page.url.rstrip("/") == server.url


def test_a_server_that_is_gone_is_said_in_a_second_and_its_return_goes_on(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/runs")
    expect(page.get_by_test_id("stDataFrame")).to_be_visible(timeout=30 * SECONDS)
    page.wait_for_timeout(500)
    page.evaluate("""() => document.querySelector("[data-test-connection-state]")
        .setAttribute("data-test-connection-state", "PINGING_SERVER")""")
    lost = page.get_by_role("alert").filter(has_text="The server of seqlab does not answer")
    expect(lost).to_be_visible(timeout=2 * SECONDS)
    page.evaluate("""() => document.querySelector("[data-test-connection-state]")
        .setAttribute("data-test-connection-state", "CONNECTED")""")
    expect(lost).to_have_count(0)
