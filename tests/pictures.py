"""``python -m tests.pictures [PAGE …]``: takes the pictures that the documentation shows anew, all or some pages'."""

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.request import Request, urlopen

from playwright.sync_api import Browser, Page, expect

import seqlab
from seqlab.classroom import secrets, token
from seqlab.classroom.roster import Roster
from seqlab.training.owner import Owner, write
from seqlab.ui.shell.navigation import HOME
from tests.support import pictures
from tests.support.access import drawn
from tests.support.browser import SECONDS, tab
from tests.support.chromium import browsing
from tests.support.data import ROOT
from tests.support.servers import serving

DESK = {"viewport": pictures.SCREEN}
# Who is in the class of the picture, on which page, and which of the shipped networks they are taken to have trained.
PUPILS = {"Ana": ("echo", "echo-fixed-gru", "echo-fixed-rnn"), "Bo": ("echo", "echo-variable-rnn"),
          "Cleo": ("echo", "echo-fixed-lstm", "echo-variable-gru"), "Dan": ("hello", "hello-gru"),
          "Elif": ("grammar", "grammar-brackets"), "Farid": ("echo", "echo-variable-lstm"),
          "Grace": ("hello", "hello-rnn", "hello-gru"), "Hugo": ("echo",), "Ines": ("echo", "echo-fixed-rnn"),
          "Jun": ("attention", "echo-variable-transformer"), "Kofi": ("home",), "Lena": ("echo", "echo-small-gru")}
FOREIGN = ROOT / "checkpoints" / "text-gru" / "weights" / "step-00001600.safetensors"


@contextmanager
def present(url: str, cookie: str, page: str) -> Iterator[None]:
    """Be in the class as a browser is that has a page open: it listens to the news, and says where it is."""
    def asked(call: str, given: dict[str, object] | None = None) -> Request:
        data = None if given is None else json.dumps(given).encode()
        return Request(f"{url}/class/{call}", data, {"cookie": cookie, "content-type": "application/json"})

    with urlopen(asked("events")):
        urlopen(asked("at", {"at": {"page": page, "query": ""}})).close()
        yield


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
    """Take the page of a class in which people are on pages of their own, most of whom have trained networks."""
    keys = secrets.make(folder / "class")
    roster = Roster(folder / "class", keys)
    people = {name: roster.join(name)[0] for name in PUPILS}
    for name, (_, *trained) in PUPILS.items():
        for run in trained:
            shutil.copytree(ROOT / "checkpoints" / run, folder / "runs" / f"{run}-{people[name].id}")
            write(folder / "runs" / f"{run}-{people[name].id}", Owner(people[name].id))
    with serving(folder / "runs", SEQLAB_CLASS=str(folder / "class")) as server, ExitStack() as tabs:
        for name, (place, *_) in PUPILS.items():
            tabs.enter_context(present(server.url, f"{keys.cookie}={token.make(keys, people[name])}", place))
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
