"""A class behind a real nginx, under a path: joining, a deep link, training while sockets are cut, upload, download."""

from pathlib import Path

from playwright.sync_api import Browser, expect

from seqlab.classroom import secrets
from tests.support.browser import SECONDS, proved, start_training, tab
from tests.support.proxy import behind, needs_nginx
from tests.support.servers import serving
from tests.support.waiting import wait_for

PATH = "/sub/path"
OPENS = """() => { const usual = WebSocket; window.__opened = 0;
  window.WebSocket = class extends usual { constructor(...given) { super(...given); window.__opened += 1; } }; }"""


@needs_nginx
def test_a_class_under_a_path_outlives_its_sockets(browser: Browser, tmp_path: Path) -> None:
    arguments = ("class", "--host", "127.0.0.1", "--base-path", PATH, "--address", "http://lab.example/sub/path")
    with (serving(tmp_path / "runs", arguments=arguments, path=PATH) as server,
          behind(server.url.removeprefix("http://").removesuffix(PATH), PATH, tmp_path / "nginx") as proxy,
          tab(browser) as page):
        page.add_init_script(f"({OPENS})()")
        code = secrets.read(server.runs / ".class").code
        page.goto(f"{proxy.url}/echo?run=echo-fixed-gru&word=teapot")
        page.keyboard.type(code)
        page.keyboard.press("Tab")
        page.keyboard.type("Zoë 🎈")
        page.keyboard.press("Enter")
        expect(page.get_by_label("Your word")).to_have_value("teapot", timeout=30 * SECONDS)
        proved(page)
        assert page.url.startswith(f"{proxy.url}/echo?")

        run = start_training(page)
        wait_for(lambda: server.status(run)["step"] > 0)
        opened, seen = page.evaluate("window.__opened"), server.status(run)["step"]
        proxy.cut()
        wait_for(lambda: server.status(run)["step"] > seen)
        page.wait_for_function(f"window.__opened > {opened}", timeout=30 * SECONDS)
        page.get_by_role("button", name="Stop").click(timeout=30 * SECONDS)  # the page speaks with its session again
        wait_for(lambda: server.status(run)["state"] == "stopped")

        page.get_by_role("button", name="Take it with you").click()
        with page.expect_download(timeout=60 * SECONDS) as taken:
            page.get_by_role("button", name="The run").click()
        there = set(server.runs.iterdir())
        page.goto(f"{proxy.url}/runs")
        page.get_by_role("button", name="Upload a run").click()
        page.locator("input[type=file]").set_input_files(taken.value.path())
        wait_for(lambda: len(set(server.runs.iterdir()) - there) == 1)
