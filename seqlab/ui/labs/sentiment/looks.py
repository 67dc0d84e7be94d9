"""A review as a network reads it, and what it makes of it: in NumPy, kept for all who look at the same."""

from dataclasses import dataclass

import numpy as np
import streamlit as st
from jaxtyping import Float, Int

from seqlab.agreement import Agreement, compare
from seqlab.reference.network import network
from seqlab.reference.opinion import Won, without_each, won
from seqlab.reference.prefixes import at_each
from seqlab.trace import Trace
from seqlab.training.run import Run
from seqlab.ui.labs.sentiment.aside import Aside
from seqlab.ui.proof.waiting import awaited
from seqlab.ui.shell.services import engine
from seqlab.ui.studios.reading.texts import Snapshot

MOST = 1024  # words that are read; a network is judged by no more of a review either
MOST_LEFT_OUT = 400  # words of a review of which each is left out in turn
MOST_PADDING = 200
PROVED = 24  # words whose absence torch works out too, and beginnings that it reads
PRECISIONS = ("float32", "float64")
_WITHOUT: "Aside[Look]" = Aside()


def longest(run: Run) -> int:
    """Words of a review that a run's network can read at most."""
    learned = run.config.network
    return min(MOST, learned.context) if run.core.heads and learned.positions == "learned" else MOST


@dataclass(frozen=True)
class Look:
    """A review read by a run's newest weights."""

    snapshot: Snapshot
    ids: tuple[int, ...]

    @property
    def read(self) -> Int[np.ndarray, " time"]:
        """The ids as an array."""
        return np.array(self.ids)

    def trace(self) -> Trace:
        """Every quantity of the pass, in single precision."""
        return _trace(self)

    def growth(self) -> tuple[Int[np.ndarray, " count"], Float[np.ndarray, "count classes"]]:
        """Probabilities after the first words alone, and how many these were."""
        return _growth(self)

    def won(self) -> Won | None:
        """Which words won the max pool; None where there is none."""
        return won(self.trace(), self.weights()) if "pooled" in self.trace() else None

    def without(self) -> Float[np.ndarray, "time classes"] | None:
        """Probabilities without each word; None for a review that is too long, or too short, for that.

        They are worked out beside this session, which a new edit may interrupt while it waits.
        """
        return _WITHOUT.result(self, _without) if 1 < len(self.ids) <= MOST_LEFT_OUT else None

    def padded(self) -> tuple[Int[np.ndarray, " count"], Float[np.ndarray, "count classes"]]:
        """Probabilities where padding is read and pooled too: how much of it, from none on."""
        return _padded(self)

    def weights(self, precision: str = "float32") -> dict[str, np.ndarray]:
        """The weights that read."""
        return self.snapshot.run.weights(self.snapshot.step, precision)

    def agreement(self) -> dict[str, Agreement]:
        """How torch and NumPy agree on everything that is drawn of the words; raises Fault, TimeoutError."""
        return _agreement(self)

    def padding_agreement(self) -> dict[str, Agreement]:
        """How they agree on the answers with padding; raises Fault, TimeoutError."""
        return _padding_agreement(self)

    def places(self) -> list[int]:
        """Words whose absence torch works out too: evenly spread, the one that matters most among them."""
        found = self.without()
        if found is None:
            return []
        spread = np.linspace(0, len(self.ids) - 1, min(PROVED, len(self.ids))).round().astype(int)
        most = int(np.abs(found[:, 1] - self.trace()["p"][0, -1, 1]).argmax())
        return sorted({*spread.tolist(), most})


def _pass(look: Look, precision: str, ids: np.ndarray) -> Trace:
    run = look.snapshot.run
    return network(run.core, ids[None], look.weights(precision), pooling=run.config.network.pooling)


@st.cache_resource(max_entries=64, show_spinner=False)
def _trace(look: Look) -> Trace:
    return _pass(look, "float32", look.read)


