"""A snapshot of the grammar lab that reads strings of its language, beside the truth about them, in NumPy."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from seqlab.data.grammar.quantities import DEPTH, PARENTHESES
from seqlab.reference.divergence import allowed, divergence, each_read, states
from seqlab.reference.network import network
from seqlab.reference.reading import surprise
from seqlab.trace import Trace
from seqlab.training.run import Run

String = tuple[str, ...]
Positions = Float[np.ndarray, " position"]
States = Float[np.ndarray, "position unit"]


@dataclass(frozen=True)
class Judged:
    """How a network foretold strings: before each token, and before the end of each string.

    ``depth`` says how many brackets are open there, NaN in a language without any; ``divergence`` is KL(true ‖ model),
    ``loss`` its own surprise and ``floor`` that of a perfect model, in nats; ``allowed`` is the share of its
    probability on what can stand there.
    """

    strings: int
    depth: Positions
    divergence: Positions
    loss: Positions
    floor: Positions
    allowed: Positions

    @classmethod
    def joined(cls, parts: Sequence["Judged"]) -> "Judged":
        """Put several together."""
        return cls(sum(part.strings for part in parts), *(
            np.concatenate([getattr(part, name) for part in parts])
            for name in ("depth", "divergence", "loss", "floor", "allowed")))

    def means(self, where: np.ndarray | slice = slice(None)) -> dict[str, float]:
        """Means over positions, ``kl`` that of the divergence."""
        return {"kl": float(self.divergence[where].mean()), "loss": float(self.loss[where].mean()),
                "floor": float(self.floor[where].mean()), "allowed": float(self.allowed[where].mean())}


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

    def judged(self, strings: Sequence[String]) -> Judged:
        """Say how the network foretells strings."""
        walks = [self.language.walk(string) for string in strings]
        found: list[list[np.ndarray]] = [[] for _ in strings]
        for place, trace, row in self._read(strings):
            string, true = strings[place], walks[place].expected
            logits = trace["logits"][row, :len(string) + 1]
            targets = np.array([*self.ids(string)[1:], self._next[-1]])
            found[place] = [self._depth(string), divergence(true, logits, self._next),
                            surprise(logits.astype(np.float64), targets), walks[place].surprise,
                            allowed(true, logits, self._next)]
        return Judged(len(strings), *(np.concatenate(part) for part in zip(*found, strict=True)))

    def heard(self, strings: Sequence[String]) -> tuple[dict[str, States], dict[str, Positions]]:
        """States after each token of strings, those of all layers side by side, by symbol; and what is true there."""
        parts: dict[str, list[np.ndarray]] = {symbol: [np.zeros((0, 0))] * len(strings) for symbol in self.symbols}
        for place, trace, row in self._read(strings):
            for symbol, found in parts.items():
                found[place] = states(trace, symbol, row, len(strings[place]) + 1)[1:]
        true = [self.language.quantities(string) for string in strings]
        return ({symbol: np.concatenate(found) for symbol, found in parts.items()},
                {name: np.concatenate([each[name] for each in true]) for name in true[0]})

    def _read(self, strings: Sequence[String]) -> Iterable[tuple[int, Trace, int]]:
        return each_read(self._core, [self.ids(string) for string in strings], self._weights, self._pooling)

    def _depth(self, string: String) -> Positions:
        """Brackets that are open before each token and at the end."""
        known = self.language.quantities(string)
        depth = next((known[name] for name in (DEPTH, PARENTHESES) if name in known), np.full(len(string), np.nan))
        return np.concatenate([depth[:1] * 0, depth])
