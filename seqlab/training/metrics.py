"""The metrics of a run: one JSON line for each publication, read on from where the last reading ended.

A line has the step, the seconds, and what was measured; a column that it lacks is NaN there. Numbers that only a
person's own loop knows stand under ``other``, each with its name.
"""

import re
import threading
from array import array
from collections import OrderedDict
from collections.abc import Mapping
from contextlib import suppress
from math import inf, isfinite, nan
from pathlib import Path

import numpy as np

from seqlab.files import parse_json, write_aside
from seqlab.tasks import Figures
from seqlab.training.status import LARGEST, MOST_STEPS

FILE = "metrics.jsonl"
COLUMNS = ("step", "seconds", "loss", "accuracy", "grad_norm", "lr", "tokens_per_s", "evaluation", "validation",
           "valid", "clipped")
REQUIRED, OTHER = COLUMNS[:2], "other"
MOST_OTHER = 16  # numbers of a person's own that a run keeps
_NAME = re.compile(r"[A-Za-z_][\w./-]{0,39}", re.ASCII)
_READERS_KEPT, _ROWS_KEPT = 256, 250_000  # of all runs together: some 40 MB

Row = dict[str, float]


def evaluated(figures: Figures) -> dict[str, float]:
    """Name what a task measured as its columns are, without what is no finite number."""
    named = {"evaluation": figures.get("accuracy", nan), "validation": figures.get("loss", nan),
             "valid": figures.get("valid", nan)}
    return {column: float(figure) for column, figure in named.items() if isfinite(figure)}


def is_other(name: str) -> bool:
    """Whether a number of a person's own may have this name: short, and none that every run has."""
    return name not in COLUMNS and _NAME.fullmatch(name) is not None


def parse(line: bytes) -> Row:
    """Read the numbers of one line by their names; raises ValueError."""
    row = parse_json(line)
    other = row.pop(OTHER, {}) if isinstance(row, dict) else None
    if not isinstance(other, dict) or not set(REQUIRED) <= row.keys() or not row.keys() <= set(COLUMNS):
        raise ValueError("its columns are not those of a run")
    if len(other) > MOST_OTHER or not all(map(is_other, other)):
        raise ValueError("its columns are not those of a run")
    row |= other
    if not all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in row.values()):
        raise ValueError("it holds something other than numbers")
    if not 0 <= row["step"] <= MOST_STEPS or any(LARGEST < abs(value) != inf for value in row.values()):
        raise ValueError("it holds a number beyond what a run can count")
    return {name: float(value) for name, value in row.items()}


class Reader:
    """Reads a metrics file on from its last whole line; starts again when the file was replaced or cut."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._forget()

    def _forget(self) -> None:
        self._offset, self._inode = 0, -1
        self._columns = {name: array("d") for name in COLUMNS}
        self._table = _table(self._columns)

    def __len__(self) -> int:
        return len(self._columns["step"])

    def read(self) -> dict[str, np.ndarray]:
        """Return the columns, read-only: the same dict as before where nothing was added. Bad lines are left out."""
        with self._lock:
            try:
                now = self._path.stat()
            except OSError:
                self._forget()
                return self._table
            if now.st_ino != self._inode or now.st_size < self._offset:
                self._forget()
                self._inode = now.st_ino
            if now.st_size > self._offset and self._read_on():
                self._table = _table(self._columns)
            return self._table

    def _read_on(self) -> bool:
        with open(self._path, "rb") as file:
            file.seek(self._offset)
            whole = file.read().rpartition(b"\n")[0]
        self._offset += len(whole) + 1 if whole else 0
        before = len(self)
        for line in whole.splitlines():
            with suppress(ValueError):
                self._add(parse(line))
        return len(self) > before

    def _add(self, row: Row) -> None:
        for name in [name for name in row if name not in self._columns]:
            if len(self._columns) < len(COLUMNS) + MOST_OTHER:
                self._columns[name] = array("d", [nan]) * len(self)
        for name, column in self._columns.items():
            column.append(row.get(name, nan))


_readers: OrderedDict[Path, Reader] = OrderedDict()
_readers_lock = threading.Lock()


def reader(path: Path) -> Reader:
    """The one reader of a file that all pages share."""
    with _readers_lock:
        shared = _readers.setdefault(path, Reader(path))
        _readers.move_to_end(path)
        while len(_readers) > _READERS_KEPT or (len(_readers) > 1 and sum(map(len, _readers.values())) > _ROWS_KEPT):
            _readers.popitem(last=False)
        return shared


def last(path: Path, step: int) -> dict[str, float]:
    """The row that was published last up to a step; empty where none was."""
    table = reader(path).read()
    count = int((table["step"] <= step).sum())
    return {column: float(values[count - 1]) for column, values in table.items()} if count else {}


def rewind(path: Path, step: int) -> None:
    """Drop what was published after a step, and a torn last line."""
    kept = []
    for line in path.read_bytes().splitlines() if path.exists() else []:
        try:
            if parse(line)["step"] <= step:
                kept.append(line + b"\n")
        except ValueError:
            continue
    write_aside(path, b"".join(kept))


def _table(columns: Mapping[str, "array[float]"]) -> dict[str, np.ndarray]:
    table = {name: np.array(column, dtype=np.float64) for name, column in columns.items()}
    for part in table.values():
        part.flags.writeable = False
    return table
