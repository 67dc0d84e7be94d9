"""What a network has in mind along a whole text: read once on a worker, and stored in half precision on the disk."""

import os
import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2s
from pathlib import Path

import numpy as np
from jaxtyping import Float16, Int

from seqlab import paths
from seqlab.errors import Fault
from seqlab.files import clear_asides, refusal
from seqlab.reference.quantity import batches, by_unit, stored
from seqlab.training import searched
from seqlab.training.run import Run
from seqlab.training.searched import SearchedText
from seqlab.ui.proof import client
from seqlab.ui.proof.proof import Proof
from seqlab.ui.proof.snapshot import Snapshot
from seqlab.ui.proof.store import PICTURES
from seqlab.ui.proof.waiting import Pending, wait_for
from seqlab.ui.shell.faults import NoAnswer

PORTION = 16_384  # positions that a worker reads at a time
AHEAD = 1  # portions that are asked for before one is there
MOST_BYTES = 2 ** 30  # of all that is stored; what nobody has looked at for longest goes first
MOST_TYPED = 5000  # symbols of a text that a person types
Progress = Callable[[float], object]


@dataclass(frozen=True)
class TextStates:
    """One quantity of a snapshot along a text, by their names; or along what a person typed."""

    snapshot: Snapshot
    text: str
    quantity: str
    typed: str | None = None

    @property
    def searched(self) -> SearchedText:
        """The text as it is read; raises Fault."""
        if self.typed is not None:
            return _typed(self.snapshot.path, self.typed)
        return _text(self.snapshot.path, self.text, quantities(self.snapshot)[self.quantity])

    def values(self, progress: Progress = lambda share: None) -> Float16[np.ndarray, "unit position"]:
        """The states, unit by unit, read from the disk as far as they are used; the network reads the text but once.

        Raises Fault where the snapshot cannot be read, or its states cannot be stored.
        """
        if self.typed is not None:
            return _computed(self)
        file = self._file()
        try:
            if not file.exists():
                PICTURES.get(self, lambda: self._store(file, progress))
                PICTURES.forget(self)
            os.utime(file)
            kept: np.ndarray = np.load(file, mmap_mode="r")
            return kept
        except TimeoutError:
            raise NoAnswer from None
        except OSError as problem:
            raise Fault(f"The states of this text cannot be stored: {refusal(problem)}.") from None
        except ValueError:
            file.unlink(missing_ok=True)
            raise Fault("The stored states of this text were damaged and are deleted; look again.") from None

    def _file(self) -> Path:
        facts = repr((self.snapshot, self.quantity)).encode()
        name = blake2s(facts + b"".join(row.tobytes() for row in self.searched.rows), digest_size=12).hexdigest()
        return paths.cache() / "states" / f"{name}.npy"

    def _store(self, file: Path, progress: Progress) -> str:
        file.parent.mkdir(parents=True, exist_ok=True)
        clear_asides(file.parent)
        shape = quantities(self.snapshot)[self.quantity], len(self.searched)
        aside = file.with_name(f".{file.name}.{os.getpid()}-{threading.get_ident()}.tmp")
        try:
            array = np.lib.format.open_memmap(aside, "w+", np.float16, shape)
            for begin, part in self._portions():
                array[:, begin:begin + part.shape[1]] = part
                progress((begin + part.shape[1]) / shape[1])
            array.flush()
            os.replace(aside, file)
        finally:
            aside.unlink(missing_ok=True)
        _forget_oldest(file.parent)
        return file.name

    def _portions(self) -> Iterator[tuple[int, np.ndarray]]:
        """Have a worker read the text portion by portion; yields where each begins, and its states.

        The next one is asked for before an answer is waited for, so that the worker reads while the last is stored.
        """
        waiting: deque[tuple[int, Pending[np.ndarray]]] = deque()
        for begin, rows in self._cut():
            waiting.append((begin, self._asked(rows)))
            if len(waiting) > AHEAD:
                yield _arrived(*waiting.popleft())
        while waiting:
            yield _arrived(*waiting.popleft())

    def _cut(self) -> Iterator[tuple[int, slice]]:
        """Where the states of each portion begin, and its rows."""
        text, first, begin = self.searched, 0, 0
        counts = [len(row) - from_ for row, from_ in zip(text.rows, text.firsts, strict=True)]
        while first < len(counts):
            last = first + 1
            while last < len(counts) and sum(counts[first:last + 1]) <= PORTION:
                last += 1
            yield begin, slice(first, last)
            begin, first = begin + sum(counts[first:last]), last

    def _asked(self, part: slice) -> Pending[np.ndarray]:
        rows = [row.astype(np.int32) for row in self.searched.rows[part]]
        return client.searched_states(self.snapshot.path, self.snapshot.step, rows, list(self.searched.firsts[part]),
                                      self.quantity)


def _arrived(begin: int, answer: Pending[np.ndarray]) -> tuple[int, np.ndarray]:
    return begin, wait_for(answer)


@PICTURES.cached
def quantities(snapshot: Snapshot) -> dict[str, int]:
    """Quantities of a network that have a number for each unit, and how many units each has; raises Fault."""
    return by_unit(snapshot.run.core, snapshot.weights())


@PICTURES.cached
def _computed(states: TextStates) -> Float16[np.ndarray, "unit position"]:
    """Read a short text now."""
    text, snapshot = states.searched, states.snapshot
    return stored(snapshot.run.core, text.rows, text.firsts, snapshot.weights(), states.quantity)


@lru_cache(maxsize=16)
def _typed(path: str, text: str) -> SearchedText:
    return searched.typed(Run(Path(path)), text, MOST_TYPED)


@lru_cache(maxsize=4)
def _text(path: str, name: str, units: int) -> SearchedText:
    return searched.text(Run(Path(path)), name, units)


def _forget_oldest(folder: Path) -> None:
    """Delete what nobody has looked at for longest, where the files of a folder take too much."""
    files = sorted(folder.glob("*.npy"), key=lambda file: -file.stat().st_mtime)
    taken = 0
    for file in files:
        taken += file.stat().st_size
        if taken > MOST_BYTES and file != files[0]:
            file.unlink(missing_ok=True)


@dataclass(frozen=True)
class ShownRows:
    """Rows of ids that the network reads to come to what is shown, and the quantity along them."""

    snapshot: Snapshot
    quantity: str
    rows: tuple[tuple[int, ...], ...]

    @property
    def ids(self) -> list[Int[np.ndarray, " _"]]:
        """The rows as arrays."""
        return [np.array(row) for row in self.rows]

    def reference(self, precision: str = "float32") -> np.ndarray:
        """The quantity along all rows, one after another, in NumPy; raises Fault."""
        parts: dict[int, np.ndarray] = {}
        for group, values in batches(self.snapshot.run.core, self.ids, self.snapshot.weights(precision), self.quantity):
            for row, place in enumerate(group):
                parts[place] = values[row, :len(self.rows[place])]
        return np.concatenate([parts[place] for place in range(len(self.rows))])[None]


STATES = Proof[ShownRows, dict[str, np.ndarray]](
    name="searched states",
    remote=lambda shown: client.searched_rows(shown.snapshot.path, shown.snapshot.step, shown.ids, shown.quantity),
    reference=lambda shown, precision: [{shown.quantity: shown.reference(precision)}],
    torch=lambda shown, answer, precision: [{shown.quantity: answer[precision]}],
    weights=lambda shown, frame: shown.snapshot.largest(),
    compares="All states of the text come from NumPy in single precision and are stored with three digits. The badge "
             "compares those of the text shown and of the strongest passages of this unit with torch, from where the "
             "network begins to read.")
