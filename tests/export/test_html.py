"""A view as one HTML file: opened from the disk in Chromium with the network off it draws, moves and says its proof."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from seqlab import paths
from seqlab.errors import Fault
from seqlab.export.exports import Leaving, exports
from seqlab.export.html import explorer_html, framed
from seqlab.training.run import Run
from tests.support.runs import random_run

PAINTED = """(all) => all.filter((one) => one.clientWidth && one.clientHeight)
    .every((one) => one.getContext("2d").getImageData(0, 0, one.width, one.height).data.some((value) => value))"""


@pytest.fixture
def page(browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    """A page without a network, and what went wrong on it or was asked of anybody."""
    context, odd = browser.new_context(offline=True), list[str]()
    page = context.new_page()
    page.on("pageerror", lambda error: odd.append(str(error)))
    page.on("console", lambda message: odd.append(message.text) if message.type == "error" else None)
    page.on("request", lambda request: None if request.url.startswith("file:") else odd.append(request.url))
    yield page, odd
    context.close()


@pytest.mark.e2e
def test_every_view_works_from_a_file_without_a_network(page: tuple[Page, list[str]], tmp_path: Path) -> None:
    tab, odd = page
    for form, id in (("html", "echo-fixed-gru"), ("html-attention", "echo-variable-transformer"),
                     ("html-hello", "hello-rnn"), ("html-sampling", "grammar-brackets")):
        export, leaving = exports()[form], Leaving.of(Run(paths.checkpoints() / id))
        export.write(leaving, tmp_path / export.file_name(leaving.run))
        tab.goto((tmp_path / export.file_name(leaving.run)).as_uri())
        tab.wait_for_selector('.badge[data-state="proved"]')
        assert "agree" in tab.locator(".pill").inner_text()
        assert "with torch" in tab.locator("body > p").last.inner_text()
        assert tab.locator("canvas").evaluate_all(PAINTED)
        assert not tab.get_by_role("button", name="Switch").count()
    tab.goto((tmp_path / "echo-fixed-gru.html").as_uri())
    tab.locator(".track input").focus()
    tab.keyboard.press("Home")
    tab.wait_for_function("document.querySelector('#explorer').shadowRoot.querySelector('.explorer').dataset.step == 0")
    assert tab.locator(".badge").get_attribute("data-state") == "proved"  # of this snapshot, which is its own frame
    tab.set_content(framed((tmp_path / "echo-fixed-gru.html").read_text(encoding="utf-8")))
    tab.frame_locator("iframe").locator('.badge[data-state="proved"]').wait_for()
    assert not odd


def test_foreign_words_stay_words_and_what_cannot_leave_is_refused(tmp_path: Path) -> None:
    run = random_run(tmp_path, name="</script><script>alert(1)</script>")
    text = explorer_html(run, ["t", "e", "a"])
    assert text.count("</script>") == text.count("<script") == 2
    assert "&lt;/script&gt;" in text
    for form, reason in (("html-attention", "no attention"), ("html-hello", "Hello lab"), ("html-sampling", "predict")):
        with pytest.raises(Fault, match=reason):
            exports()[form].made(Leaving.of(run))
