"""The quiet chart: its wrapper in AppTest, and its browser's code in Chromium on a bare page."""

import re
from collections.abc import Callable
from dataclasses import asdict, replace

import numpy as np
import pytest
from playwright.sync_api import Page
from streamlit.testing.v1 import AppTest

from seqlab.figures.plot import Axis, Guide, Map, Panel, Plot, Series
from seqlab.ui.widgets import finite, style

AXIS = Axis(0, 10, "t", ((0, "0"), (10, "10")))


def picture(**more) -> Plot:
    y = np.array([1e-6, 0.0, np.nan, 1e-2])
    series = (Series(np.arange(4), y, "symbols.h", "one", "dots"), Series(np.arange(4), y, "muted", "two", dash=(4, 2)),
              Series(np.arange(4), y, "right", "band", "band"), Series(np.array([3]), y[3:], "wrong", kind="ring"))
    panel = Panel(AXIS, Axis(1e-8, 1, "size", ((1e-8, "exactly 0"), (1, "1")), log=True), "What it shows.", series,
                  (Guide("x", 2, "accent", "here"), Guide("y", 1e-3, "wrong", dash=(4, 4))))
    shades = Map(np.array([[0.0, 1.0, np.nan], [-1.0, 0.5, 0.25]]), -1, 1, "diverging")
    below = Panel(Axis(-0.5, 2.5), Axis(1.5, -0.5, "unit"), "A map.", map=shades, name="map")
    return Plot(**({"title": "A title", "panels": (panel, below), "height": 400} | more))


def mounted() -> None:
    from seqlab.ui.widgets.plot import plot
    from tests.ui.test_plot import picture

    plot(picture(), key="one")


def test_it_mounts_twice_without_an_exception() -> None:
    app = AppTest.from_function(mounted, default_timeout=20).run()
    assert not app.exception
    assert not app.run().exception


def test_its_style_has_no_colours_of_its_own() -> None:
    assert not re.findall(r"#[0-9a-fA-F]{6}", style("plot"))


@pytest.fixture
def page(bare: Callable[[str], Page]) -> Page:
    return bare("plot")


def show(page: Page, data: Plot) -> None:
    page.evaluate("(data) => mount(data)", finite(asdict(data)))


def inked(page: Page, panel: int) -> int:
    """How many pixels of a panel are drawn on."""
    return page.locator(".panel canvas").nth(panel).evaluate("""(canvas) => canvas.getContext("2d")
        .getImageData(0, 0, canvas.width, canvas.height).data.filter((value, k) => k % 4 === 3 && value).length""")


def test_it_is_drawn_named_and_as_high_as_was_said(page: Page) -> None:
    show(page, picture())
    assert page.locator(".plot b").first.inner_text() == "A title"
    assert page.locator(".legend span").all_inner_texts() == ["one", "two", "band"]
    assert page.locator(".plot").bounding_box()["height"] == 400
    assert page.locator("canvas").first.get_attribute("aria-label") == "What it shows."
    assert min(inked(page, 0), inked(page, 1)) > 500


def test_new_data_is_drawn_in_place(page: Page) -> None:
    show(page, picture())
    page.evaluate("window.canvas = document.body.lastElementChild.shadowRoot.querySelector('canvas')")
    show(page, picture(title="Another", panels=picture().panels[:1]))
    assert page.evaluate("canvas === document.body.lastElementChild.shadowRoot.querySelector('canvas')")
    assert page.locator(".panel").count() == 1
    assert (page.locator(".plot").get_attribute("data-title"), page.locator(".plot").get_attribute("data-draws")) == (
        "Another", "2")


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


def test_a_change_of_theme_changes_the_ink(page: Page) -> None:
    show(page, picture())
    page.evaluate("document.body.style.setProperty('--st-background-color', '#11141b')")
    show(page, picture())
    assert page.locator(".plot").get_attribute("data-theme") == "dark"


def gapped() -> Plot:
    """A logarithmic line with an exact 0, letters of two lines and a mark; and a map of folded numbers."""
    ticks = tuple((t, f"{'<b>ab'[t]}\n{t}") for t in range(5))
    line = Series(np.arange(5), np.array([1e-2, 1e-3, 1e-4, 0.0, 0.0]), "symbols.h", "one", "dots", width=3)
    above = Panel(Axis(-0.5, 4.5, "t", ticks), Axis(1e-8, 1, "size", log=True, gaps=True), "Gaps.", (line,),
                  (Guide("x", 1, "accent", "says <", dash=(5, 4), upright=True),))
    shades = Map(np.array([[-0.5, 0.0]]), -1, 1, "diverging", np.array([[-1.234e-7, 0.0]]),
                 ((-1, "low"), (1, "<i>high")))
    below = Panel(Axis(-0.5, 1.5), Axis(0.5, -0.5, "unit"), "Folded.", map=shades)
    return Plot("Gaps <b>", (above, below), 500, "a note of <u>mine")


