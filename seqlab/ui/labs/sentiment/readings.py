"""A review as a network reads it, and what it makes of it: in NumPy, kept for all who look at the same."""

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from seqlab.figures.rounding import Arrays
from seqlab.reference.network import network
from seqlab.reference.pooling import MAXIMA
from seqlab.reference.prefixes import at_each
from seqlab.reference.sentiment import Won, without_each, won
from seqlab.trace import Trace
from seqlab.training.run import Run
from seqlab.ui.proof import client
from seqlab.ui.proof.proof import Proof
from seqlab.ui.proof.snapshot import Snapshot
from seqlab.ui.proof.store import PICTURES
from seqlab.ui.proof.waiting import Pending, Ready, Together, wait_for

MOST = 1024  # words that are read; a network is evaluated on no more of a review either
MOST_LEFT_OUT = 400  # words of a review of which each is left out in turn
MOST_PADDING = 200
PROVED = 24  # words whose absence torch works out too, and beginnings that it reads

Prefixes = tuple[Int[np.ndarray, " count"], Float[np.ndarray, "count classes"]]
Views = dict[str, dict[str, np.ndarray]]  # everything that is drawn, by precision
Beginnings = dict[str, np.ndarray]  # probabilities after the first words, by precision

_BESIDE = ThreadPoolExecutor(1, "without-each-word")  # NumPy's products leave the other threads free


def longest(run: Run) -> int:
    """Words of a review that a run's network can read at most."""
    return min(MOST, run.config.network.reach or MOST)


@dataclass(frozen=True)
class ReviewReading:
    """A review read by a run's newest weights."""

    snapshot: Snapshot
    ids: tuple[int, ...]

    @property
    def words(self) -> Int[np.ndarray, " time"]:
        """The ids as an array."""
        return np.array(self.ids)

    @property
    def sees_all(self) -> bool:
        """Whether the network sees the words after a word, too."""
        return self.snapshot.run.core.sees == "all"

    def trace(self, precision: str = "float32") -> Trace:
        """Every quantity of the pass."""
        return _trace(self) if precision == "float32" else _pass(self, precision)

    def prefixes(self, precision: str = "float32") -> Prefixes:
        """Probabilities after the first words alone, and how many these were."""
        if not self.sees_all:
            return np.arange(1, len(self.ids) + 1), self.trace(precision)["p"][0]
        return _prefixes(self, precision)

    def won(self) -> Won | None:
        """Which words won the max pool; None where there is none."""
        return won(self.trace(), self.snapshot.weights()) if _maxima(self) else None

    def without(self) -> Float[np.ndarray, "time classes"] | None:
        """Probabilities without each word; None for a review that is too long, or too short, for that.

        They are worked out beside this session, which a new edit may interrupt while it waits; what nobody waits for
        any more is dropped if it has not begun.
        """
        if not 1 < len(self.ids) <= MOST_LEFT_OUT:
            return None
        pending = _without_each(self)
        try:
            return wait_for(pending)
        except BaseException:
            if pending.cancel() or pending.done():
                _without_each.forget(self)
            raise

    def padded(self, precision: str = "float32") -> Prefixes:
        """Probabilities where padding is read and pooled too: how much of it, from none on."""
        return _padded(self, precision)

    def with_padding(self) -> Int[np.ndarray, " time"]:
        """The review and the most padding behind it."""
        run = self.snapshot.run
        room = longest(run) - len(self.ids) if longest(run) < MOST else MOST_PADDING
        return np.concatenate((self.words, np.full(min(room, MOST_PADDING), run.vocabulary.pad or 0)))

    def places(self) -> list[int]:
        """Words whose absence torch works out too: evenly spread, the one that matters most among them."""
        without = self.without()
        if without is None:
            return []
        most = int(np.abs(without - self.trace()["p"][0, -1]).max(axis=1).argmax())
        return sorted({*_spread(len(self.ids)).tolist(), most})


def _maxima(reading: ReviewReading) -> bool:
    """Whether its network pools by maxima, which words win."""
    return reading.snapshot.run.config.network.pooling in MAXIMA


def _spread(count: int) -> Int[np.ndarray, " place"]:
    return np.unique(np.linspace(0, count - 1, min(PROVED, count)).round().astype(int))


def _pass(reading: ReviewReading, precision: str) -> Trace:
    run = reading.snapshot.run
    return network(run.core, reading.words[None], reading.snapshot.weights(precision),
                   pooling=run.config.network.pooling)


