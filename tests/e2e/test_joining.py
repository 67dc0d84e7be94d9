"""Two people of a class in Chromium: joining by the keyboard, and a network that is another's until it is shared."""

import re
import shutil
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from seqlab.classroom import secrets
from seqlab.classroom.roster import Roster
from seqlab.training.owner import Owner, write
from tests.support.servers import Server, serving

SECONDS = 30_000


def join(page: Page, code: str, name: str) -> None:
    page.keyboard.type(code)
    page.keyboard.press("Tab")
    page.keyboard.type(name)
    page.keyboard.press("Enter")


def test_a_network_is_its_owners_until_it_is_shared(browser: Browser, tmp_path: Path) -> None:
    keys = secrets.make(tmp_path / "class")
    with serving(tmp_path / "runs", SEQLAB_CLASS=str(tmp_path / "class")) as server:
        ana, bo = (browser.new_context().new_page() for _ in range(2))
        try:
            _share(ana, bo, server, keys)
        finally:
            for page in (ana, bo):
                page.context.close()


def _share(ana: Page, bo: Page, server: Server, keys: secrets.ClassKeys) -> None:
    ana.goto(f"{server.url}/echo?run=anas")
    join(ana, "zzzzzz", "Ana <b>")
    expect(ana.get_by_role("alert")).to_contain_text("not the code of this class")
    expect(ana.get_by_label("Nickname")).to_have_value("Ana <b>")
    ana.get_by_label("Code of the class").fill("")
    join(ana, keys.code.lower(), "")
    expect(ana.get_by_role("button", name="Ana <b>")).to_be_visible(timeout=SECONDS)
    (member,) = Roster(server.runs.parent / "class", keys).members()
    shutil.copytree(server.shipped / "echo-fixed-gru", server.runs / "anas")
    write(server.runs / "anas", Owner(member.person.id))

    bo.goto(f"{server.url}/join?code={keys.code}")
    expect(bo.get_by_label("Nickname")).to_be_focused()
    bo.keyboard.type("Bo")
    bo.keyboard.press("Enter")
    expect(bo.get_by_role("button", name="Bo", exact=True)).to_be_visible(timeout=SECONDS)
    bo.goto(f"{server.url}/echo?run=anas")
    expect(bo.get_by_text("belongs to somebody else")).to_be_visible(timeout=SECONDS)
    expect(bo.get_by_role("button", name="Share")).to_have_count(0)

    ana.goto(f"{server.url}/echo?run=anas")
    ana.get_by_role("button", name="Share").press("Enter")
    expect(ana.get_by_role("button", name="Unshare")).to_be_visible(timeout=SECONDS)
    bo.reload()
    expect(bo.get_by_role("combobox", name="Network")).to_have_value(re.compile("of Ana <b>"), timeout=SECONDS)
    bo.context.clear_cookies()
    bo.reload()
    expect(bo.get_by_role("button", name="Join")).to_be_visible()
