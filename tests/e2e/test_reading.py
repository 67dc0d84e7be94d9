"""The Reading page in Chromium: a text is read and asked, a slider moves its picture, a phone has room for all."""

import statistics
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from seqlab.training.config import RunConfig
from seqlab.training.run import Run, create
from seqlab.training.session import train
from tests.support.browser import SECONDS, headed, proved, stands_still_sideways

SECTIONS = ("What surprises it", "Another book", "How far back", "One-hot is an embedding")


@pytest.fixture(scope="module")
def reader(server) -> str:
    """The id of a tiny network that has read a little of Python's language reference."""
    run: Run = create(Path(server.runs), RunConfig(
        name="reader", steps=60, batch=16, device="cpu", network={"model": "gru", "hidden": 24, "embedding": 12},
        task={"name": "text", "corpus": "python-topics", "preparation": "letters", "num_steps": 24}))
    train(run.path)
    return run.id


def opened(page: Page, server, query: str) -> None:
    page.goto(f"{server.url}/reading?{query}")
    headed(page, "Reading")


def test_a_text_is_typed_read_and_asked(server, reader, page):
    opened(page, server, f"run={reader}")
    view = page.locator(".reading")
    expect(view.locator(".bars .came")).to_be_visible(timeout=30 * SECONDS)
    before = view.get_attribute("data-id")
    field = page.get_by_role("textbox", name="Your text")
    field.fill("the <img src=x onerror=alert(1)> statement zqxj ends the block")
    field.press("Control+Enter")
    expect(view).not_to_have_attribute("data-id", before, timeout=20 * SECONDS)
    text = view.locator(".text")
    assert text.inner_text() == "the img src x onerror alert statement zqxj ends the block"
    view.locator(".text span").nth(5).click()
    expect(view).to_have_attribute("data-at", "5")
    said = view.locator(".said").inner_text()
    assert "Here came m" in said.replace("\u00a0", " ")
    page.keyboard.press("ArrowRight")
    expect(view).to_have_attribute("data-at", "6")
    assert view.locator(".said").inner_text() != said
    view.locator(".places button").first.click()
    assert view.locator(".places button").first.get_attribute("aria-pressed") == "true"
    proved(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download CSV").click()
    assert len(download.value.path().read_text().splitlines()) == 1 + len("the img src x onerror alert statement zqxj "
                                                                          "ends the block")


def test_what_was_typed_is_there_after_a_reload(server, reader, page):
    opened(page, server, f"run={reader}")
    field = page.get_by_role("textbox", name="Your text")
    expect(field).to_be_visible(timeout=30 * SECONDS)
    expect(page.locator(".reading .text")).to_be_visible(timeout=60 * SECONDS)
    field.fill("the words of mine")
    page.reload()
    expect(page.get_by_role("textbox", name="Your text")).to_have_value("the words of mine", timeout=60 * SECONDS)



@pytest.mark.timed
def test_a_slider_moves_its_picture_at_once(server, reader, page, record_property):
    opened(page, server, f"run={reader}&show=One-hot+is+an+embedding")
    proved(page)
    page.evaluate("""() => { const look = () => {
        const table = document.querySelector(".sum tfoot td")?.textContent;
        if (window.__down && table !== window.__before) {
            (window.__moves ??= []).push(performance.now() - __down);
            __down = 0;
        }
        requestAnimationFrame(look); };
        addEventListener("keydown", () => { window.__down = performance.now();
            window.__before = document.querySelector(".sum tfoot td")?.textContent; }, true);
        look(); }""")
    page.get_by_role("slider", name="Number of the code").focus()
    for move in range(8):
        page.keyboard.press("ArrowRight")
        page.wait_for_function("n => (window.__moves ?? []).length > n", arg=move, timeout=10_000)
        page.wait_for_timeout(250)
    found = page.evaluate("__moves")[2:]
    record_property("slider to picture, p50 ms", statistics.median(found))
    print(f"p50 {statistics.median(found):.0f} ms, worst {max(found):.0f} ms")
    assert statistics.median(found) < 400  # with room for a busy machine
    page.wait_for_url(lambda url: "number=8" in url)


def test_a_phone_has_room_for_a_finger_at_every_section(server, reader, phone):
    opened(phone, server, f"run={reader}&texts=held-out&show={SECTIONS[1].replace(' ', '+')}")
    proved(phone)
    stands_still_sideways(phone)  # the section that the tests of access leave out
    for name in SECTIONS:
        assert phone.get_by_role("radio", name=name).bounding_box()["height"] >= 40
