"""A person does an exercise: presses its button, watches it train, and reads the answer beside the published figure."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import SECONDS
from tests.support.data import SHARED, need
from tests.support.servers import Server, serving


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that has the book."""
    need("timemachine.txt")
    folder = tmp_path_factory.mktemp("exercises")
    (folder / "none").mkdir()
    with serving(folder / "runs", SEQLAB_DATA=str(SHARED), SEQLAB_CACHE=str(folder / "cache"),
                 SEQLAB_CHECKPOINTS=str(folder / "none")) as running:
        yield running


@pytest.mark.slow
def test_an_exercise_is_done_with_one_press(reader: Server, page: Page) -> None:
    page.goto(f"{reader.url}/exercises")
    card = page.locator(".st-key-card-time-machine-3")
    page.get_by_role("link", name="3 One-hot is an embedding").click(timeout=60 * SECONDS)
    expect(card.get_by_role("heading")).to_be_in_viewport()
    expect(card.get_by_text("Not run yet.")).to_be_visible()
    card.get_by_role("button", name="Run it").click()
    expect(card.get_by_text("The chapter's RNN: step")).to_be_visible(timeout=120 * SECONDS)
    expect(card.get_by_text("the largest |Δ| is 0, and the logits of the whole network differ by 0.")).to_be_visible(
        timeout=600 * SECONDS)
    expect(card.get_by_text("Measured here on")).to_be_visible()
    expect(page.locator("table.all").get_by_role("row", name="One-hot is an embedding")).not_to_contain_text("not run")
    # The chapter's run serves other exercises too: there it is only measured.
    first = page.locator(".st-key-card-time-machine-1")
    first.get_by_role("button", name="Measure").click()
    expect(first.get_by_text("In training every window of 32 characters")).to_be_visible(timeout=120 * SECONDS)
    expect(first.locator(".js-plotly-plot .main-svg").first).to_be_visible(timeout=20 * SECONDS)


def test_a_phone_shows_everything_without_scrolling_sideways(reader: Server, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{reader.url}/exercises")
    expect(page.locator(".st-key-card-sentences")).to_be_visible(timeout=60 * SECONDS)
    main = page.locator(".stMainBlockContainer")
    assert main.evaluate("node => node.scrollWidth <= node.clientWidth")
    for button in page.get_by_role("button", name="Run it").all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 43.9
