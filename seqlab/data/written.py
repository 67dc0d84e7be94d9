"""What a network writes of itself, string by string, and whether its grammar has such strings."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool

from seqlab.data.strings import Source
from seqlab.reference.core import Core
from seqlab.reference.sampling import Choice
from seqlab.reference.strings import strings


@dataclass(frozen=True)
class Written:
    """Strings that were written; ``left`` says of each which token is the first that cannot stand there.

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


def write(source: Source, core: Core, weights: Mapping[str, np.ndarray], count: int, *, seed: int,
          choice: Choice = Choice(), prompt: str = "") -> Written:  # noqa: B008 (immutable)
    """Have a network write strings that go on from ``prompt``, each to its END or up to the source's longest length.

    The prompt is part of each string. Raises Fault where the network gives no numbers any more.
    """
    language, alphabet = source.language, source.alphabet
    assert alphabet.begin is not None and alphabet.end is not None  # noqa: PT018 (for the type checker)
    given, longest = language.cut(prompt), source.longest
    draws = np.random.default_rng(seed).random((count, max(1, longest + 1 - len(given))))
    found = strings(core, weights, np.array([alphabet.begin, *alphabet.encode(prompt)]), draws, choice,
                    end=alphabet.end, unsaid=alphabet.unsaid, reach=None if core.state else longest + 1)
    symbols = np.array(alphabet.symbols, object)
    texts = tuple((*given, *symbols[found[row]].tolist())[:longest] for row in range(count))
    left = tuple(language.left_at(tokens) if ended else _cut(language.left_at(tokens), tokens)
                 for tokens, ended in zip(texts, found.ended.tolist(), strict=True))
    return Written(texts, left, found.ended)


def _cut(left: int | None, tokens: tuple[str, ...]) -> int:
    return len(tokens) if left is None else left
