"""A lesson in Chromium: phones follow the teacher, leave and come back, four predict; the teacher looks over all."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from seqlab.classroom import secrets
from tests.support.browser import PHONE, SECONDS, start_training, tab
from tests.support.servers import Server, serving
from tests.support.waiting import wait_for

LONG = 60 * SECONDS
NAMES = {"Ana": "light", "Bo <b>": "dark", "Cy": "light", "Di": "light"}


@pytest.fixture
def lesson(tmp_path: Path, browser: Browser) -> Iterator[tuple[Server, Page, list[Page]]]:
    """A class with its teacher on the Echo lab and four pupils on Home, the second of whom likes it dark."""
    keys = secrets.make(tmp_path / "class")
    with serving(tmp_path / "runs", SEQLAB_CLASS=str(tmp_path / "class")) as server, ExitStack() as tabs:
        teacher = tabs.enter_context(tab(browser))
        teacher.goto(f"{server.url}/teach?key={keys.teacher}")
        teacher.goto(f"{server.url}/echo")
        phones = []
        for name, scheme in NAMES.items():
            phone = tabs.enter_context(tab(browser, PHONE, color_scheme=scheme))
            phone.goto(f"{server.url}/join?code={keys.code}")
            phone.get_by_label("Nickname").fill(name)
            phone.get_by_role("button", name="Join", exact=True).click()
            phones.append(phone)
        expect(teacher.get_by_text("4 here")).to_be_visible(timeout=LONG)
        yield server, teacher, phones


def at(page: Page, part: str) -> None:
    """Wait until the address has a part."""
    expect(page).to_have_url(re.compile(re.escape(part)), timeout=LONG)


def word(page: Page, text: str) -> None:
    """See that the field has a word, and the picture shows its letters."""
    expect(page.get_by_label("Your word", exact=True)).to_have_value(text, timeout=LONG)
    expect(page.locator(".explorer .strip").first).to_contain_text(text[0], timeout=LONG)


def test_phones_follow_leave_come_back_and_predict(lesson: tuple[Server, Page, list[Page]]) -> None:
    server, teacher, phones = lesson
    ana, bo, *_ = phones
    expect(teacher.get_by_label("Your word", exact=True)).to_be_visible(timeout=LONG)
    teacher.get_by_role("button", name="Pupils follow").click()
    for phone in (ana, bo):
        at(phone, "/echo")
    teacher.get_by_label("Your word", exact=True).fill("kayak")
    for phone in (ana, bo):
        at(phone, "word=kayak")
        word(phone, "kayak")
    bo.get_by_role("button", name="Leave").click()
    teacher.get_by_label("Your word", exact=True).fill("remember")  # as at first, so it leaves the address
    word(ana, "remember")
    word(bo, "kayak")
    bo.get_by_role("button", name="Come back").press("Enter")
    word(bo, "remember")
    teacher.get_by_role("button", name="Pause them").click()
    expect(ana.get_by_text("has paused the class")).to_be_visible()
    assert ana.locator(".stApp").evaluate("node => node.inert")
    teacher.get_by_role("button", name="Pause them").click()
    expect(ana.get_by_text("has paused the class")).to_have_count(0)
    expect(bo.locator(".class-bar")).to_have_css("color-scheme", "dark")
    predict(server, teacher, *phones)
    look_over(server, teacher, ana, bo)


def predict(server: Server, teacher: Page, ana: Page, bo: Page, *others: Page) -> None:
    """The teacher asks what comes next, all answer by one tap, and all see the truth."""
    teacher.get_by_role("button", name="Ask …").click()
    dialog = teacher.get_by_role("dialog")
    expect(dialog.get_by_label("Question", exact=True)).to_have_value(
        "The network reads r e m e m b e r · · ·. What does it say at the end?", timeout=LONG)
    dialog.get_by_role("button", name="Ask", exact=True).click()
    expect(dialog).to_have_count(0, timeout=LONG)
    for page in (teacher, ana, bo):
        expect(page.locator(".explorer").first).to_be_hidden()  # it shows the truth
        expect(page.get_by_text("reads one letter at a time")).to_be_hidden()
        expect(page.get_by_role("heading", name="Echo lab")).to_be_visible()
    bo.get_by_role("button", name="Leave").click()  # which shows the truth no sooner
    expect(bo.get_by_role("button", name="Come back")).to_be_visible()
    expect(bo.locator(".explorer").first).to_be_hidden()
    bo.get_by_role("button", name="Come back").press("Enter")
    for phone in (ana, *others):
        phone.get_by_role("button", name="r", exact=True).click()
    bo.get_by_role("button", name="z", exact=True).press("Enter")
    expect(ana.get_by_text("Your answer: r")).to_be_visible(timeout=LONG)
    expect(ana.locator(".class-bars")).to_have_count(0)
    expect(teacher.get_by_text("4 of 4 answered")).to_be_visible(timeout=LONG)
    teacher.get_by_role("button", name="Reveal").press("Enter")
    expect(ana.get_by_text("You said r: right.")).to_be_visible(timeout=LONG)
    expect(bo.get_by_text("You said z.")).to_be_visible(timeout=LONG)
    expect(bo.locator(".explorer").first).to_be_visible()
    expect(bo.locator(".class-bars dd[data-kind=truth]")).to_have_text("3 ✓")
    expect(bo.locator(".class-bars dd[data-kind=own]")).to_have_text("1")
    table = teacher.context.request.get(f"{server.url}/class/answers.csv").text()
    assert "Bo <b>,z,r,no" in table
    teacher.get_by_role("button", name="Done").click()
    expect(ana.locator(".class-round")).to_have_count(0)


def look_over(server: Server, teacher: Page, ana: Page, bo: Page) -> None:
    """The teacher sees Ana's curve grow, shows it to Bo, stops it and lets it go on."""
    run = start_training(ana)
    expect(ana.get_by_role("button", name="Stop", exact=True)).to_be_visible(timeout=LONG)  # it is hers at once
    teacher.goto(f"{server.url}/classroom")
    card = teacher.locator(".pupils").get_by_role("button", name=re.compile("^Ana, "))
    expect(card.locator("polyline")).to_have_attribute("points", re.compile(r"\S+ \S+"), timeout=LONG)
    card.press("Enter")
    teacher.get_by_role("button", name="Send to all").click()
    at(bo, f"run={run}")
    expect(bo.get_by_text("belongs to somebody else")).to_have_count(0)
    teacher.get_by_role("button", name="Stop", exact=True).press("Enter")
    wait_for(lambda: server.status(run)["state"] == "stopped")
    teacher.get_by_role("button", name=re.compile("^Undo: let ")).click()
    wait_for(lambda: server.status(run)["state"] in ("queued", "running", "finished"))
