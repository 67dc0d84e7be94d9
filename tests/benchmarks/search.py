"""Searching a text for the units that follow a rule, once the network has read it.

The made-up states are 384 units over 180,000 characters, as many as the shipped GRU of the Text lab has, stored in half
precision on the disk. The shipped text networks are searched over a whole book, where it is on this machine.

    python -m tests.benchmarks.search
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # read when NumPy is imported

import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np

from seqlab.errors import Fault
from seqlab.lenses import search as lens
from seqlab.reference.quantity import by_unit
from seqlab.reference.selectivity import held_out, selectivity, strongest
from seqlab.tasks import tasks
from seqlab.training import searched
from seqlab.training.run import Run
from seqlab.training.searched import EXPRESSION, SearchedText
from tests.benchmarks.table import Row, show, timed
from tests.support.data import ROOT

COUNT, UNITS, LISTED, PASSAGES = 180_000, 384, 10, 6
TARGET, ROUNDS = 2.0, 7  # seconds
BOOK, RULES = "time-machine", ("vowel", "letters", "ends", "quotes", EXPRESSION)


def rows() -> Iterator[Row]:
    """Time each rule that the text has a meaning for, from the text to the passages."""
    rng = np.random.default_rng(0)
    words = ["the", "quick", "brown", "fox", "said", '"jump"', "over", "a", "lazy", "dog."]
    made = " ".join(rng.choice(words, COUNT // 3))[:COUNT]
    states = np.tanh(rng.normal(size=(UNITS, COUNT)).astype(np.float32)).astype(np.float16)
    shipped = [Run(ROOT / "checkpoints" / id) for id in tasks()["text"].shipped()]
    yield from _searched(f"{UNITS} made-up units", _plain(made), states)
    for run in shipped:
        if BOOK not in searched.names(run):
            continue
        name, units = next(iter(by_unit(run.core, run.weights()).items()))
        text = searched.text(run, BOOK, units)
        begin = time.perf_counter()
        states = lens.states(str(run.path), run.newest, text.rows, text.firsts, name)
        yield Row(f"{run.id}: first pass of {len(text):,} symbols, once", time.perf_counter() - begin, None, unit="s")
        yield from _searched(f"{run.id}, {units} units", text, states)


def _plain(text: str) -> SearchedText:
    count, start = len(text), np.zeros(1, int)
    return SearchedText((np.zeros(count, int),), (0,), tuple(text), "", start, np.arange(count) // 512, count)


def _searched(label: str, text: SearchedText, states: np.ndarray) -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "states.npy"
        np.save(file, states)
        for rule in RULES:
            search = partial(_search, text, np.load(file, mmap_mode="r"), rule)
            try:
                search()
            except Fault:  # the book is prepared without the signs for it
                continue
            seconds = [timed(search) for _ in range(ROUNDS)]
            yield Row(f"{label}: {rule}", float(np.percentile(seconds, 95)), TARGET, unit="s",
                      note=f"p95; p50 {np.median(seconds):.2f} s")


def _search(text: SearchedText, states: np.ndarray, rule: str) -> None:
    labels = text.labels(rule, "[aeiou]v" if rule == EXPRESSION else "")
    result = selectivity(states, labels, held_out(text.keys))
    for unit in result.order[:LISTED]:
        strongest(states[unit], int(result.sign[unit]), PASSAGES, 32)


if __name__ == "__main__":
    raise SystemExit(not show([*rows()]))
