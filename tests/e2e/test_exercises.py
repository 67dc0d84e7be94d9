"""A person starts an exercise with a button, watches it train, and stops it; all that follows stands in pages/."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import SECONDS
from tests.support.data import SHARED, need
from tests.support.servers import Server, serving
from tests.support.waiting import wait_for


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that has the book."""
    need("timemachine.txt")
    folder = tmp_path_factory.mktemp("exercises")
    (folder / "none").mkdir()
    with serving(folder / "runs", SEQLAB_DATA=str(SHARED), SEQLAB_CACHE=str(folder / "cache"),
                 SEQLAB_CHECKPOINTS=str(folder / "none")) as running:
        yield running


def test_an_exercise_is_started_with_one_press_and_stopped_with_another(reader: Server, page: Page) -> None:
    page.goto(f"{reader.url}/exercises")
    card = page.locator(".st-key-card-time-machine-3")
    page.get_by_role("radio", name="3", exact=True).click(timeout=60 * SECONDS)
    expect(card.get_by_role("heading", name="3 · One-hot or an embedding?")).to_be_in_viewport()
    expect(card.get_by_label("Your answer, before you look", exact=True)).to_have_count(1, timeout=60 * SECONDS)
    card.get_by_label("Your answer, before you look", exact=True).fill("A row of the matrix.")
    card.get_by_role("spinbutton").fill("0")
    card.get_by_role("spinbutton").press("Enter")
    expect(card.get_by_text(re.compile("of training here, by a moment of each"))).to_be_visible(timeout=60 * SECONDS)
    expect(card.get_by_text("A product with a one-hot vector")).to_have_count(0)
    page.reload()
    expect(card.get_by_label("Your answer, before you look", exact=True)).to_have_value("A row of the matrix.",
                                                                            timeout=60 * SECONDS)
    card.get_by_role("button", name="Show what came out").click()
    expect(card.get_by_text("You said: A row of the matrix.; 0 for")).to_be_visible(timeout=60 * SECONDS)
    expect(card.get_by_text("Not run yet.")).to_be_visible()
    with page.expect_download() as leaving:
        card.get_by_role("button", name="As a notebook").click()
    assert leaving.value.suggested_filename == "time-machine-3.zip"
    card.get_by_role("button", name="Run it").click()
    expect(card.get_by_text("The chapter's RNN: step")).to_be_visible(timeout=120 * SECONDS)
    (run,) = (folder.name for folder in reader.runs.iterdir() if (folder / "status.json").exists())
    card.get_by_role("button", name="Stop").click()
    wait_for(lambda: reader.status(run)["state"] == "stopped")
    expect(card.get_by_role("button", name="Stop")).to_have_count(0, timeout=30 * SECONDS)


def test_a_phone_shows_everything_without_scrolling_sideways(reader: Server, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{reader.url}/exercises?exercise=time-machine-9")
    expect(page.locator(".st-key-card-time-machine-9")).to_be_visible(timeout=60 * SECONDS)
    main = page.locator(".stMainBlockContainer")
    assert main.evaluate("node => node.scrollWidth <= node.clientWidth")
    page.get_by_role("button", name="Show what came out").click(timeout=60 * SECONDS)
    expect(page.get_by_text("You predicted nothing.")).to_be_visible(timeout=60 * SECONDS)
    for button in page.locator(".st-key-bench-time-machine-9").get_by_role("button").all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 43.9
