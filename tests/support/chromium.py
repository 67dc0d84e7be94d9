"""The system's Chromium, as tests and benchmarks start it."""

from collections.abc import Iterator
from contextlib import contextmanager
from shutil import which

from playwright.sync_api import Browser, sync_playwright

# It asks nothing of the outside, which it could not reach here.
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]


def executable() -> str:
    """Where the system's Chromium is."""
    found = next((which(name) for name in ("chromium", "chromium-browser", "google-chrome") if which(name)), None)
    assert found, "Chromium is missing: `make browser` installs it"
    return found


@contextmanager
def browsing() -> Iterator[Browser]:
    """A browser, closed afterwards; Playwright allows one such block at a time in a process."""
    with sync_playwright() as play:
        launched = play.chromium.launch(executable_path=executable(), args=QUIET)
        yield launched
        launched.close()
