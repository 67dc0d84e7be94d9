"""The real server in Chromium: what a person does, and what they see change."""

import io
import re
import shutil
import time
import urllib.error
import urllib.request
import zipfile

import pytest
from playwright.sync_api import Browser, Page, expect

from seqlab.ui.shell.navigation import HOME, pages
from tests.support.browser import SECONDS, headed, proved, start_training
from tests.support.servers import serving
from tests.support.waiting import wait_for

PAGES = {name: page.title for name, page in pages().items() if name != HOME}
PAGES[""] = "Look inside a network that remembers"


def echoed(page: Page) -> int:
    """How many letters of the word are echoed right at this moment."""
    return page.locator(".explorer [data-state=right]").count()


def said(page: Page) -> str:
    return "".join(page.locator(".explorer .out b").all_inner_texts())


def step(page: Page) -> int:
    return int(page.locator(".explorer").get_attribute("data-step") or -1)


@pytest.mark.parametrize(("path", "title"), [(path, PAGES[path]) for path in ("", "runs")])
def test_each_page_opens_first_by_its_own_address_on_a_fresh_server(path, title, tmp_path, page):
    with serving(tmp_path / "runs") as fresh:
        page.goto(f"{fresh.url}/{path}")
        headed(page, title)
        expect(page.get_by_test_id("stTopNavSection").first).to_be_visible()  # the frame is there too
        if path != "runs":
            proved(page)
        page.goto("about:blank")  # before the server ends, so that its silence is no error


@pytest.mark.parametrize("path", ["", "echo", "_stcore/health", "static/none.js", "media/none", "_stcore/metrics"])
def test_every_answer_says_what_a_browser_may_load(server, path):
    """What breaks these rules leaves an error in the console, and so fails any test here."""
    try:
        answer = urllib.request.urlopen(f"{server.url}/{path}")
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        assert answer.status == 404 or "metrics" not in path
        policy = answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "unsafe-eval" not in policy.replace("wasm-unsafe-eval", "")
    assert "'unsafe-inline'" not in policy.partition("script-src")[2].partition(";")[0]
    assert "http:" not in policy


def test_home_shows_a_trained_network_at_work(server, page):
    page.goto(server.url)
    proved(page)
    wait_for(lambda: echoed(page) == len("remember"))
    assert "NumPy agree" in page.locator(".badge").inner_text()


def test_word_and_delay_change_the_echo_and_the_address(server, page):
    page.goto(f"{server.url}/echo?word=zigzag&delay=2")
    proved(page)
    wait_for(lambda: said(page) == "··zigzag")
    page.get_by_label("Your word", exact=True).fill("banana")
    wait_for(lambda: said(page) == "··banana")
    page.get_by_role("slider", name="Delay").focus()
    page.keyboard.press("ArrowRight")
    wait_for(lambda: said(page) == "···banana")
    proved(page)
    assert "word=banana" in page.url
    assert "delay" not in page.url or "delay=3" in page.url  # 3 is the default


def test_the_snapshot_slider_replays_the_training_without_the_server(server, page):
    page.goto(f"{server.url}/echo")
    proved(page)
    wait_for(lambda: echoed(page) == len("remember"))
    frames = page.locator(".explorer .track input").first
    last = step(page)
    page.evaluate("""() => {
        window.__sends = 0;
        const send = WebSocket.prototype.send;
        WebSocket.prototype.send = function (data) { window.__sends++; return send.call(this, data); };
    }""")
    frames.focus()
    page.keyboard.press("Home")
    wait_for(lambda: step(page) == 0)
    assert echoed(page) < len("remember")  # before training
    page.keyboard.press("End")
    wait_for(lambda: step(page) == last)
    assert echoed(page) == len("remember")
    assert page.evaluate("window.__sends") == 0


@pytest.mark.timed
def test_train_live_the_word_echoes_better_after_than_before(server, page):
    page.goto(f"{server.url}/echo")
    proved(page)
    run = start_training(page)
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    clicked = time.monotonic()
    wait_for(lambda: int(page.locator(".live").get_attribute("data-points") or 0) > 0, 15)
    print(f"first point of the curves after {time.monotonic() - clicked:.2f} s")
    wait_for(lambda: 0 <= step(page) <= 200 and server.status(run)["step"] > 0)
    early = echoed(page)
    wait_for(lambda: server.status(run)["state"] == "finished", 150)
    expect(page.get_by_role("button", name="Stop")).to_have_count(0, timeout=15 * SECONDS)
    proved(page)
    wait_for(lambda: echoed(page) == len("remember"))
    assert early < len("remember")


