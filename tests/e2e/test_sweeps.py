"""A sweep in Chromium: two lists become four runs, the table and the grid fill, and the best opens with a click."""

import json
import re

from playwright.sync_api import Page, expect

from tests.support.browser import SECONDS
from tests.support.servers import Server
from tests.support.waiting import wait_for

SMALL = {"name": "a small one", "task": {"name": "echo", "delay": 2, "length": 8}, "batch": 8, "evaluate_every": 20,
         "steps": 40, "network": {"hidden": 8, "embedding": 4}}


def small_run(server: Server) -> None:
    """A run to start from, as a command line would have left it."""
    from seqlab.training import status
    from seqlab.training.config import RunConfig
    from seqlab.training.run import create

    run = create(server.runs, RunConfig.model_validate(SMALL))
    status.write(run.path, run.status, state="stopped")


def fill(page: Page, row: int, setting: str, values: str) -> None:
    name = "Setting" if row == 1 else f"Setting {row}"
    page.get_by_role("combobox", name=name, exact=True).first.click()
    page.keyboard.type(setting)
    page.get_by_role("option", name=re.compile(setting)).first.click()
    field = page.get_by_label("Values, with commas" if row == 1 else f"Values of setting {row}", exact=True)
    expect(field).to_be_enabled(timeout=30 * SECONDS)
    field.fill(values)
    field.press("Enter")


def test_two_lists_become_four_runs_and_the_best_opens(server: Server, page: Page) -> None:
    small_run(server)
    page.goto(f"{server.url}/sweeps")
    expect(page.get_by_role("button", name="Train the chapter's grid")).to_be_visible(timeout=60 * SECONDS)
    page.get_by_role("combobox", name=re.compile("Start from")).first.click()
    page.keyboard.type("a small one")
    page.get_by_role("option", name=re.compile("a small one")).first.click()
    fill(page, 1, "Hidden size", "4, 8")
    fill(page, 2, "Learning rate", "0.01, 0.02")
    expect(page.get_by_text("4 points")).to_be_visible(timeout=30 * SECONDS)
    page.get_by_role("button", name="Train this sweep").click()
    page.wait_for_url(re.compile("sweep=sweep-"), timeout=30 * SECONDS)
    expect(page.get_by_text(re.compile(r"^4 of 4 points"))).to_be_visible(timeout=180 * SECONDS)  # no hand moved
    expect(page.locator(".cells button[data-state=finished]")).to_have_count(4, timeout=30 * SECONDS)
    assert all("%" in text for text in page.locator(".cells button").all_inner_texts())
    expect(page.locator(".cells button[data-best]")).to_have_count(1)
    page.locator(".cells button:not([data-best])").first.click()
    page.wait_for_url(re.compile("point="), timeout=30 * SECONDS)
    expect(page.locator(".plot .legend span")).to_have_count(2, timeout=30 * SECONDS)  # the best and the chosen one
    sweep = re.search(r"sweep=([^&]+)", page.url)[1]
    shares = {path.parent.name: max(json.loads(line).get("evaluation", 0) for line in path.read_text().splitlines())
              for path in server.runs.glob(f"{sweep}-p*/metrics.jsonl")}
    page.get_by_role("link", name="Open the best").click()
    page.wait_for_url(re.compile("/echo"), timeout=30 * SECONDS)
    wait_for(lambda: "run=" in page.url)
    assert shares[re.search(r"run=([^&]+)", page.url)[1]] == max(shares.values())
    expect(page.locator(".badge[data-state=proved]").first).to_be_visible(timeout=60 * SECONDS)
