"""Dragging a slider with the mouse in Chromium: frames a second, and milliseconds from the pointer to the picture.

    python -m tests.benchmarks.dragging
"""

import math
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, Page

from tests.benchmarks.slider import opened as echo_lab
from tests.benchmarks.table import Row, show
from tests.support.chromium import browsing
from tests.support.servers import Server, serving

SECONDS, SWINGS = 6.0, 0.4  # of one drag, and to and fro in a second
# Page and name of what is dragged.
SLIDERS = (("", "Delay"), ("echo", "Delay"), ("sampling", "temperature"), ("sampling?length=1000", "temperature"),
           ("echo?ask=change&change=h.0[5]=0.5", "Value"), ("stepper?word=remembering", "Time step t"))
# Where a picture that the server draws says at which stop of the slider it was drawn; all others announce themselves.
STOP = {"Time step t": ".steps-strip .here small"}
# The browser notes when the pointer moved, when what it moved has been painted, and every frame.
WATCH = """(stop) => {
    window.__frames = [];
    window.__moves = [];
    window.__dragging = true;
    let pointer = null, moved = null, last = null; // a slider of whole numbers does not change at every move
    const move = (event) => { pointer = event.timeStamp; }, asked = {}; // when the hand was last at a stop
    const turned = (event) => { moved ??= pointer; asked[event.composedPath()[0].value] = pointer; };
    const painted = () => {
        if (moved === null) return;
        paint(moved);
        moved = null;
    };
    let drawn = stop && document.querySelector(stop).textContent;
    const changed = new MutationObserver(() => {
        const now = document.querySelector(stop)?.textContent;
        if (!now || now === drawn) return;
        drawn = now;
        if (now in asked) paint(asked[now]);
    });
    const paint = (since) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => __moves.push(performance.now() - since);
        requestAnimationFrame(() => port2.postMessage(0));
    };
    addEventListener("pointermove", move, true);
    addEventListener("input", turned, true);
    if (stop) changed.observe(document.body, { subtree: true, childList: true, characterData: true });
    else addEventListener("seqlab:frame", painted);
    requestAnimationFrame(function tick(now) {
        if (last !== null) __frames.push(now - last);
        last = now;
        if (__dragging) return requestAnimationFrame(tick);
        removeEventListener("pointermove", move, true);
        removeEventListener("input", turned, true);
        removeEventListener("seqlab:frame", painted);
        changed.disconnect();
    });
}"""


def drag(page: Page, slider: str) -> tuple[list[float], list[float]]:
    """Drag to and fro; milliseconds between frames, and from each move of the pointer to its picture."""
    handle = page.get_by_role("slider", name=slider, exact=True)
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    assert box
    row, middle = box["y"] + box["height"] / 2, box["x"] + box["width"] / 2
    page.mouse.move(middle, row)
    page.mouse.down()
    page.evaluate(WATCH, STOP.get(slider))
    start = time.monotonic()
    while (gone := time.monotonic() - start) < SECONDS:
        page.mouse.move(middle + 0.45 * box["width"] * math.sin(2 * math.pi * SWINGS * gone), row)
    frames, moves = page.evaluate("() => { __dragging = false; return [__frames, __moves]; }")
    page.mouse.up()
    return frames, moves


def rows_of(what: str, frames: list[float], moves: list[float], aim: float) -> Iterator[Row]:
    """Frames a second and the times from pointer to picture, beside their aims, ``aim`` for p95."""
    yield Row(f"dragging {what}: frames a second", 1000 * len(frames) / sum(frames), 55, "at least")
    yield Row(f"dragging {what}: pointer to picture, p50", float(np.median(moves)), unit="ms",
              note=f"{len(moves)} pictures in {SECONDS:g} s, Chromium without a GPU")
    yield Row(f"dragging {what}: pointer to picture, p95", float(np.quantile(moves, 0.95)), aim, unit="ms")


def trains(browser: Browser, server: Server) -> None:
    """Have a network of the Echo lab begin its training, which nobody watches."""
    page = echo_lab(browser, server)
    page.get_by_role("button", name="Train a new one").click()
    page.get_by_role("button", name="Pause").wait_for()
    page.context.close()


def dragged(browser: Browser, server: Server, *, busy: bool) -> Iterator[Row]:
    """Every slider, each on a fresh page that is drawn and proved."""
    for path, slider in SLIDERS:
        page = browser.new_context(viewport={"width": 1280, "height": 720}).new_page()
        page.goto(f"{server.url}/{path}")
        page.get_by_role("slider", name=slider, exact=True).wait_for(timeout=120_000)
        page.locator(".badge[data-state=proved]").last.wait_for(timeout=120_000)
        if busy:
            trains(browser, server)
        time.sleep(1)
        when = "while a run trains" if busy else "idle"
        aim = 200 if slider in STOP else 50  # the server's pictures; those that are in the browser
        yield from rows_of(f"{slider} on {path or 'home'}, {when}", *drag(page, slider), aim)
        page.context.close()


def rows() -> Iterator[Row]:
    """Measure with a real server and a real browser, idle and while a run trains."""
    with tempfile.TemporaryDirectory() as folder, browsing() as browser, serving(Path(folder) / "runs") as server:
        echo_lab(browser, server).context.close()
        time.sleep(8)  # the workers that train still load torch when the first proof is there
        for busy in (False, True):
            yield from dragged(browser, server, busy=busy)


if __name__ == "__main__":
    raise SystemExit(not show(list(rows())))