def test_pause_step_rate_stop(server, page):
    page.goto(f"{server.url}/echo")
    run = start_training(page)
    wait_for(lambda: server.status(run)["step"] > 0)
    page.get_by_role("button", name="Pause").click()
    wait_for(lambda: server.status(run)["state"] == "paused")
    held = server.status(run)["step"]
    page.get_by_role("button", name="Step", exact=True).click()
    wait_for(lambda: server.status(run)["step"] == held + 1)
    page.get_by_label("Learning rate", exact=True).last.fill("0")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("stToast")).to_be_visible(timeout=10 * SECONDS)
    expect(page.locator(".st-key-phone-menu")).to_be_hidden()  # a toast took the place of the style sheet
    page.get_by_label("Learning rate", exact=True).last.fill("0.001")
    page.keyboard.press("Enter")
    wait_for(lambda: server.status(run)["lr"] == 0.001)
    page.get_by_role("button", name="Resume").click()
    wait_for(lambda: server.status(run)["step"] > held + 5)
    page.get_by_role("button", name="Stop").click()
    wait_for(lambda: server.status(run)["state"] == "stopped")
    stopped = server.status(run)["step"]
    time.sleep(1)
    assert server.status(run)["step"] == stopped
    proved(page)


def test_a_run_outlives_its_page(server, page, browser: Browser):
    page.goto(f"{server.url}/echo")
    run = start_training(page)
    wait_for(lambda: server.status(run)["step"] > 0)
    address = page.url
    page.goto("about:blank")
    seen = server.status(run)["step"]
    wait_for(lambda: server.status(run)["step"] > seen)
    page.goto(address)
    expect(page.get_by_role("button", name="Stop")).to_be_visible(timeout=20 * SECONDS)
    page.get_by_role("button", name="Stop").click()
    wait_for(lambda: server.status(run)["state"] == "stopped")


def test_a_run_deleted_while_it_is_shown_is_told_in_one_sentence(server, page):
    shutil.copytree(server.shipped / "echo-fixed-rnn", server.runs / "soon-gone")
    page.goto(f"{server.url}/echo?run=soon-gone")
    proved(page)
    shutil.rmtree(server.runs / "soon-gone")
    page.get_by_label("Your word", exact=True).fill("gone")
    expect(page.get_by_test_id("stAlert").first).to_be_visible(timeout=20 * SECONDS)
    assert "Traceback" not in page.content()
    assert str(server.runs) not in page.content()


def test_delete_is_undone_and_a_zip_comes_back(server, page, tmp_path):
    shutil.copytree(server.shipped / "echo-fixed-rnn", server.runs / "precious")
    page.goto(f"{server.url}/runs")
    page.get_by_placeholder("Name, model or task").fill("precious")
    expect(page.get_by_test_id("stDataFrame").locator("[role=grid]")).to_have_attribute("aria-rowcount", "2")
    _tick_first(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download", exact=True).click()
    packed = download.value.path()
    with zipfile.ZipFile(packed) as archive:
        assert "config.json" in {name.rpartition("/")[2] for name in archive.namelist()}
    page.get_by_role("button", name="Delete", exact=True).click()
    precious = server.runs / "precious"
    wait_for(lambda: not precious.exists())
    page.get_by_role("button", name=re.compile("Undo")).click()
    wait_for(precious.exists)
    there = set(server.runs.iterdir())
    page.get_by_role("button", name="Upload a run").click()
    page.locator("input[type=file]").set_input_files(packed.rename(tmp_path / "run.zip"))
    wait_for(lambda: len(set(server.runs.iterdir()) - there) == 1)


def _tick_first(page: Page) -> None:
    """The table is a canvas: the tick of the first row is at its left edge, under the header."""
    box = page.get_by_test_id("stDataFrame").bounding_box()
    page.mouse.click(box["x"] + 18, box["y"] + 52)
    expect(page.get_by_role("button", name="Delete")).to_be_visible(timeout=10 * SECONDS)


def test_a_hostile_zip_is_told_in_one_sentence(server, page, tmp_path):
    bad = io.BytesIO()
    with zipfile.ZipFile(bad, "w") as archive:
        archive.writestr("../../evil.txt", "x")
    (tmp_path / "evil.zip").write_bytes(bad.getvalue())
    page.goto(f"{server.url}/runs")
    headed(page, PAGES["runs"])
    page.get_by_role("button", name="Upload a run").click()
    page.locator("input[type=file]").set_input_files(tmp_path / "evil.zip")
    expect(page.get_by_test_id("stAlert")).to_be_visible(timeout=15 * SECONDS)
    assert "Traceback" not in page.content()
