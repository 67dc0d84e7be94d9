"""The quiet chart: its wrapper in AppTest, and its browser's code in Chromium on a bare page."""

import re
from collections.abc import Iterator
from dataclasses import asdict

import numpy as np
import pytest
from playwright.sync_api import Page
from streamlit.testing.v1 import AppTest

from seqlab.figures.plot import Axis, Map, Panel, Plot, Rule, Series
from seqlab.ui.components import finite, script, style

AXIS = Axis(0, 10, "t", ((0, "0"), (10, "10")))


def picture(**more) -> Plot:
    y = np.array([1e-6, 0.0, np.nan, 1e-2])
    series = (Series(np.arange(4), y, "symbols.h", "one", "dots"), Series(np.arange(4), y, "muted", "two", dash=(4, 2)),
              Series(np.arange(4), y, "right", "band", "band"), Series(np.array([3]), y[3:], "wrong", kind="ring"))
    panel = Panel(AXIS, Axis(1e-8, 1, "size", ((1e-8, "exactly 0"), (1, "1")), log=True), "What it shows.", series,
                  (Rule("x", 2, "accent", "here"), Rule("y", 1e-3, "wrong", dash=(4, 4))))
    shades = Map(np.array([[0.0, 1.0, np.nan], [-1.0, 0.5, 0.25]]), -1, 1, "diverging")
    below = Panel(Axis(-0.5, 2.5), Axis(1.5, -0.5, "unit"), "A map.", map=shades, name="map")
    return Plot(**({"title": "A title", "panels": (panel, below), "height": 400} | more))


def mounted() -> None:
    from seqlab.ui.components.plot import plot
    from tests.ui.test_plot import picture

    plot(picture(), key="one")


def test_it_mounts_twice_without_an_exception() -> None:
    app = AppTest.from_function(mounted, default_timeout=20).run()
    assert not app.exception
    assert not app.run().exception


def test_its_style_has_no_colours_of_its_own() -> None:
    assert not re.findall(r"#[0-9a-fA-F]{6}", style("plot"))


@pytest.fixture
def page(browser) -> Iterator[Page]:
    page, faults = browser.new_page(viewport={"width": 700, "height": 600}), []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.set_content("<body style='margin: 0; --st-background-color: #fdfcfa'></body>")
    page.evaluate("""async ([code, css]) => {
        const url = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
        const host = document.body.appendChild(document.createElement("div"));
        const parentElement = host.attachShadow({ mode: "open" });
        parentElement.innerHTML = `<style>${css}</style><div class="plot"></div>`;
        const run = (await import(url)).default;
        window.mount = (data) => { run({ data, parentElement }); };
    }""", [script("plot"), style("plot")])
    yield page
    page.close()
    assert not faults


def show(page: Page, data: Plot) -> None:
    page.evaluate("(data) => mount(data)", finite(asdict(data)))


def inked(page: Page, panel: int) -> int:
    """How many pixels of a panel are drawn on."""
    return page.locator(".panel canvas").nth(panel).evaluate("""(canvas) => canvas.getContext("2d")
        .getImageData(0, 0, canvas.width, canvas.height).data.filter((value, k) => k % 4 === 3 && value).length""")


@pytest.mark.e2e
def test_it_is_drawn_named_and_as_high_as_was_said(page: Page) -> None:
    show(page, picture())
    assert page.locator(".plot b").first.inner_text() == "A title"
    assert page.locator(".legend span").all_inner_texts() == ["one", "two", "band"]
    assert page.locator(".plot").bounding_box()["height"] == 400
    assert page.locator("canvas").first.get_attribute("aria-label") == "What it shows."
    assert min(inked(page, 0), inked(page, 1)) > 500


@pytest.mark.e2e
def test_new_data_is_drawn_in_place(page: Page) -> None:
    show(page, picture())
    page.evaluate("window.canvas = document.body.lastElementChild.shadowRoot.querySelector('canvas')")
    show(page, picture(title="Another", panels=picture().panels[:1]))
    assert page.evaluate("canvas === document.body.lastElementChild.shadowRoot.querySelector('canvas')")
    assert page.locator(".panel").count() == 1
    assert (page.locator(".plot").get_attribute("data-title"), page.locator(".plot").get_attribute("data-draws")) == (
        "Another", "2")


@pytest.mark.e2e
def test_the_pointer_reads_the_numbers_that_were_sent(page: Page) -> None:
    show(page, picture())
    box = page.locator(".panel").first.bounding_box()
    page.mouse.move(box["x"] + 72, box["y"] + 60)
    assert page.locator(".tip").inner_text().split("\n")[:2] == ["t = 0", "one 1.0e−6"]
    page.mouse.move(box["x"] + 72 + (box["width"] - 84) / 10, box["y"] + 60)
    assert "one 0" in page.locator(".tip").inner_text().split("\n")
    below = page.locator(".panel").nth(1).bounding_box()
    page.mouse.move(below["x"] + below["width"] - 20, below["y"] + below["height"] - 45)
    assert page.locator(".tip").inner_text().split("\n") == ["t = 2, unit 1", "0.250"]
    page.mouse.move(5, 5)
    assert page.locator(".tip").is_hidden()


@pytest.mark.e2e
def test_a_change_of_theme_changes_the_ink(page: Page) -> None:
    show(page, picture())
    page.evaluate("document.body.style.setProperty('--st-background-color', '#11141b')")
    show(page, picture())
    assert page.locator(".plot").get_attribute("data-theme") == "dark"
