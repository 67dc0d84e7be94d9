"""What is taken away from a page, opened where neither the server nor a network is."""

from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.support.browser import SECONDS, proved
from tests.support.servers import Server


def test_the_explorer_on_the_screen_is_taken_away_and_opened_alone(server: Server, page: Page, browser: Browser,
                                                                   tmp_path: Path) -> None:
    page.goto(f"{server.url}/echo?run=echo-fixed-gru&word=teapot")
    proved(page)
    page.get_by_role("button", name="Take it with you").click()
    with page.expect_download(timeout=60 * SECONDS) as taken:
        page.get_by_role("button", name="Explorer, as a page").click()
    taken.value.save_as(tmp_path / "view.html")
    alone = browser.new_context(offline=True).new_page()
    alone.goto((tmp_path / "view.html").as_uri())
    alone.locator('.badge[data-state="proved"]').wait_for()
    assert "".join(alone.locator(".explorer .ins .in").all_inner_texts()).startswith("teapot")
    expect(alone.locator("body > p a")).to_have_text(f"{server.url}/echo?run=echo-fixed-gru&word=teapot")
    alone.context.close()