def coloured(page: Page, x: float, bottom: float) -> int:
    """How many bright pixels stand in the column of a value of the first panel's x axis, from ``bottom`` px upwards."""
    return page.locator(".panel canvas").first.evaluate("""(canvas, [x, bottom]) => {
        const left = 70 + (canvas.clientWidth - 82) * (x + 0.5) / 5, c = canvas.getContext("2d");
        const pixels = c.getImageData(left - 5, canvas.clientHeight - bottom - 5, 10, 10).data;
        return pixels.filter((value, k) => k % 4 === 3 && value > 200).length; }""", [x, bottom])


def test_an_exact_0_has_no_place_on_an_axis_with_gaps_but_is_read(page: Page) -> None:
    show(page, gapped())
    above, *_ = gapped().panels
    low = replace(above, y=replace(above.y, gaps=False))
    end = 24 + 15  # the margin below the axis, with one more line of letters
    assert coloured(page, 3, end) == 0
    show(page, replace(gapped(), panels=(low,)))
    assert coloured(page, 3, end + 16) > 0, "without gaps it stands at the low end"
    show(page, gapped())
    box = page.locator(".panel").first.bounding_box()
    page.mouse.move(box["x"] + 70 + (box["width"] - 82) * 0.7, box["y"] + 40)
    assert page.locator(".tip").inner_text().split("\n") == ["t = 3", "one 0"]


def test_a_folded_map_tells_the_true_numbers_and_its_colours(page: Page) -> None:
    show(page, gapped())
    box = page.locator(".panel").nth(1).bounding_box()
    page.mouse.move(box["x"] + 90, box["y"] + 40)
    assert page.locator(".tip").inner_text().split("\n") == ["t = 0, unit 0", "−1.2e−7"]
    page.mouse.move(box["x"] + box["width"] - 30, box["y"] + 40)
    assert page.locator(".tip").inner_text().split("\n") == ["t = 1, unit 0", "0"]
    bar, ends = page.locator(".legend .bar").bounding_box(), page.locator(".legend .bar small")
    assert ends.all_inner_texts() == ["low", "<i>high"]  # as text, never as HTML
    middles = [place["x"] + place["width"] / 2 for place in (ends.nth(k).bounding_box() for k in range(2))]
    assert middles == pytest.approx([bar["x"], bar["x"] + bar["width"]], abs=1)
    assert page.locator(".plot header").inner_text().split("\n") == ["Gaps <b>", "a note of <u>mine"]


def test_ticks_that_do_not_fit_are_left_out_evenly(page: Page) -> None:
    listen = """(data) => { const said = [], ink = CanvasRenderingContext2D.prototype, whole = ink.fillText;
        ink.fillText = function (text, ...at) { said.push(text); whole.call(this, text, ...at); };
        mount(data); ink.fillText = whole; return said; }"""
    axis = Axis(-0.5, 199.5, "", tuple((t, f"{t}\nm") for t in range(200)))
    panel = replace(picture().panels[1], x=axis, map=None, name="")
    said = page.evaluate(listen, finite(asdict(picture(panels=(panel,)))))
    numbers = [int(text) for text in said if text.isdigit()]
    hops = set(np.diff(numbers).tolist())
    assert len(hops) == 1
    assert min(hops) > 4
    assert said.count("m") == len(numbers)


def test_rows_and_columns_that_have_names_are_read_by_them(page: Page) -> None:
    shades = Map(np.array([[1.0, 0.2], [0.2, 1.0]]), -1, 1, "diverging", names=("a", "e"))
    show(page, picture(panels=(Panel(Axis(-0.5, 1.5), Axis(1.5, -0.5), "A map.", map=shades),)))
    box = page.locator(".panel").first.bounding_box()
    page.mouse.move(box["x"] + box["width"] - 40, box["y"] + 30)
    assert page.locator(".tip").inner_text().split("\n") == ["a and e", "0.200"]
