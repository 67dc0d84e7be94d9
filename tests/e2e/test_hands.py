"""What a hand feels in Chromium: what stands on the first screen, what stays in its place, what a press answers."""

import csv
import io
import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import SECONDS, proved, start_training
from tests.support.waiting import wait_for

# Where the explorer stands, noted at every frame: one entry for every change, and for every new element.
PLACES = """() => {
    const find = () => [...document.querySelectorAll("*")].map((node) => node.shadowRoot?.querySelector(".explorer"))
        .find(Boolean);
    window.__places = [];
    let node, top;
    const look = () => {
        const now = find(), y = now ? Math.round(now.getBoundingClientRect().top + scrollY) : null;
        if (now !== node || y !== top) __places.push(y);
        [node, top] = [now, y];
        setTimeout(look, 20);
    };
    look();
}"""


def bottom(page: Page, selector: str) -> float:
    box = page.locator(selector).last.bounding_box()
    assert box is not None
    return box["y"] + box["height"]


@pytest.mark.parametrize("path", ["", "echo"])
def test_a_phone_shows_the_word_and_its_echo_on_the_first_screen(server, phone, path):
    phone.goto(f"{server.url}/{path}")
    proved(phone)
    assert bottom(phone, ".explorer .out b") < 844
    field, die = (part.bounding_box() for part in (phone.get_by_label("Your word", exact=True),
                                                   phone.get_by_role("button", name="Surprise me")))
    assert field["y"] <= die["y"] + die["height"] / 2 <= field["y"] + field["height"]  # on one row
    assert die["width"] >= 40


# What of each page must stand above the lower edge of a projector: where one types, the answer, the picture.
FIRST_SCREENS = {
    "sampling": ("input[aria-label='Prompt']", "[data-dial=temperature]", ".bars", ".drawn [data-t='40']"),
    "text": ("input[aria-label='It writes on from']", ".temperatures input", ".text-sample", "[data-state=proved]"),
    "grammar": ("input[aria-label='A string']", ".verdict", ".st-key-truth-quantity canvas"),
    "stepper": ("input[aria-label='Time step t']", ".steps-strip .here", "table.overview"),
    "compare": (".st-key-compared-b button", ".fields .map", ".compare .hint"),
    "sentiment": ("textarea[aria-label='A review']", ".opinion-verdict", ".st-key-growth canvas"),
}


def test_a_projector_shows_input_answer_and_picture_of_a_lab_on_the_first_screen(server, page):
    page.set_viewport_size({"width": 1280, "height": 720})
    for path, parts in FIRST_SCREENS.items():
        page.goto(f"{server.url}/{path}")
        for part in parts:
            expect(page.locator(part).last).to_be_visible(timeout=60 * SECONDS)
            assert bottom(page, part) <= 720, (path, part)


def test_a_phone_reaches_every_page_in_two_taps(server, phone):
    phone.goto(server.url)
    proved(phone)
    for name, title in (("Echo lab", "Echo lab"), ("Step by step", "Step by step"), ("Runs", "Runs"),
                        ("Home", "Look inside")):
        phone.locator(".st-key-phone-menu").get_by_role("button").tap()
        link = phone.get_by_test_id("stPopoverBody").get_by_role("link", name=name)
        expect(link).to_be_visible()
        assert link.bounding_box()["height"] >= 40
        link.tap()
        expect(phone.get_by_role("heading", name=title).first).to_be_visible(timeout=15 * SECONDS)


def test_a_phone_can_tick_a_run(server, phone):
    phone.goto(f"{server.url}/runs")
    table = phone.get_by_test_id("stDataFrame")
    expect(table).to_be_visible(timeout=20 * SECONDS)
    phone.get_by_placeholder("Name, model or task").fill("echo-fixed-lstm")
    phone.wait_for_timeout(1000)
    box = table.bounding_box()
    phone.touchscreen.tap(box["x"] + 18, box["y"] + 52)
    expect(phone.get_by_role("link", name="Open")).to_be_visible(timeout=10 * SECONDS)
    expect(phone.get_by_text("Shipped runs stay")).to_be_visible()


