"""A snapshot of the grammar lab that reads strings of its language, beside the truth about them, in NumPy."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from seqlab.data.grammar.quantities import DEPTH, PARENTHESES, quantities
from seqlab.reference.divergence import allowed, divergence, each_read, states
from seqlab.reference.network import network
from seqlab.reference.reading import surprise
from seqlab.trace import Trace
from seqlab.training.run import Run

String = tuple[str, ...]


@dataclass(frozen=True)
class StringReading:
    """One string as a network read it.

    After each token: ``states``, those of all layers side by side, by symbol, and ``true``, what is true there. Before
    each token and before the end: ``depth``, how many brackets are open (NaN in a language without any),
    ``divergence``, KL(true ‖ model), ``loss``, the network's surprise, and ``floor``, that of a perfect model, all in
    nats; ``allowed`` is the share of its probability on what can stand there.
    """

    string: String
    states: dict[str, Float[np.ndarray, "token unit"]]
    true: dict[str, Float[np.ndarray, " token"]]
    depth: Float[np.ndarray, " time"]
    divergence: Float[np.ndarray, " time"]
    loss: Float[np.ndarray, " time"]
    floor: Float[np.ndarray, " time"]
    allowed: Float[np.ndarray, " time"]


def means(readings: Sequence[StringReading], depth: float | None = None) -> dict[str, float]:
    """Means over all positions of strings, or over those at a depth; ``kl`` is that of the divergence."""
    where = slice(None) if depth is None else joined(readings, "depth") == depth
    return {name: float(joined(readings, of)[where].mean()) for name, of in
            (("kl", "divergence"), ("loss", "loss"), ("floor", "floor"), ("allowed", "allowed"))}


def joined(readings: Sequence[StringReading], name: str) -> Float[np.ndarray, " position"]:
    """One quantity of several strings, one after another."""
    return np.concatenate([getattr(each, name) for each in readings])


class Reader:
    """One snapshot of a run, ready to read strings of its language; no string may leave it."""

    def __init__(self, run: Run, step: int, dtype: str = "float32") -> None:
        config = run.config.task_config
        self.language, alphabet = config.language, config.alphabet
        self.symbols = run.core.state or ("h",)
        self._core, self._pooling = run.core, run.config.network.pooling
        self._weights = run.weights(step, dtype)
        self._begin, self._places = alphabet.begin, alphabet.places
        self._next = np.array([*(self._places[token] for token in self.language.tokens), alphabet.end])

    def ids(self, string: String) -> Int[np.ndarray, " time"]:
        """Ids of a string behind the mark for its beginning, as the network reads it."""
        return np.array([self._begin, *(self._places[token] for token in string)])

    def trace(self, rows: Int[np.ndarray, "batch time"]) -> Trace:
        """Read rows of ids at once."""
        return network(self._core, rows, self._weights, pooling=self._pooling)

    def readings(self, strings: Sequence[String]) -> list[StringReading]:
        """Read strings, each once."""
        readings: dict[int, StringReading] = {}
        rows = each_read(self._core, [self.ids(string) for string in strings], self._weights, self._pooling)
        for place, trace, row in rows:
            string, time = strings[place], len(strings[place]) + 1
            walk, true = self.language.walk(string), quantities(self.language, string)
            logits = trace["logits"][row, :time]
            targets = np.array([*self.ids(string)[1:], self._next[-1]])
            readings[place] = StringReading(
                string, {symbol: states(trace, symbol, row, time)[1:] for symbol in self.symbols}, true,
                self._depth(true, time), divergence(walk.expected, logits, self._next),
                surprise(logits.astype(np.float64), targets), walk.surprise,
                allowed(walk.expected, logits, self._next))
        return [readings[place] for place in range(len(strings))]

    def _depth(self, true: dict[str, np.ndarray], time: int) -> Float[np.ndarray, " time"]:
        """Brackets that are open before each token and at the end."""
        depth = next((true[name] for name in (DEPTH, PARENTHESES) if name in true), np.full(time - 1, np.nan))
        return np.concatenate([depth[:1] * 0, depth])
