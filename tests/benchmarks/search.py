"""Searching 180,000 characters for the units that follow a rule, once the network has read them.

The states are those of 384 units, as many as the shipped GRU of the Text lab has, stored in half precision on the disk.

    python -m tests.benchmarks.search
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # read when NumPy is imported

import statistics
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np

from seqlab.data.pattern import matches
from seqlab.reference.annotations import ANNOTATIONS, inside
from seqlab.reference.selectivity import held_out, selectivity, strongest
from tests.benchmarks.table import Row, show, timed

COUNT, UNITS, LISTED, PASSAGES = 180_000, 384, 10, 6
TARGET = 2.0  # seconds


def rows() -> Iterator[Row]:
    """Time a regular expression, a yes or no and an amount, each from the text to the passages."""
    rng = np.random.default_rng(0)
    words = ["the", "quick", "brown", "fox", "said", '"jump"', "over", "a", "lazy", "dog."]
    text = " ".join(rng.choice(words, COUNT // 3))[:COUNT]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "states.npy"
        np.save(file, np.tanh(rng.normal(size=(UNITS, COUNT)).astype(np.float32)).astype(np.float16))
        states, side = np.load(file, mmap_mode="r"), held_out(np.arange(COUNT) // 512)

        def search(name: str) -> None:
            matches.cache_clear()
            labels = ANNOTATIONS[name].read(text) if name in ANNOTATIONS else inside(matches(name, text), COUNT)
            result = selectivity(states, labels, side)
            for unit in result.order[:LISTED]:
                strongest(states[unit], int(result.sign[unit]), PASSAGES, 32)

        for name, label in (("o[xv]", "a regular expression"), ("quotes", "inside quotes"), ("letters", "an amount")):
            begin = time.process_time()
            search(name)
            note = f"{time.process_time() - begin:.2f} s of a core"
            yield Row(f"search {COUNT:,} characters, {UNITS} units: {label}",
                      statistics.median(timed(partial(search, name)) for _ in range(3)), TARGET, unit="s", note=note)


if __name__ == "__main__":
    raise SystemExit(not show([*rows()]))
