"""Symbols and their ids: characters, whole words, or pieces of words."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

import numpy as np
from jaxtyping import Int, Integer

from seqlab.data import pieces
from seqlab.reference.linear import checked

UNKNOWN, BEGIN, END, PAD = "\ufffd", "⊢", "⏎", "∅"  # as people see them
MARKS = PAD, BEGIN, END, UNKNOWN  # .pad .start .end .unk, where they come first
Level = Literal["character", "word", "piece"]
_WORD = re.compile(r"\w+|[^\w\s]")


@dataclass(frozen=True)
class Vocabulary:
    """An alphabet: each symbol's id is its place.

    A symbol is a character; at the ``level`` of words a word, which white space separates from the next, and so does a
    mark of punctuation where ``punctuated``; or a piece of a word with the space before it, which was made by merging
    the most frequent pairs.

    ``unknown`` stands for every symbol outside the alphabet, ``begin`` before a text, ``end`` after it, and ``pad``
    fills a batch up; each is an id or None.
    """

    symbols: str | tuple[str, ...]
    unknown: int | None = None
    begin: int | None = None
    end: int | None = None
    pad: int | None = None
    level: Level = "character"
    punctuated: bool = False

    @classmethod
    def of_text(cls, letters: str) -> "Vocabulary":
        """The characters of a running text behind a mark for all others."""
        return cls(UNKNOWN + letters, unknown=0)

    @classmethod
    @lru_cache(maxsize=16)
    def of_running(cls, tokens: tuple[str, ...], level: Level) -> "Vocabulary":
        """The words or the pieces of a running text behind a mark for all others."""
        return cls((UNKNOWN, *tokens), unknown=0, level=level, punctuated=level == "word")

    @classmethod
    def of_sentences(cls, letters: str) -> "Vocabulary":
        """The characters of sentences, and after them the marks for begin, end and padding."""
        size = len(letters)
        return cls(letters + BEGIN + END + PAD, begin=size, end=size + 1, pad=size + 2)

    @classmethod
    def of_tokens(cls, tokens: Iterable[str], level: Level) -> "Vocabulary":
        """The marks for padding, begin, end and the unknown, and after them characters or words."""
        return cls((*MARKS, *tokens), pad=0, begin=1, end=2, unknown=3, level=level)

    def __len__(self) -> int:
        return len(self.symbols)

    @cached_property
    def places(self) -> dict[str, int]:
        """Id of each symbol that a text may hold; the marks are none."""
        marks = self.masked | {self.end}
        return {symbol: place for place, symbol in enumerate(self.symbols) if place not in marks}

    @property
    def masked(self) -> frozenset[int]:
        """Ids that get no probability when text is drawn."""
        return frozenset(place for place in (self.unknown, self.begin, self.pad) if place is not None)

    def cut(self, text: str) -> Sequence[str]:
        """Cut a text into symbols, known or not: its characters, its words, or pieces of them."""
        if self.level == "piece":
            return pieces.cut(text, self.symbols[1:])
        if self.level == "word":
            return words(text) if self.punctuated else text.split()
        return text

    def joined(self, symbols: Iterable[str]) -> str:
        """Make symbols a text again, words with a space between them."""
        return self.gap.join(symbols)

    @property
    def gap(self) -> str:
        """What stands between two symbols of a running text."""
        return " " if self.level == "word" else ""

    @property
    def spelt(self) -> tuple[str, ...]:
        """Symbols as they stand in a running text: behind a word there is a space."""
        known = set(self.places.values())
        return tuple(symbol + self.gap * (place in known) for place, symbol in enumerate(self.symbols))

    def encode(self, text: str) -> Int[np.ndarray, " time"]:
        """Write ids for symbols; where none is ``unknown``, KeyError names the first one outside the alphabet."""
        if self.level != "character":
            ids = np.array([self.places.get(symbol, -1) for symbol in self.cut(text)], np.int64)
        else:
            codes = _codes(text)
            ids = self._ids[np.minimum(codes, len(self._ids) - 1)]
        outside = np.flatnonzero(ids < 0)
        if len(outside):
            if self.unknown is None:
                raise KeyError(self.cut(text)[outside[0]])
            ids[outside] = self.unknown
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
        return self.joined(self.symbols[place] for place in checked(ids, len(self)))

    def unknown_symbols(self, text: str) -> Counter[str]:
        """Count the symbols of a text that are not in the alphabet."""
        frequency = Counter(self.cut(text)) if self.level == "word" else counts(text)
        return Counter({symbol: count for symbol, count in frequency.items() if symbol not in self.places})

    def without_unknown(self, text: str) -> str:
        """Leave out the symbols that are not in the alphabet."""
        symbols = self.cut(text) if self.level == "word" else text
        return self.joined(symbol for symbol in symbols if symbol in self.places)


def words(text: str) -> list[str]:
    """Cut a text into its words and its marks of punctuation."""
    return _WORD.findall(text)


def words_of(text: str, most: int, longest: int) -> tuple[str, ...]:
    """Collect the ``most`` frequent words and marks of a text, the most frequent first, of equal ones the first.

    A word of more than ``longest`` characters is none of them.
    """
    frequency = Counter(word for word in words(text) if len(word) <= longest and word != UNKNOWN)
    return tuple(word for word, _ in frequency.most_common(most))


def counts(text: str) -> Counter[str]:
    """Count every character of a text, the most frequent first."""
    frequency = np.bincount(_codes(text))
    order = np.argsort(-frequency, kind="stable")[:np.count_nonzero(frequency)]
    return Counter({chr(code): int(frequency[code]) for code in order})


def letters_of(texts: Iterable[str], most: int) -> str:
    """Collect the ``most`` frequent characters of texts, sorted by their code."""
    frequency = counts("".join(texts))
    del frequency[UNKNOWN]
    return "".join(sorted(character for character, _ in frequency.most_common(most)))


def _codes(text: str) -> Integer[np.ndarray, " time"]:
    """Unicode's number of each character."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
