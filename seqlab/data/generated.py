"""Strings that a network generates, and which of them are in its grammar's language."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool

from seqlab.data.strings import Source
from seqlab.reference.core import Core
from seqlab.reference.sampling import Choice
from seqlab.reference.strings import strings


@dataclass(frozen=True)
class GeneratedStrings:
    """Strings that a network generated; ``left`` says of each which token is the first that cannot stand there.

    That is the number of its tokens where it ends too early or, cut after the longest length, not at all, and None
    where it is in the language. ``ended`` is False for those that were cut.
    """

    strings: tuple[tuple[str, ...], ...]
    left: tuple[int | None, ...]
    ended: Bool[np.ndarray, " string"]

    @property
    def valid(self) -> float:
        """Share of them that are in the language, 0 … 1."""
        return sum(left is None for left in self.left) / max(1, len(self.left))


def generate(source: Source, core: Core, weights: Mapping[str, np.ndarray], count: int, *, seed: int,
             choice: Choice = Choice(), prompt: str = "") -> GeneratedStrings:  # noqa: B008 (immutable)
    """Generate strings that go on from ``prompt``, each to its END or up to the source's longest length.

    The prompt is part of each string. Raises Fault where the network gives no numbers any more.
    """
    language, alphabet = source.language, source.alphabet
    assert alphabet.begin is not None and alphabet.end is not None  # noqa: PT018 (for the type checker)
    given, longest = language.cut(prompt), source.longest
    draws = np.random.default_rng(seed).random((count, max(1, longest + 1 - len(given))))
    sampled = strings(core, weights, np.array([alphabet.begin, *alphabet.encode(prompt)]), draws, choice,
                      end=alphabet.end, masked=alphabet.masked, reach=None if core.state else longest + 1)
    symbols = np.array(alphabet.symbols, object)
    texts = tuple((*given, *symbols[sampled[row]].tolist())[:longest] for row in range(count))
    left = tuple(language.left_at(tokens) if ended else _cut(language.left_at(tokens), tokens)
                 for tokens, ended in zip(texts, sampled.ended.tolist(), strict=True))
    return GeneratedStrings(texts, left, sampled.ended)


def _cut(left: int | None, tokens: tuple[str, ...]) -> int:
    return len(tokens) if left is None else left