def test_nothing_moves_while_a_run_trains_and_when_it_ends(server, page):
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(f"{server.url}/echo?run=echo-fixed-gru")
    proved(page)
    run = start_training(page)
    expect(page.get_by_role("button", name="Stop")).to_be_visible(timeout=15 * SECONDS)
    wait_for(lambda: page.locator(".explorer").count() == 1)
    proved(page)
    assert bottom(page, ".explorer .out b") <= 720  # a projector shows curves and echo together
    page.evaluate(PLACES)
    page.wait_for_timeout(3000)
    assert server.status(run)["state"] == "running"
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("heading", name="How it was trained")).to_be_visible(timeout=15 * SECONDS)
    expect(page.get_by_role("heading", name="How good is it?")).to_be_visible(timeout=30 * SECONDS)
    places = [place for place in page.evaluate("__places") if place is not None]
    assert max(places) - min(places) <= 2, places


@pytest.mark.timed
def test_buttons_stay_in_place_and_answer_at_once(server, page):
    page.goto(f"{server.url}/echo")
    proved(page)
    run = start_training(page)
    wait_for(lambda: server.status(run)["step"] > 0)
    page.wait_for_timeout(600)
    names = ["Pause", "Step", "Stop", "Resume"]

    def places() -> list[float]:  # in one look: the page may be drawn anew between two
        return page.locator(".st-key-steering button").evaluate_all("""(buttons, names) => buttons
            .filter((button) => names.includes(button.innerText.split("\\n").at(-1)))
            .map((button) => button.getBoundingClientRect().x)""", names)

    before = places()
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Resume")).to_be_visible(timeout=2 * SECONDS)
    assert len(before) == 3
    wait_for(lambda: places() == before, 5)  # the button that goes may stand there a moment longer
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("heading", name="How it was trained")).to_be_visible(timeout=5 * SECONDS)


def test_a_shipped_run_goes_on_from_a_snapshot_as_a_new_one(server, page):
    page.goto(f"{server.url}/echo?run=echo-fixed-gru")
    proved(page)
    page.get_by_role("button", name="Go on from a snapshot").click()
    page.get_by_role("button", name="Train on from here").click()
    page.wait_for_url(re.compile("run=(?!echo-fixed-gru)"), timeout=15 * SECONDS)
    run = re.search(r"run=([^&]+)", page.url)[1]
    expect(page.get_by_role("button", name="Stop")).to_be_visible(timeout=15 * SECONDS)
    start = server.status(run)["step"]
    wait_for(lambda: server.status(run)["step"] > start > 0)
    page.get_by_role("button", name="Stop").click()
    wait_for(lambda: server.status(run)["state"] == "stopped")


def test_what_is_on_the_screen_can_be_taken_along(server, page, tmp_path):
    page.goto(f"{server.url}/echo?run=echo-variable-gru&word=hello&delay=2")
    proved(page)
    page.get_by_role("button", name="Take it with you").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="These numbers").click()
    trace = np.load(download.value.path(), allow_pickle=False)
    assert ("".join(trace["inputs"]), "".join(trace["target"])) == ("hello··", "··hello")
    assert trace["h.0"].shape == trace["z.0"].shape == (trace["steps"].size, 7, 128)
    best = trace["p"][-1].argmax(-1)
    assert "".join(trace["alphabet"][best]) == "··hello"
    page.keyboard.press("Escape")
    with page.expect_download() as download:
        page.get_by_role("button", name="Curves").click()
    rows = list(csv.DictReader(io.StringIO(download.value.path().read_text())))
    assert float(rows[-1]["loss"]) < float(rows[0]["loss"])


def test_a_run_that_trains_moves_in_the_list_and_keeps_the_ticks(server, page):
    page.goto(f"{server.url}/echo")
    proved(page)
    run = start_training(page)
    wait_for(lambda: server.status(run)["step"] > 0)
    page.goto(f"{server.url}/runs")
    table = page.get_by_test_id("stDataFrame")
    expect(table).to_be_visible(timeout=20 * SECONDS)
    box = table.bounding_box()
    page.mouse.click(box["x"] + 18, box["y"] + 52)
    expect(page.get_by_role("button", name="Delete")).to_be_visible(timeout=10 * SECONDS)
    steps = table.locator("[role=gridcell][aria-colindex='7']").first
    seen = steps.inner_text()
    wait_for(lambda: steps.inner_text() != seen, 10)
    expect(page.get_by_role("button", name="Delete")).to_be_visible()
    page.goto(f"{server.url}/echo?run={run}")
    page.get_by_role("button", name="Stop").click()
    wait_for(lambda: server.status(run)["state"] == "stopped")
