"""The documentation as a reader has it: built without a warning, opened from its folder, and searched there."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from docs.site import links
from seqlab.command_line import app
from tests.support import pictures
from tests.support.data import ROOT


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, in whose building nothing was wrong: without the parts of the tests, and as a reader builds it."""
    folder = tmp_path_factory.mktemp("site")
    bare = {name: value for name, value in os.environ.items() if name != "SEQLAB_PARTS"}
    done = subprocess.run([sys.executable, "-m", "docs.site", str(folder)], cwd=ROOT, env=bare, capture_output=True,
                          text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"\d+ pages, \d+ links, 0 faults", done.stdout)
    return folder


def test_it_opens_from_its_folder_shows_shapes_commands_and_pictures_and_finds(site: Path, page: Page) -> None:
    asked = list[str]()
    page.on("request", lambda request: asked.append(request.url))
    page.goto((site / "index.html").as_uri())
    page.get_by_role("link", name="What each page shows").first.click()
    shown = page.locator("article img").evaluate_all("(all) => all.map((one) => one.getAttribute('alt'))")
    assert len(shown) == len(list(pictures.FOLDER.glob("*.webp"))) == len(set(shown))
    page.get_by_role("link", name="Commands and their options").click()
    for name in app._subcommands:
        expect(page.get_by_role("heading", name=f"seqlab {name}", exact=False).first).to_be_visible()
    page.get_by_label("Search").first.fill("reset gate gru")
    page.keyboard.press("Enter")
    found = page.get_by_role("link", name=re.compile("seqlab.reference.gru"))
    expect(found.first).to_be_visible()
    found.first.click()
    expect(page.locator("#seqlab\\.reference\\.gru\\.gru")).to_contain_text("Float[ndarray, 'batch time input']")
    assert all(url.startswith(("file:", "data:")) for url in asked)


def test_a_link_that_leads_nowhere_and_what_is_loaded_from_elsewhere_is_named(tmp_path: Path) -> None:
    (tmp_path / "two.html").write_text('<h1 id="here">Two</h1>')
    (tmp_path / "one.html").write_text(
        '<a href="two.html#here">a</a> <a href="two.html#gone">b</a> <a href="three.html">c</a> <a href="http//x">d</a>'
        '<a href="https://example.org/x">e</a> <a href="https://nowhere">f</a> <script src="//cdn.example/x"></script>')
    (tmp_path / "style.css").write_text("@import 'https://fonts.example/x.css'; a { background: url(data:x) }")
    assert links.faults(tmp_path) == [
        "one.html: //cdn.example/x is loaded from elsewhere", "one.html: two.html#gone leads nowhere",
        "one.html: three.html leads nowhere", "one.html: http//x leads nowhere",
        "one.html: https://nowhere leads nowhere", "style.css: https://fonts.example/x.css is loaded from elsewhere"]
