"""The curves of a network that writes: validation loss on the loss, and a perplexity that can be read off."""

import math
from itertools import pairwise

import pytest
from playwright.sync_api import Browser, Page

from seqlab.ui.widgets import script, style

MOUNT = """async ([code, css]) => {
    window.said = [];
    const draw = CanvasRenderingContext2D.prototype.fillText;
    CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
        said.push([this.canvas.getAttribute("aria-label"), text, y]);
        return draw.call(this, text, x, y);
    };
    document.body.innerHTML = `<style>${css}</style><div id="host"><div class="live"></div></div>`;
    const run = (await import(URL.createObjectURL(new Blob([code], { type: "text/javascript" })))).default;
    window.mount = (data) => run({ data, parentElement: document.querySelector("#host") });
}"""


def fed(browser: Browser, losses: list[float | None], validation: list[float | None], **more: object) -> Page:
    page = browser.new_page(viewport={"width": 1250, "height": 700})
    page.evaluate(MOUNT, [script("live"), style("live")])
    rows = len(losses)
    columns = {"step": list(range(rows)), "loss": losses, "accuracy": [0.5] * rows, "grad_norm": [0.5] * rows,
               "lr": [0.003] * rows, "tokens_per_s": [60000] * rows, "evaluation": [None] * rows,
               "validation": validation}
    data = {"steps": rows, "state": "running", "columns": columns, "perplexity": True, "unit": "character",
            "fresh": "validation", "clip": 1.0} | more
    page.evaluate("(data) => { mount(data); said.length = 0; mount(data); window.drawn = [...said]; }", data)
    return page


def axis(page: Page) -> list[tuple[float, float]]:
    """Marks of the perplexity's axis with their heights."""
    found = [(text, y) for label, text, y in page.evaluate("drawn") if label == "Perplexity by training step"]
    return [(float(text), y) for text, y in found if y < 100]


def test_perplexity_stands_beside_the_loss_with_what_validation_says(browser: Browser) -> None:
    page = fed(browser, [3.3 - k / 50 for k in range(101)], [None] * 50 + [2.5] + [None] * 49 + [1.4])
    heads = [chart.locator("b").inner_text() for chart in page.locator(".chart").all()]
    assert heads == ["Loss", "Perplexity", "Accuracy", "Gradient norm", "Learning rate"]
    assert page.locator("output").nth(1).inner_text() == f"{math.exp(1.3):.2f}"
    assert [note.inner_text() for note in page.locator(".held").all()] == ["● 1.400", f"● {math.exp(1.4):.2f}"]
    assert "validation" in page.locator(".legend").inner_text()
    page.locator("canvas").nth(1).hover(position={"x": 140, "y": 50})
    assert page.locator(".held").nth(1).inner_text() == f"● {math.exp(2.5):.2f}"  # the one known at that step
    page.close()


@pytest.mark.parametrize(("first", "last"), [(3.33, 1.3), (3.3, 3.2), (6.0, 0.01), (2.0, 60.0)])
def test_marks_of_the_axis_are_round_hold_all_values_and_never_touch(browser: Browser, first: float,
                                                                    last: float) -> None:
    page = fed(browser, [first, (first + last) / 2, last], [None, None, None])
    marks = axis(page)
    values = [value for value, _ in marks]
    assert min(values) <= math.exp(min(first, last)) * 1.001
    assert max(values) >= min(math.exp(max(first, last)), 1e9) * 0.999
    assert values == sorted(values)
    heights = [y for _, y in marks]
    assert all(below - above > 12 for below, above in pairwise(heights))
    assert len(marks) >= 2
    page.close()


def test_a_network_that_diverged_and_one_that_has_not_begun_are_drawn(browser: Browser) -> None:
    for losses in ([], [None], [3.0, None, None]):
        page = fed(browser, losses, [None] * len(losses))
        assert page.locator(".chart").count() == 5
        page.close()


def test_without_perplexity_there_are_four_charts(browser: Browser) -> None:
    page = fed(browser, [3.0], [None], perplexity=False)
    assert page.locator(".chart").count() == 4
    assert "nats per character" in page.locator(".chart").first.inner_text()
    page.close()


def test_a_language_shows_its_floor_its_share_of_valid_strings_and_what_was_clipped(browser: Browser) -> None:
    page = fed(browser, [0.9, 0.5, 0.3], [None, None, 0.28], perplexity=False, valid=True, floor=0.2)
    columns = {"step": [1, 2, 3], "loss": [0.9, 0.5, 0.3], "accuracy": [0.5] * 3, "grad_norm": [2.0, 1.5, 0.4],
               "lr": [0.01] * 3, "tokens_per_s": [1] * 3, "evaluation": [None] * 3, "validation": [None, 0.4, None],
               "valid": [None, 0.75, None], "clipped": [1.0, 0.5, 0.0]}
    data = {"steps": 3, "state": "running", "columns": columns, "valid": True, "floor": 0.2, "clip": 1.0}
    page.evaluate("(data) => { said.length = 0; mount(data); }", data)
    heads = [chart.locator("b").inner_text() for chart in page.locator(".chart").all()]
    assert heads == ["Loss", "Valid", "Accuracy", "Gradient norm", "Learning rate"]
    assert ["Loss by training step", "floor 0.2"] in [entry[:2] for entry in page.evaluate("said")]
    assert page.locator("output").nth(1).inner_text() == "75 %"  # the last one measured
    page.locator("canvas").nth(3).hover(position={"x": 120, "y": 50})
    assert page.locator(".chart").nth(3).locator("span").inner_text() in ("clipped 50 %", "clipped 100 %")
    page.close()
