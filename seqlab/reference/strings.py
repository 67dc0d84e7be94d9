"""Many strings drawn from a network at once, each by random numbers of its own, in lockstep to its end."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

from seqlab.reference.core import Core
from seqlab.reference.network import decoded, encode
from seqlab.reference.sampling import Choice, draw, shape
from seqlab.reference.weights import Weights

FEW = 0.5  # share of strings that are not over yet, below which the others are no longer computed


@dataclass(frozen=True)
class Strings:
    """Strings that were drawn: ``ids`` of each up to its ``lengths``, END not among them; it ``ended`` or was cut."""

    ids: Int[np.ndarray, "string time"]
    lengths: Int[np.ndarray, " string"]
    ended: Bool[np.ndarray, " string"]

    def __len__(self) -> int:
        return len(self.ids)

    def __getitem__(self, at: int) -> Int[np.ndarray, " length"]:
        return np.asarray(self.ids[at, :self.lengths[at]])


def strings(core: Core, weights: Weights, given: Int[np.ndarray, " given"], draws: Float[np.ndarray, "string time"],
            choice: Choice, *, end: int, masked: Collection[int] = (), reach: int | None = None) -> Strings:
    """Draw a string for each row of ``draws`` in [0, 1): one symbol by each number, until it is ``end``.

    ``given`` is what each goes on from, the mark for the beginning first; it is no part of ``ids``. The core keeps its
    state, or the keys and values of what it has read, of which it sees at most ``reach``. Equal rows give equal
    strings, whatever is drawn beside them; one string at a time gives the same (tests/reference/test_strings.py).
    Raises Fault as ``sampling.shape`` does.
    """
    count, most = draws.shape
    ids, lengths, ended = np.full((count, most), end), np.full(count, most), np.zeros(count, bool)
    rows, going = np.arange(count), np.ones(count, bool)  # strings that are computed, and which of them are not over
    reader = _Reader(core, weights, reach)
    logits = reader.begin(np.tile(given, (count, 1)))
    for time in range(most):
        open_ = rows[going]
        symbols = draw(shape(logits[going], choice, masked).p, draws[open_, time])
        ids[open_, time] = symbols
        over = open_[symbols == end]
        lengths[over], ended[over] = time, True
        going[going] = symbols != end
        if not going.any() or time + 1 == most:
            break
        if going.mean() < FEW:
            rows, going = rows[going], going[going]
            logits = reader.begin(np.hstack((np.tile(given, (len(rows), 1)), ids[rows, :time + 1])))
        else:
            logits = reader.read(ids[rows, time])
    return Strings(ids, lengths, ended)


class _Reader:
    """A whole network that reads one symbol of each row after another."""

    def __init__(self, core: Core, weights: Weights, reach: int | None) -> None:
        self.core, self.weights, self.reach = core, weights, reach

    def begin(self, ids: Int[np.ndarray, "row time"]) -> Float[np.ndarray, "row vocab"]:
        """Read rows from their beginning; gives the logits after them."""
        self.stream = self.core.stream(self.weights, len(ids), self.reach)
        for column in ids.T[:-1]:
            self.stream.advance(encode(column[:, None], self.weights)[:, 0])
        return self.read(ids[:, -1])

    def read(self, ids: Int[np.ndarray, " row"]) -> Float[np.ndarray, "row vocab"]:
        """Logits after the next symbol of each row."""
        hidden = self.stream.advance(encode(ids[:, None], self.weights)[:, 0])
        return decoded(hidden, self.weights)