@PICTURES.cached
def _trace(reading: ReviewReading) -> Trace:
    return _pass(reading, "float32")


@PICTURES.cached
def _prefixes(reading: ReviewReading, precision: str) -> Prefixes:
    run = reading.snapshot.run
    return at_each(run.core, reading.words, reading.snapshot.weights(precision), run.config.network.pooling)


@PICTURES.cached
def _without_each(reading: ReviewReading) -> Future[np.ndarray]:
    return _BESIDE.submit(_left_out, reading, "float32")


def _left_out(reading: ReviewReading, precision: str) -> np.ndarray:
    run = reading.snapshot.run
    return without_each(run.core, reading.words, reading.snapshot.weights(precision), run.config.network.pooling)


@PICTURES.cached
def _padded(reading: ReviewReading, precision: str) -> Prefixes:
    run, first = reading.snapshot.run, len(reading.ids)
    counts, p = at_each(run.core, reading.with_padding(), reading.snapshot.weights(precision),
                        run.config.network.pooling, first)
    return counts - first, p


def _ask(reading: ReviewReading) -> Pending[tuple[Views, Beginnings]]:
    snapshot = reading.snapshot
    prefixes: Pending[Beginnings] = Ready({})
    if reading.sees_all:
        prefixes = client.review_beginnings(snapshot.path, snapshot.step, reading.words, reading.prefixes()[0].tolist())
    return Together(client.review(snapshot.path, snapshot.step, reading.words, reading.places() or [0]), prefixes)


def _reference(reading: ReviewReading, precision: str) -> list[Arrays]:
    trace, places = reading.trace(precision), reading.places()
    arrays: dict[str, np.ndarray] = {"p": trace["p"]}
    if "pooled" in trace:
        arrays |= {"pooled": trace["pooled"][:, -1]}
    if _maxima(reading):
        arrays |= {"highest": trace["pooled"][:, -1]}
    if places:
        without = reading.without() if precision == "float32" else _left_out(reading, precision)
        assert without is not None
        arrays["without"] = without[None, places]
    if reading.sees_all:
        arrays["growth"] = reading.prefixes(precision)[1][None]
    return [arrays]


def _torch(reading: ReviewReading, answer: tuple[Views, Beginnings], precision: str) -> list[Arrays]:
    view, prefixes = answer[0][precision], answer[1]
    arrays: dict[str, np.ndarray] = {name: view[name][None] for name in ("p", "pooled") if name in view}
    if "won" in view:
        arrays["highest"] = _highest(reading, precision, view["won"])
    if reading.places():
        arrays["without"] = view["without"][None]
    if reading.sees_all:
        arrays["growth"] = prefixes[precision][None]
    return [arrays]


def _highest(reading: ReviewReading, precision: str, places: np.ndarray) -> np.ndarray:
    """What each unit was, by NumPy's numbers, at the word that won it by torch's: its maximum, or one as high.

    A word that stands twice may win a unit in either place, for rounding alone tells the two apart.
    """
    trace = reading.trace(precision)
    h = trace[list(trace)[-4]][0]
    return np.asarray(h[places.astype(int), np.arange(h.shape[1])][None])


REVIEW = Proof[ReviewReading, tuple[Views, Beginnings]](
    name="review", remote=_ask, reference=_reference, torch=_torch, symbols=("p", "pooled"),
    weights=lambda reading, frame: reading.snapshot.largest())


def _ask_padded(reading: ReviewReading) -> Pending[Beginnings]:
    counts = reading.padded()[0]
    return client.review_beginnings(reading.snapshot.path, reading.snapshot.step, reading.with_padding(),
                                    (counts[_spread(len(counts))] + len(reading.ids)).tolist())


def _reference_padded(reading: ReviewReading, precision: str) -> list[Arrays]:
    counts, p = reading.padded(precision)
    return [{"padded": p[None, _spread(len(counts))]}]


PADDING = Proof[ReviewReading, Beginnings](
    name="padded review", remote=_ask_padded, reference=_reference_padded, symbols=("p",),
    torch=lambda reading, answer, precision: [{"padded": answer[precision][None]}],
    weights=lambda reading, frame: reading.snapshot.largest(),
    compares="The badge compares the answers with different amounts of padding, each padded review read by torch by "
             "itself.")
