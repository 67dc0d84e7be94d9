"""A server from its start to its rest: picture, proof, a worker's return, memory and time of all its processes.

    python -m tests.benchmarks.server
    python -m tests.benchmarks.server --against ../before   # the same of another checkout, in turn, in the notes
"""

import argparse
import os
import signal
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import psutil  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page

from seqlab.training import control
from seqlab.training.run import Run
from tests.benchmarks.slider import first_picture
from tests.benchmarks.table import Row, show
from tests.support.chromium import browsing
from tests.support.data import ROOT
from tests.support.servers import Server, serving
from tests.support.waiting import wait_for

STARTS, RUNS, STEPS = 3, 10, 100
PROCESSES = 5  # the server, three workers, and at least one of Python's own
# Seconds: the workers have loaded what they need; the processor time is measured; a worker that rests is renewed.
SETTLE, WATCHED, REST = 15.0, 30.0, 75.0
PATIENCE = 300.0  # also on a busy machine
FIGURES = (
    ("server start to first picture", 3.0, "s"),
    ("server start to first proof", None, "s"),
    ("a killed worker's run trains again after", 1.0, "s"),
    ("memory with three workers, before anybody came", 450.0, "MB"),
    ("memory a minute after the first visitor left", 450.0, "MB"),
    ("memory a minute after ten runs", 450.0, "MB"),
    ("a core's time while nobody looks", 2.0, "%"),
)


def processes(server: Server) -> list[psutil.Process]:
    """The server and all that it has started."""
    first = psutil.Process(server.pid)
    return [first, *first.children(recursive=True)]


def memory(server: Server) -> float:
    """Megabytes (2^20 bytes) of all its processes; what several share is counted once."""
    return sum(process.memory_full_info().pss for process in processes(server)) / 2**20


def load(server: Server) -> float:
    """Per cent of one core that all its processes take together."""
    def spent() -> float:
        return sum(times.user + times.system for times in (process.cpu_times() for process in processes(server)))
    before = spent()
    time.sleep(WATCHED)
    return 100 * (spent() - before) / WATCHED


def begun(page: Page, server: Server) -> Run:
    """Start a run as a person does, and wait until it trains."""
    known = set(server.runs.iterdir())
    page.goto(f"{server.url}/echo", timeout=1000 * PATIENCE)
    page.get_by_role("button", name="Train a new one").click(timeout=1000 * PATIENCE)
    wait_for(lambda: [path for path in set(server.runs.iterdir()) - known if (path / "status.json").exists()], PATIENCE)
    run, = (Run(path) for path in set(server.runs.iterdir()) - known)
    wait_for(lambda: run.status.step > 0 or not run.status.active, PATIENCE)
    return run


def ended(run: Run) -> None:
    """Stop a run once it has trained for a while, unless it was sooner at its end."""
    wait_for(lambda: run.status.step >= STEPS or not run.status.active, PATIENCE)
    if run.status.active:
        control.stop(run)
    wait_for(lambda: not run.status.active, PATIENCE)


def train_pairs(browser: Browser, server: Server) -> None:
    """Ten short runs, always two at once, so that both workers that train have had theirs."""
    page = browser.new_page()
    for _ in range(RUNS // 2):
        for run in [begun(page, server), begun(page, server)]:
            ended(run)
    page.close()


def replaced(browser: Browser, server: Server) -> float:
    """Seconds from a worker's sudden death until its run trains on, in the worker that took its place."""
    page = browser.new_page()
    run = begun(page, server)
    page.close()
    killed, start = run.status.pid, time.monotonic()
    os.kill(killed, signal.SIGKILL)
    wait_for(lambda: run.status.pid != killed and run.status.state == "running", PATIENCE)
    seconds = time.monotonic() - start
    ended(run)
    return seconds


def opened(browser: Browser, server: Server) -> tuple[float, float]:
    """Seconds from a server's start to its first picture and its first proof, in a browser that was never here."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    drawn, proved = first_picture(context, server)
    context.close()
    return server.ready + drawn, server.ready + proved


def life(browser: Browser, root: Path, folder: Path) -> list[float]:
    """The figures after the first two, from one server: new, at rest after its first visitor, and after ten runs."""
    with serving(folder / "runs", folder=root) as server:
        wait_for(lambda: len(processes(server)) >= PROCESSES, PATIENCE)
        time.sleep(SETTLE)
        new = memory(server)
        opened(browser, server)
        time.sleep(REST)
        visited, share = memory(server), load(server)
        train_pairs(browser, server)
        time.sleep(REST)
        worked = memory(server)
        return [replaced(browser, server), new, visited, worked, share]


def figures(browser: Browser, roots: Sequence[Path], folder: Path) -> list[list[float]]:
    """All figures of each checkout; servers of the one and of the other are started in turn."""
    starts: dict[Path, list[tuple[float, float]]] = {root: [] for root in roots}
    for turn in range(STARTS):
        for place, root in enumerate(roots):
            with serving(folder / f"{turn}-{place}" / "runs", folder=root) as server:
                starts[root].append(opened(browser, server))
    return [[*map(statistics.median, zip(*starts[root], strict=True)), *life(browser, root, folder / f"life-{place}")]
            for place, root in enumerate(roots)]


def measured(roots: Sequence[Path]) -> Iterator[Row]:
    """A row for each figure of the first checkout, with that of a second one in its note."""
    busy = f"load of the machine {os.getloadavg()[0]:.1f}"
    with tempfile.TemporaryDirectory() as folder, browsing() as browser:
        ours, *others = figures(browser, roots, Path(folder))
    for place, (what, target, unit) in enumerate(FIGURES):
        before = f"before: {others[0][place]:.3g} {unit}; " if others else ""
        yield Row(what, ours[place], target, unit=unit, note=before + busy)


def rows() -> Iterator[Row]:
    """Measure this checkout."""
    yield from measured([ROOT])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--against", type=Path, help="another checkout of seqlab")
    other = parser.parse_args().against
    raise SystemExit(not show(list(measured([ROOT, *([other.resolve()] if other else [])]))))
