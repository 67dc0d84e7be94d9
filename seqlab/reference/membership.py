"""A network as the teacher of an automaton: which symbols it holds possible after a word, and the state it is in."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Bool, Float, Int

from seqlab.reference.activations import softmax
from seqlab.reference.automata import UNKNOWN, Automaton, Word
from seqlab.reference.clustering import Passage
from seqlab.reference.core import Core
from seqlab.reference.divergence import each_read, states
from seqlab.reference.network import network
from seqlab.reference.pooling import Pooling
from seqlab.reference.weights import Weights
from seqlab.trace import Trace

REMEMBERED = 100_000  # words whose answers are kept


class NetworkTeacher:
    """A network that predicts its next symbol; possible is what has a probability of at least ``threshold``.

    ``begin`` is the id of the mark that begins a string, ``ids`` are those of the symbols and, last, of the end. A word
    is impossible as soon as one of its symbols is.
    """

    def __init__(self, core: Core, weights: Weights, begin: int, ids: Int[np.ndarray, " next"], threshold: float,
                 pooling: Pooling = "none") -> None:
        self.core, self.weights, self.begin, self.ids = core, weights, begin, ids
        self.threshold, self.pooling = threshold, pooling
        self._known: dict[Word, tuple[Bool[np.ndarray, " next"], Float[np.ndarray, " unit"]]] = {}

    @property
    def symbols(self) -> int:
        """How many symbols there are."""
        return len(self.ids) - 1

    def rows(self, words: Sequence[Word]) -> Bool[np.ndarray, "word next"]:
        """Say what is possible after words; nothing after a word that is impossible itself. Raises Fault for NaN."""
        self._read(words)
        return np.array([self._known[word][0] for word in words]).reshape(len(words), len(self.ids))

    def states(self, words: Sequence[Word]) -> Float[np.ndarray, "word unit"]:
        """Give the state after words: all that the network carries on, of every layer side by side."""
        self._read(words)
        return np.array([self._known[word][1] for word in words])

    def along(self, words: Sequence[Word]) -> list[Bool[np.ndarray, "time next"]]:
        """Say what is possible after each beginning of words, the empty one and the whole among them."""
        given: dict[int, Bool[np.ndarray, "time next"]] = {}
        for place, trace, row in each_read(self.core, [self._row_of(word) for word in words], self.weights,
                                           self.pooling):
            given[place] = self._possible(trace["logits"][row, :len(words[place]) + 1], words[place])
        return [given[place] for place in range(len(words))]

    def passages(self, words: Sequence[Word]) -> list[Passage]:
        """Read words whole: the hidden states of all layers, and how probable what comes next is."""
        given: dict[int, Passage] = {}
        for place, trace, row in each_read(self.core, [self._row_of(word) for word in words], self.weights,
                                           self.pooling):
            time = len(words[place]) + 1
            p = softmax(trace["logits"][row, :time].astype(np.float64))[:, self.ids]
            given[place] = Passage(words[place], states(trace, "h", row, time), p)
        return [given[place] for place in range(len(words))]

    def _read(self, words: Sequence[Word]) -> None:
        if len(self._known) > REMEMBERED:
            self._known.clear()
        fresh = list(dict.fromkeys(word for word in words if word not in self._known))
        rows = [self._row_of(word) for word in fresh]
        for place, trace, row in each_read(self.core, rows, self.weights, self.pooling) if fresh else ():
            word, time = fresh[place], len(rows[place])
            possible = self._possible(trace["logits"][row, :time], word)[-1]
            state = [states(trace, symbol, row, time)[-1] for symbol in self.core.state or ("h",)]
            self._known[word] = possible, np.concatenate(state)

    def padded(self, words: Sequence[Word]) -> Int[np.ndarray, "word time"]:
        """Write words as rows of ids, behind the mark for the beginning; the last id of a shorter one is repeated."""
        most = max(map(len, words)) + 1
        return np.stack([np.pad(row, (0, most - len(row)), "edge") for row in map(self._row_of, words)])

    def trace(self, ids: Int[np.ndarray, "word time"]) -> Trace:
        """Read rows of ids at once, with every quantity."""
        return network(self.core, ids, self.weights, pooling=self.pooling)

    def _row_of(self, word: Word) -> Int[np.ndarray, " time"]:
        return np.array([self.begin, *self.ids[list(word)]], np.int64)

    def _possible(self, logits: Float[np.ndarray, "time vocab"], word: Word) -> Bool[np.ndarray, "time next"]:
        possible = softmax(logits.astype(np.float64))[:, self.ids] >= self.threshold
        stood = possible[np.arange(len(word)), list(word)] if word else np.zeros(0, bool)
        alive = np.concatenate([[True], np.logical_and.accumulate(stood)])
        return np.asarray(possible & alive[:, None])


def first_wrong(rows: Bool[np.ndarray, "time next"], automaton: Automaton, word: Word) -> int | None:
    """Count the symbols of a word after which an automaton first differs from ``rows``; None where it never does.

    What the automaton does not know is no agreement. Behind an impossible symbol nothing is compared.
    """
    path, following = [0], automaton.next
    for time, symbol in enumerate(word):
        if not rows[time, symbol]:
            break
        state = int(following[path[-1], symbol])
        if state < 0:
            path.append(UNKNOWN)
            break
        path.append(state)
    known = path[:-1] if path[-1] == UNKNOWN else path
    wrong = (rows[:len(known)] != automaton.table[known]).any(axis=1)
    if wrong.any():
        return int(wrong.argmax())
    return len(known) if len(known) < len(path) else None
