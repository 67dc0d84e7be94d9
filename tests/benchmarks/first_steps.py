"""How soon somebody new trains a network of their own, and has a first exact GRU: seconds and clicks, in Chromium.

``python -m tests.benchmarks.first_steps`` starts a server on an empty folder and counts from there; with ``--fresh`` it
clones the repository and sets the clone up first, and prints those seconds apart.
"""

import argparse
import subprocess
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from seqlab.checking.exercises import EXERCISES
from tests.support.browser import SECONDS
from tests.support.chromium import browsing
from tests.support.data import ROOT
from tests.support.servers import serving

LONG = 180 * SECONDS


def fresh(folder: Path) -> float:
    """Clone the repository and set the clone up as ``make run`` does; the seconds that takes."""
    began = time.perf_counter()
    subprocess.run(["git", "clone", "-q", str(ROOT), str(folder)], check=True)
    subprocess.run(["make", "-C", str(folder), ".venv/.product"], check=True, capture_output=True)
    return time.perf_counter() - began


def first_training(page: Page, url: str) -> int:
    """Press Train on the first screen and wait until the network says letters of its own; the clicks."""
    page.goto(url)
    page.locator(".st-key-try-one button").first.click(timeout=LONG)
    expect(page.locator(".st-key-trying").get_by_text("Trained")).to_be_visible(timeout=LONG)
    return 1


def first_gru(page: Page, url: str) -> int:
    """Go to Your code from the menu, type a correct GRU, press Check, and wait for the word; the clicks."""
    page.goto(url)
    page.get_by_role("button", name="Inside").click(timeout=LONG)
    page.get_by_role("menuitem", name="Your code").click()
    page.get_by_role("radio", name="GRU", exact=True).click(timeout=LONG)
    area = page.locator(".st-key-code-gru textarea")
    expect(area).to_have_count(1, timeout=LONG)
    area.click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(EXERCISES["gru"].correct)
    page.get_by_role("button", name="Check").first.click()
    expect(page.get_by_test_id("stAlert").get_by_text("✓")).to_be_visible(timeout=LONG)
    return 5


def measure(browser: Browser, folder: Path, root: Path) -> None:
    """Do both with a server each from a checkout and its own environment, which starts with the clock."""
    command = (str(root / ".venv/bin/python"), "-m", "seqlab")
    for name, steps in (("first own training", first_training), ("first exact GRU", first_gru)):
        began = time.perf_counter()
        with serving(folder / name.replace(" ", "-"), command, root, SEQLAB_PARTS="") as server:
            clicks = steps(browser.new_page(viewport={"width": 1280, "height": 720}), server.url)
            print(f"{name}: {time.perf_counter() - began:.1f} s from the start of the server "
                  f"({server.ready:.1f} s until it answers), {clicks} clicks", flush=True)


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--fresh", action="store_true", help="clone the repository first, and set the clone up")
    with tempfile.TemporaryDirectory() as name, browsing() as browser:
        folder, root = Path(name), ROOT
        if asked.parse_args().fresh:
            root = folder / "clone"
            print(f"clone and set-up: {fresh(root):.0f} s", flush=True)
        measure(browser, folder, root)


if __name__ == "__main__":
    main()
