"""A race of four models against the same four one after another, on the workers of this machine.

    python -m tests.benchmarks.race
"""

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from seqlab.training.engine import Engine
from seqlab.training.run import Run
from seqlab.ui.studios.compare.entrants import DELAY, USUAL, config_of
from tests.benchmarks.table import Row, show
from tests.support.waiting import wait_for

PATIENCE = 600.0


def rows() -> list[Row]:
    """Seconds of wall time of both, from the start to the end of the last one."""
    with tempfile.TemporaryDirectory() as folder:
        engine = Engine(Path(folder))
        try:
            wait_for(lambda: engine.ready, PATIENCE)
            first = _seconds(engine, USUAL)
            apart = sum(_seconds(engine, [model]) for model in USUAL)
        finally:
            engine.close()
    return [Row("race of four models / one after another", first / apart, None,
                note=f"{first:.1f} s against {apart:.1f} s, {engine.places} at once")]


def _seconds(engine: Engine, models: Sequence[str]) -> float:
    start = time.perf_counter()
    runs: list[Run] = [engine.start(config_of(model, DELAY)) for model in models]
    wait_for(lambda: not any(run.status.active for run in runs), PATIENCE)
    return time.perf_counter() - start


if __name__ == "__main__":
    raise SystemExit(not show(rows()))