@st.cache_resource(max_entries=64, show_spinner=False)
def _growth(look: Look) -> tuple[np.ndarray, np.ndarray]:
    run = look.snapshot.run
    if run.core.sees != "all":
        return np.arange(1, len(look.ids) + 1), look.trace()["p"][0]
    return at_each(run.core, look.read, look.weights(), run.config.network.pooling)


def _without(look: Look, precision: str = "float32") -> np.ndarray:
    run = look.snapshot.run
    return without_each(run.core, look.read, look.weights(precision), run.config.network.pooling)


@st.cache_resource(max_entries=64, show_spinner=False)
def _padded(look: Look, precision: str = "float32") -> tuple[np.ndarray, np.ndarray]:
    run, (padded, first) = look.snapshot.run, _with_padding(look)
    counts, p = at_each(run.core, padded, look.weights(precision), run.config.network.pooling, first)
    return counts - first, p


def _with_padding(look: Look) -> tuple[np.ndarray, int]:
    run = look.snapshot.run
    room = longest(run) - len(look.ids) if longest(run) < MOST else MOST_PADDING
    pad = np.full(min(room, MOST_PADDING), run.vocabulary.pad or 0)
    return np.concatenate((look.read, pad)), len(look.ids)


@st.cache_resource(max_entries=200, show_spinner=False)
def _agreement(look: Look) -> dict[str, Agreement]:
    snapshot, places, (counts, _) = look.snapshot, look.places(), look.growth()
    sees_all = snapshot.run.core.sees == "all"
    asked = engine().ask("seqlab.lenses.opinion:view", snapshot.path, snapshot.step, look.read, places or [0])
    begun = engine().ask("seqlab.lenses.beginnings:answers", snapshot.path, snapshot.step, look.read,
                         counts.tolist()) if sees_all else None
    ours = {dtype: _ours(look, dtype, places) for dtype in PRECISIONS}
    theirs, found = awaited(asked), {}
    for dtype in PRECISIONS:
        there = {name: theirs[dtype][name][None] for name in ours[dtype] if name != "highest"}
        if "highest" in ours[dtype]:
            there["highest"] = _highest(look, dtype, theirs[dtype]["won"])
        if begun is not None:
            ours[dtype]["growth"] = _begun(look, dtype)[None]
            there["growth"] = awaited(begun)[dtype][None]
        found[dtype] = compare(ours[dtype], there)
    return found


def _ours(look: Look, dtype: str, places: list[int]) -> dict[str, np.ndarray]:
    trace = look.trace() if dtype == "float32" else _pass(look, dtype, look.read)
    found = {"p": trace["p"]}
    if "pooled" in trace:
        found |= {"pooled": trace["pooled"][:, -1], "highest": trace["pooled"][:, -1]}
    return found | ({"without": _without(look, dtype)[None, places]} if places else {})


def _highest(look: Look, dtype: str, places: np.ndarray) -> np.ndarray:
    """What each unit was, by our numbers, at the word that won it by torch's: its maximum, or one as high.

    A word that stands twice may win a unit in either place, for rounding alone tells the two apart.
    """
    trace = look.trace() if dtype == "float32" else _pass(look, dtype, look.read)
    h = trace[list(trace)[-4]][0]
    return h[places.astype(int), np.arange(h.shape[1])][None]


def _begun(look: Look, dtype: str) -> np.ndarray:
    run = look.snapshot.run
    return at_each(run.core, look.read, look.weights(dtype), run.config.network.pooling)[1]


@st.cache_resource(max_entries=200, show_spinner=False)
def _padding_agreement(look: Look) -> dict[str, Agreement]:
    padded, first = _with_padding(look)
    counts = look.padded()[0]
    spread = np.unique(np.linspace(0, len(counts) - 1, min(PROVED, len(counts))).round().astype(int))
    theirs = awaited(engine().ask("seqlab.lenses.beginnings:answers", look.snapshot.path, look.snapshot.step, padded,
                                  (counts[spread] + first).tolist()))
    return {dtype: compare({"padded": _padded(look, dtype)[1][None, spread]}, {"padded": theirs[dtype][None]})
            for dtype in PRECISIONS}
