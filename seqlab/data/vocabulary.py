"""Symbols and their ids."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Int, Integer

from seqlab.reference.linear import checked

UNKNOWN, BEGIN, END, PAD = "\ufffd", "⊢", "⏎", "∅"  # as people see them


@dataclass(frozen=True)
class Vocabulary:
    """An alphabet: each character's id is its place.

    ``unknown`` stands for every character outside it, ``begin`` before a text, ``end`` after it, and ``pad`` fills a
    batch up; each is an id or None.
    """

    symbols: str
    unknown: int | None = None
    begin: int | None = None
    end: int | None = None
    pad: int | None = None

    @classmethod
    def of_text(cls, letters: str) -> "Vocabulary":
        """The characters of a running text behind a mark for all others."""
        return cls(UNKNOWN + letters, unknown=0)

    @classmethod
    def of_sentences(cls, letters: str) -> "Vocabulary":
        """The characters of sentences, and after them the marks for begin, end and padding."""
        size = len(letters)
        return cls(letters + BEGIN + END + PAD, begin=size, end=size + 1, pad=size + 2)

    def __len__(self) -> int:
        return len(self.symbols)

    @cached_property
    def places(self) -> dict[str, int]:
        """Id of each character that a text may hold; the marks are none."""
        marks = self.unsaid | {self.end}
        return {character: place for place, character in enumerate(self.symbols) if place not in marks}

    @property
    def unsaid(self) -> frozenset[int]:
        """Ids that never stand in a text that is drawn."""
        return frozenset(place for place in (self.unknown, self.begin, self.pad) if place is not None)

    def encode(self, text: str) -> Int[np.ndarray, " time"]:
        """Write ids for characters; where none is ``unknown``, KeyError names the first one outside the alphabet."""
        codes = _codes(text)
        ids = self._ids[np.minimum(codes, len(self._ids) - 1)]
        strange = np.flatnonzero(ids < 0)
        if len(strange):
            if self.unknown is None:
                raise KeyError(text[strange[0]])
            ids[strange] = self.unknown
        return ids

    @cached_property
    def _ids(self) -> Int[np.ndarray, " code"]:
        """Id for each character's code, -1 for those outside, the last one among them: a book takes milliseconds."""
        ids = np.full(max(map(ord, self.places), default=0) + 2, -1, np.int64)
        for character, place in self.places.items():
            ids[ord(character)] = place
        return ids

    def decode(self, ids: Int[np.ndarray, " time"]) -> str:
        """Read ids back as text; raises IndexError for an id outside the alphabet."""
        return "".join(self.symbols[place] for place in checked(ids, len(self)))

    def strange(self, text: str) -> Counter[str]:
        """Count the characters of a text that the alphabet has not."""
        return Counter({character: count for character, count in counts(text).items() if character not in self.places})

    def kept(self, text: str) -> str:
        """Leave out the characters that the alphabet has not."""
        return "".join(character for character in text if character in self.places)


def counts(text: str) -> Counter[str]:
    """Count every character of a text, the most frequent first."""
    found = np.bincount(_codes(text))
    order = np.argsort(-found, kind="stable")[:np.count_nonzero(found)]
    return Counter({chr(code): int(found[code]) for code in order})


def letters_of(texts: Iterable[str], most: int) -> str:
    """Collect the ``most`` frequent characters of texts, sorted by their code."""
    found = counts("".join(texts))
    del found[UNKNOWN]
    return "".join(sorted(character for character, _ in found.most_common(most)))


def _codes(text: str) -> Integer[np.ndarray, " time"]:
    """Unicode's number of each character."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
