"""``python -m tests.pictures [PAGE …]``: takes the pictures that the documentation shows anew, all or some pages'."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

import seqlab
from seqlab.classroom import secrets
from seqlab.ui.shell.navigation import HOME
from tests.support import pictures
from tests.support.access import drawn
from tests.support.browser import PHONE, SECONDS, start_training, tab
from tests.support.chromium import browsing
from tests.support.data import ROOT
from tests.support.servers import serving

DESK = {"viewport": pictures.SCREEN}
PUPILS = ("Ana", "Bo", "Cleo", "Dan")
FOREIGN = ROOT / "checkpoints" / "text-gru" / "weights" / "step-00001600.safetensors"


@contextmanager
def shown(browser: Browser) -> Iterator[Page]:
    """A tab as pictures are taken in, which leaves the server before that ends, so that its silence is no error."""
    with tab(browser, DESK, reduced_motion="reduce") as page:
        yield page
        page.goto("about:blank")


def plain(browser: Browser, folder: Path, names: list[str]) -> None:
    """Take pages as they are on a server on which nobody has done anything, and of Home the trail."""
    with serving(folder / "plain") as server, shown(browser) as page:
        for name in names:
            page.goto(f"{server.url}/{'' if name == HOME else name}")
            drawn(page)
            pictures.take(page, name)
        if HOME in names:
            pictures.trail(page, server.url)


def opened(browser: Browser, folder: Path) -> None:
    """Take the page of a network that came from a file of weights."""
    os.environ["SEQLAB_RUNS"] = str(folder / "opened")
    run = seqlab.open(FOREIGN, name="My GRU", vocabulary=" abcdefghijklmnopqrstuvwxyz")
    with serving(folder / "opened") as server, shown(browser) as page:
        page.goto(f"{server.url}/opened?run={run.id}")
        drawn(page)
        pictures.take(page, "opened")


def classroom(browser: Browser, folder: Path) -> None:
    """Take the page of a class in which four people are, two of whom have begun to train a network."""
    keys = secrets.make(folder / "class")
    with serving(folder / "runs", SEQLAB_CLASS=str(folder / "class")) as server, ExitStack() as tabs:
        for place, name in enumerate(PUPILS):
            phone = tabs.enter_context(tab(browser, PHONE))
            tabs.callback(phone.goto, "about:blank")
            phone.goto(f"{server.url}/join?code={keys.code}")
            phone.get_by_label("Nickname").fill(name)
            phone.get_by_role("button", name="Join", exact=True).click()
            if place < 2:
                phone.goto(f"{server.url}/echo")
                start_training(phone)
                phone.wait_for_timeout(10 * SECONDS)  # a curve worth looking at, which then stands still
                phone.get_by_role("button", name="Stop", exact=True).click(timeout=60 * SECONDS)
        page = tabs.enter_context(shown(browser))
        page.goto(f"{server.url}/teach?key={keys.teacher}")
        page.goto(f"{server.url}/classroom")
        expect(page.locator(".pupils").get_by_role("button")).to_have_count(len(PUPILS), timeout=60 * SECONDS)
        drawn(page)
        pictures.take(page, "classroom")


def main() -> None:
    """Start the app, look at its pages, and write their pictures into ``docs``."""
    asked = sys.argv[1:] or [*pictures.plain(), *pictures.STAGED]
    with tempfile.TemporaryDirectory() as folder, browsing() as browser:
        if names := [name for name in asked if name not in pictures.STAGED]:
            plain(browser, Path(folder), names)
        for stage in (opened, classroom):
            if stage.__name__ in asked:
                stage(browser, Path(folder))
    sizes = [file.stat().st_size for file in (pictures.TRAIL, *sorted(pictures.FOLDER.glob("*.webp")))]
    print(f"{len(sizes) - 1} pictures of {sum(sizes[1:]):,} bytes in all, and the trail of {sizes[0]:,}")


if __name__ == "__main__":
    main()
