"""From a key on the delay slider to the new picture in Chromium, idle and while a run trains; and how soon it opens.

    python -m tests.benchmarks.slider
"""

import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, BrowserContext, Page

from tests.benchmarks.table import Row, show
from tests.support.chromium import browsing
from tests.support.servers import Server, serving

MOVES, STARTS, SESSIONS = 40, 3, 5
# The browser itself notes when a key goes down and when a picture with another id has been drawn on a channel.
WATCH = """(channel) => {
    window.__moves = [];
    window.__watched = channel;
    if (window.__watching) return;
    window.__watching = true;
    let down = null;
    const ids = Object.fromEntries(Object.values(window.__seqlab).map(({ channel, id }) => [channel, id]));
    addEventListener("keydown", () => { down = performance.now(); }, true);
    addEventListener("seqlab:frame", ({ detail: { channel, id } }) => {
        if (down !== null && channel === window.__watched && id !== ids[channel]) {
            __moves.push(performance.now() - down);
            down = null;
        }
        ids[channel] = id;
    });
}"""


def moves(page: Page, count: int = MOVES, name: str = "Delay", channel: str = "echo") -> list[float]:
    """Milliseconds from key to picture for moves of a slider to and fro, as fast as a hand makes them."""
    page.evaluate(WATCH, channel)
    slider = page.get_by_role("slider", name=name)
    slider.focus()
    for move in range(count):
        page.keyboard.press("ArrowLeft" if move // 5 % 2 else "ArrowRight")
        page.wait_for_function("n => __moves.length > n", arg=move, timeout=10_000)
        time.sleep(0.25)
    return page.evaluate("__moves")


def rows_of(what: str, milliseconds: Sequence[float], targets: tuple[float, float], note: str) -> Iterator[Row]:
    """Median and 95th percentile beside their targets."""
    yield Row(f"slider to picture, {what}, p50", statistics.median(milliseconds), targets[0], unit="ms", note=note)
    yield Row(f"slider to picture, {what}, p95", float(np.quantile(milliseconds, 0.95)), targets[1], unit="ms")


def opened(browser: Browser, server: Server) -> Page:
    """The echo lab, drawn and proved."""
    page = browser.new_context(viewport={"width": 1280, "height": 720}).new_page()
    page.goto(f"{server.url}/echo")
    page.locator(".badge[data-state=proved]").wait_for(timeout=60_000)
    return page


def changed(page: Page, server: Server) -> None:
    """Open a change under the echo lab's word, drawn and proved."""
    page.goto(f"{server.url}/echo?run=echo-variable-gru&ask=change&change=h.0[5]=0.5")
    page.locator(".st-key-badge-slot-change").get_by_text("Proved").first.wait_for(timeout=60_000)


def answers(browser: Browser, server: Server) -> Iterator[Row]:
    """The slider, alone and beside a run that trains."""
    page = opened(browser, server)
    time.sleep(8)  # the workers that train still load torch when the first proof is there
    moves(page, 10)
    yield from rows_of("idle", moves(page), (100, 200), f"{MOVES} moves, GRU 128, 21 snapshots, Chromium")
    changed(page, server)
    yield from rows_of("of a change, idle", moves(page, name="Value", channel="compare"), (100, 200),
                       "before, after and difference, drawn in the browser")
    changed(page, server)
    yield from rows_of("of a change, the explorer above, idle", moves(page, name="Value"), (150, 300),
                       "the whole page follows")
    page = opened(browser, server)
    trainer = opened(browser, server)
    trainer.get_by_role("button", name="Train a new one").click()
    trainer.get_by_role("button", name="Pause").wait_for()
    trainer.locator(".live:not([data-points='0'])").wait_for()
    trainer.goto("about:blank")
    busy = moves(page)
    yield from rows_of("while a run trains", busy, (150, 300), "the run trains on another core, at low priority")
    changed(page, server)
    yield from rows_of("of a change, while a run trains", moves(page, name="Value", channel="compare"), (100, 200), "")


def first_picture(context: BrowserContext, server: Server) -> tuple[float, float]:
    """Seconds from opening the first page in a new tab to its picture, and to its proof."""
    page = context.new_page()
    page.set_default_timeout(180_000)
    start = time.monotonic()
    page.goto(server.url, wait_until="commit")
    page.wait_for_function("() => Object.keys(window.__seqlab ?? {}).length > 0", polling=10)
    drawn = time.monotonic() - start
    answered = page.locator(".badge[data-state=proved], .badge[data-state=unavailable]").first
    while answered.get_attribute("data-state") != "proved":
        page.reload()  # no worker answered in time
    proved = time.monotonic() - start
    page.close()
    return drawn, proved


def starts(browser: Browser, folder: Path) -> Iterator[Row]:
    """Fresh servers, and further sessions on the last of them."""
    first, known, strange = [], [], []
    for turn in range(STARTS):
        with serving(folder / f"start-{turn}" / "runs") as server:
            context = browser.new_context(viewport={"width": 1280, "height": 720})
            drawn, proved = first_picture(context, server)
            first.append((server.ready + drawn, server.ready + proved))
            if turn == STARTS - 1:
                time.sleep(8)
                known = [first_picture(context, server) for _ in range(SESSIONS)]
                strange = [first_picture(browser.new_context(), server) for _ in range(SESSIONS)]
    yield Row("server start to first picture", statistics.median(drawn for drawn, _ in first), 3.0, unit="s")
    yield Row("server start to first proof", statistics.median(proved for _, proved in first), unit="s")
    yield Row("another session to its first picture", statistics.median(drawn for drawn, _ in known), 0.7, unit="s",
              note="a browser that was here before")
    yield Row("another session to its first proof", statistics.median(proved for _, proved in known), unit="s")
    yield Row("a new browser's session to its first picture", statistics.median(drawn for drawn, _ in strange),
              unit="s", note="it loads all of Streamlit's scripts first")


def rows() -> Iterator[Row]:
    """Measure with a real server and a real browser on this machine."""
    with tempfile.TemporaryDirectory() as folder, browsing() as browser:
        yield from starts(browser, Path(folder))
        with serving(Path(folder) / "runs") as server:
            yield from answers(browser, server)


if __name__ == "__main__":
    raise SystemExit(not show(list(rows())))
