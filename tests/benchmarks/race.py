"""A race of four models: from the press to their curves in Chromium, and all four against one after another.

    python -m tests.benchmarks.race
"""

import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from playwright.sync_api import Page

from seqlab.training.engine import Engine
from seqlab.training.run import Run
from seqlab.ui.studios.compare.entrants import DELAY, USUAL, config_of
from tests.benchmarks.table import Row, show
from tests.support.chromium import browsing
from tests.support.servers import serving
from tests.support.waiting import wait_for

PATIENCE, PRESSES, TARGET = 120.0, 10, 0.5  # seconds
# Milliseconds from the press of the mouse until each of the four curves of the new race has a point.
WATCH = """(count) => {
    window.__begun = null;
    let pressed = null, before = Infinity; // the picture of the race before has all its curves, and more points
    const picture = () => [...document.querySelectorAll(".st-key-race-curves *")].map((node) =>
        (node.shadowRoot ?? node).querySelector(".plot")).find(Boolean);
    addEventListener("pointerdown", (event) => {
        pressed = event.timeStamp;
        before = Number(picture()?.dataset.points ?? Infinity);
    }, { capture: true, once: true });
    requestAnimationFrame(function tick() {
        const { begun, points } = picture()?.dataset ?? {};
        const fresh = pressed !== null && Number(points) < before;
        if (fresh && Number(begun) === count) __begun = performance.now() - pressed;
        else requestAnimationFrame(tick);
    });
}"""


def rows() -> Iterator[Row]:
    """Seconds from the press to the curves, and the wall time of all four as a share of one after another."""
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as server, browsing() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.goto(f"{server.url}/compare?show=race")
        seconds = [_pressed(page) for _ in range(PRESSES)]
        yield Row("race: press to the first points of all four", float(np.percentile(seconds, 95)), TARGET, unit="s",
                  note=f"p95 of {PRESSES}; p50 {np.median(seconds):.2f} s")
    with tempfile.TemporaryDirectory() as folder:
        engine = Engine(Path(folder))
        try:
            wait_for(lambda: engine.ready, PATIENCE)
            together = _seconds(engine, USUAL)
            apart = sum(_seconds(engine, [model]) for model in USUAL)
        finally:
            engine.close()
    yield Row("race of four models / one after another", together / apart, None,
              note=f"{together:.1f} s against {apart:.1f} s, {engine.trainers} at once")


def _pressed(page: Page) -> float:
    """Start a race, measure, and stop it."""
    button = page.get_by_role("button", name="Start the race")
    button.wait_for(timeout=1000 * PATIENCE)
    page.wait_for_timeout(3000)
    page.evaluate(WATCH, len(USUAL))
    button.click()
    page.wait_for_function("() => __begun !== null", timeout=1000 * PATIENCE)
    seconds = float(page.evaluate("() => __begun")) / 1000
    page.wait_for_timeout(3000)  # until it has more points than the next one begins with
    page.get_by_role("button", name="Stop the race").click()
    page.get_by_text("seconds of training add up to").wait_for(timeout=1000 * PATIENCE)
    return seconds


def _seconds(engine: Engine, models: Sequence[str]) -> float:
    start = time.perf_counter()
    runs: list[Run] = [engine.start(config_of(model, DELAY)) for model in models]
    wait_for(lambda: not any(run.status.active for run in runs), PATIENCE)
    return time.perf_counter() - start


if __name__ == "__main__":
    raise SystemExit(not show([*rows()]))
