"""The grid of a sweep: its wrapper in AppTest, and its browser's code in Chromium on a bare page."""

import math
import re
from collections.abc import Callable
from dataclasses import asdict

import pytest
from playwright.sync_api import Page
from streamlit.testing.v1 import AppTest

from seqlab.figures.sweep import Grid, Scale, SweepPoint, grid
from seqlab.ui.widgets import finite, style


def picture(chosen: int = 1, best: int = 3, score: float = 2.0) -> Grid:
    rows = [[SweepPoint(0, "waiting", math.nan, "lr 1, hidden 8"), SweepPoint(1, "finished", score, "lr 1, hidden 16")],
            [SweepPoint(2, "diverged", math.nan, "lr 10, hidden 8"), SweepPoint(3, "running", 1.2, "lr 10, hidden 16")]]
    return grid(rows, ("hidden size", ("8", "16")), ("learning rate", ("1", "10")), Scale(3.3, 1.0, True), chosen, best)


def mounted() -> None:
    from seqlab.ui.widgets.grid import grid
    from tests.ui.test_grid import picture

    grid(picture(), key="one", on_pick=print)


def test_it_mounts_twice_without_an_exception() -> None:
    app = AppTest.from_function(mounted, default_timeout=20).run()
    assert not app.exception
    assert not app.run().exception


def test_its_style_has_no_colours_of_its_own() -> None:
    assert not re.findall(r"#[0-9a-fA-F]{6}", style("grid"))


@pytest.fixture
def page(bare: Callable[[str], Page]) -> Page:
    return bare("grid")


def show(page: Page, data: Grid) -> None:
    page.evaluate("(data) => mount(data)", finite(asdict(data)))


def test_cells_tell_what_they_are_and_a_click_chooses_one(page: Page) -> None:
    show(page, picture())
    buttons = page.locator(".cells button")
    assert buttons.all_inner_texts() == ["", "7.39", "✗", "3.32"]
    assert buttons.nth(1).get_attribute("aria-pressed") == "true"
    assert buttons.nth(3).get_attribute("data-best") is not None
    assert page.locator(".grid p").inner_text() == "lr 1, hidden 16: 7.39"
    buttons.nth(2).hover()
    assert page.locator(".grid p").inner_text() == "lr 10, hidden 8: diverged"
    buttons.nth(3).click()
    assert page.evaluate("sent") == [["pick", 3]]
    assert buttons.nth(3).get_attribute("aria-pressed") == "true"
    assert page.locator(".scale").inner_text().count("diverged") == 1
    background = "node => getComputedStyle(node).background"
    assert "gradient" in buttons.nth(2).evaluate(background)
    assert buttons.nth(1).evaluate(background) != buttons.nth(3).evaluate(background)


def test_new_scores_are_drawn_in_place_and_stay_legible(page: Page) -> None:
    show(page, picture())
    page.locator(".cells button").nth(1).focus()
    page.evaluate("window.cell = document.body.lastElementChild.shadowRoot.querySelectorAll('.cells button')[1]")
    for score in (3.2, 2.6, 1.9, 1.4, 1.0):
        show(page, picture(score=score))
        assert page.evaluate("cell === document.body.lastElementChild.shadowRoot.activeElement")
        ratio = page.evaluate("""() => { const light = (text) => { const [r, g, b] = text.match(/[\\d.]+/g).map((v) => {
            const c = v / 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; });
            return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
            const { color, backgroundColor } = getComputedStyle(cell), l = [light(color), light(backgroundColor)];
            return (Math.max(...l) + 0.05) / (Math.min(...l) + 0.05); }""")
        assert ratio >= 4.4
