"""A class behind a real nginx, under a path: deep links, sockets that are cut in mid-run, upload and download."""

import shutil
from pathlib import Path

from playwright.sync_api import Browser, expect

from seqlab.classroom import secrets
from tests.support.browser import SECONDS, proved, start_training, tab
from tests.support.proxy import behind, needs_nginx
from tests.support.servers import serving
from tests.support.waiting import wait_for

PATH = "/sub/path"
# What a browser says of sockets and streams that are cut, and Streamlit of its clocks, which tick on meanwhile.
WHILE_CUT = r"when disconnected from server|net::ERR_(INCOMPLETE|CONNECTION|EMPTY|ABORTED)|WebSocket connection to"


@needs_nginx
def test_a_class_under_a_path_outlives_its_sockets(browser: Browser, tmp_path: Path) -> None:
    arguments = ("class", "--host", "127.0.0.1", "--base-path", PATH, "--address", "http://lab.example/sub/path")
    with (serving(tmp_path / "runs", arguments=arguments, path=PATH) as server,
          behind(server.url.removeprefix("http://").removesuffix(PATH), PATH, tmp_path / "nginx") as proxy,
          tab(browser, forgiven=WHILE_CUT) as page):
        page.goto(f"{proxy.url}/teach?key={secrets.read(server.runs / '.class').teacher}")
        page.wait_for_url(f"{proxy.url}/classroom")
        page.goto(f"{proxy.url}/echo?run=echo-fixed-gru&word=teapot")
        expect(page.get_by_label("Your word", exact=True)).to_have_value("teapot", timeout=90 * SECONDS)
        proved(page)
        assert page.url.startswith(f"{proxy.url}/echo?")

        run = start_training(page)
        wait_for(lambda: server.status(run)["step"] > 0)
        seen = server.status(run)["step"]
        with page.expect_websocket(lambda socket: f"{PATH}/_stcore/stream" in socket.url, timeout=90 * SECONDS):
            proxy.cut()
        wait_for(lambda: server.status(run)["step"] > seen)
        page.get_by_role("button", name="Stop").click(timeout=90 * SECONDS)  # the page speaks with its session again
        wait_for(lambda: server.status(run)["state"] == "stopped")

        page.get_by_role("button", name="Take it with you").click()
        with page.expect_download(timeout=60 * SECONDS) as taken:
            page.get_by_role("button", name="Tables").click()
        assert taken.value.path().stat().st_size > 0
        packed = shutil.make_archive(str(tmp_path / "run"), "zip", server.shipped, "echo-fixed-rnn")
        there = set(server.runs.iterdir())
        page.goto(f"{proxy.url}/runs")
        page.get_by_role("button", name="Upload a run").click()
        page.locator("input[type=file]").set_input_files(packed)
        wait_for(lambda: len(set(server.runs.iterdir()) - there) == 1)
