"""A person opens a network of their own in Chromium: from the file to the badge with three sides."""

import json
import re
from pathlib import Path

import torch
from playwright.sync_api import Page, expect

from tests.support.browser import SECONDS, headed, proved
from tests.support.servers import Server


def test_from_a_file_to_the_badge_with_three_sides(server: Server, page: Page, tmp_path: Path) -> None:
    torch.manual_seed(1)
    rnn, fc = torch.nn.RNN(4, 6, nonlinearity="relu", batch_first=True), torch.nn.Linear(6, 4)
    torch.save({"model": {f"{name}.{key}": part for name, module in (("rnn", rnn), ("fc", fc))
                          for key, part in module.state_dict().items()}, "chars": "ehlo"}, tmp_path / "mine.pt")
    with torch.no_grad():
        logits = fc(rnn(torch.eye(4)[[1, 0, 2, 2, 3]][None])[0])
    page.goto(f"{server.url}/runs")
    headed(page, "Runs")
    page.get_by_role("button", name="Open a checkpoint").click()
    dialog = page.get_by_role("dialog")
    dialog.locator("input[type=file]").set_input_files(tmp_path / "mine.pt")
    expect(dialog.get_by_text("RNN, 1 layer of 6 units")).to_be_visible(timeout=60 * SECONDS)
    dialog.get_by_text("Check it against your own program").click()
    dialog.get_by_label("Ids that it read", exact=True).fill("[1, 0, 2, 2, 3]")
    dialog.get_by_label("Logits that it gave", exact=True).fill(json.dumps(logits.tolist()))
    dialog.get_by_label("Logits that it gave", exact=True).blur()
    expect(dialog.get_by_text("Your program differs")).to_be_visible(timeout=30 * SECONDS)
    dialog.get_by_role("button", name="Take these answers").click()  # it was the function that weights do not show
    expect(dialog.get_by_text("Your program agrees")).to_be_visible(timeout=30 * SECONDS)
    dialog.get_by_role("button", name="Open the network").click()
    page.wait_for_url(re.compile("/opened.run=mine-"), timeout=30 * SECONDS)
    proved(page)
    expect(page.locator(".badge")).to_contain_text("your program:")
    page.get_by_role("textbox", name="Your text").fill("ohell")
    expect(page.locator(".explorer span.in")).to_have_text(list("ohell"), timeout=30 * SECONDS)
    proved(page)
