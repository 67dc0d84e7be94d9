"""What is taken away from a page, opened where neither the server nor a network is."""

import struct
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from PIL import Image
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


def test_a_chart_is_saved_for_a_slide_with_its_settings_and_its_link(server: Server, page: Page,
                                                                     tmp_path: Path) -> None:
    page.goto(f"{server.url}/echo?run=echo-fixed-gru&word=teapot")
    chart = page.locator(".js-plotly-plot").first
    chart.locator(".main-svg").first.wait_for(timeout=60 * SECONDS)
    chart.hover()
    with page.expect_download() as taken:
        chart.get_by_role("button", name="Download plot").click()
    taken.value.save_as(tmp_path / "chart.svg")
    words = [node.text for node in ET.parse(tmp_path / "chart.svg").iter() if node.text]
    assert "run echo-fixed-gru · word teapot" in words
    assert any(f"{server.url}/echo?run=echo-fixed-gru" in word for word in words)
    assert "Accuracy by delay" in words
    page.locator(".panel.wide header").first.hover()
    with page.expect_download() as taken:
        page.locator(".panel.wide header .export button").first.click()
    taken.value.save_as(tmp_path / "map.png")
    assert struct.unpack(">II", (tmp_path / "map.png").read_bytes()[16:24]) == (1600, 900)


@pytest.mark.parametrize(("address", "part"), [
    ("hello", ".inside"), ("attention", ".head-map"), ("reading", ".reading .page")])
def test_what_no_chart_has_drawn_is_saved_as_it_stands(server: Server, page: Page, tmp_path: Path, address: str,
                                                       part: str) -> None:
    page.goto(f"{server.url}/{address}")
    proved(page)
    page.locator(part).first.hover()
    with page.expect_download() as taken:
        page.locator(f"{part} .export button").first.click()
    taken.value.save_as(tmp_path / "part.png")
    with Image.open(tmp_path / "part.png") as picture:
        assert picture.size == (1600, 900)
        middle = picture.convert("RGB").crop((400, 200, 1200, 800))
    others = sorted(middle.getcolors(2**20), reverse=True)[1:]  # but for the ground
    assert len(others) > 20  # it has letters and colours, and is no empty ground
    assert sum(count for count, _ in others) > 0.05 * 800 * 600
