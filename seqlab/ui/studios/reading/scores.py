"""A text scored by a network portion by portion, on a worker, with its own alphabet and preparation."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from statistics import fmean

import numpy as np

from seqlab.studies.chapter.measures import BATCH, published_windows
from seqlab.training.answers import BookScores
from seqlab.training.run import Run
from seqlab.ui.proof import client
from seqlab.ui.proof.proof import Proof
from seqlab.ui.proof.snapshot import Snapshot
from seqlab.ui.proof.store import ANSWERS
from seqlab.ui.proof.waiting import Ready, wait_for
from seqlab.ui.shell.faults import NoAnswer

HELD_OUT = "held-out"
PORTION = 32_768  # characters that a worker scores at a time


@dataclass(frozen=True)
class Tally:
    """Sums over the characters that were scored; ``unknown`` are those that the network does not know.

    ``means`` are the mean losses of the portions.
    """

    loss: float = 0.0
    right: int = 0
    count: int = 0
    unknown_loss: float = 0.0
    unknown: int = 0
    means: tuple[float, ...] = ()

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(getattr(self, part.name) + getattr(other, part.name) for part in fields(self)))

    @property
    def mean(self) -> float:
        """Mean loss in nats."""
        return self.loss / self.count

    @property
    def mean_of_means(self) -> float:
        """Mean of the portions' mean losses."""
        return fmean(self.means)

    @property
    def known(self) -> float:
        """Mean loss over the characters that the network knows; NaN where there are none."""
        return (self.loss - self.unknown_loss) / (self.count - self.unknown) if self.count > self.unknown else np.nan


@dataclass(frozen=True)
class BookPortion:
    """A portion of a text, in rows of ids that count from the time ``first`` on; snapshot, text and number name it."""

    snapshot: Snapshot
    text: str
    number: int
    rows: np.ndarray = field(compare=False, repr=False)
    first: int = field(compare=False)


@ANSWERS.cached
def _scored(portion: BookPortion) -> BookScores:
    """Have a worker score a portion, and prove the first one of each text. Raises Fault, TimeoutError."""
    snapshot, alphabet = portion.snapshot, portion.snapshot.run.config.task_config.alphabet
    return wait_for(client.book_portion(snapshot.path, snapshot.step, np.ascontiguousarray(portion.rows), portion.first,
                                        alphabet.pad, alphabet.unknown, portion.number == 0))


BOOKS = Proof[BookPortion, BookScores](
    name="books", remote=lambda portion: Ready(_scored(portion)), reported=lambda answer: answer["agreement"] or {},
    symbols=("logits",),
    compares="All figures of the table come from NumPy in single precision. The badge compares the logits of the first "
             "windows of each text, some 4,000 characters of it, with torch.")


def passages(run: Run, name: str) -> Sequence[str]:
    """Give the texts of a corpus as the network reads them, or its own held-out part. Raises Fault."""
    spec, config = run.config.task_spec, run.config.task_config
    assert spec.passages is not None
    return spec.passages(config) if name == HELD_OUT else spec.passages(config, name)


def running_sums(portions: Sequence[BookPortion]) -> Iterator[tuple[Tally, float]]:
    """Score a text portion by portion; yields the sums so far and the share of the text. Raises Fault."""
    total = Tally()
    for portion in portions:
        try:
            scored = _scored(portion)
        except TimeoutError:
            raise NoAnswer from None
        total += Tally(scored["loss"], scored["right"], scored["count"], scored["unknown_loss"], scored["unknown"],
                       (scored["loss"] / scored["count"],))
        yield total, (portion.number + 1) / len(portions)


def published_portions(snapshot: Snapshot, name: str, text: str) -> list[BookPortion]:
    """Portions of a text that the chapter's exercises would score, in their batches: all of its windows."""
    windows = published_windows(snapshot.run, text)
    return [BookPortion(snapshot, f"{name}, published", number, windows[start:start + BATCH], 0)
            for number, start in enumerate(range(0, len(windows), BATCH))]


def portions_of(snapshot: Snapshot, name: str, texts: Sequence[str]) -> list[BookPortion]:
    """Cut a text into portions."""
    config = snapshot.run.config
    scoring = config.task_spec.scoring
    assert scoring is not None
    pieces = []
    for rows, first in scoring(config.task_config, () if name == HELD_OUT else texts):
        hop = max(1, PORTION // rows.shape[1])
        pieces += [(rows[start:start + hop], first) for start in range(0, len(rows), hop)]
    return [BookPortion(snapshot, name, number, rows, first) for number, (rows, first) in enumerate(pieces)]
