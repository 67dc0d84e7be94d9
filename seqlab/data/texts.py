"""Texts as a network reads them: ids of a vocabulary, cut to a length, and filled up to a batch."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Int

from seqlab.data.tokens import Part, words_of
from seqlab.data.vocabulary import Vocabulary
from seqlab.errors import Fault

Keep = Literal["start", "end", "both"]
MOST_CHARACTERS = 1_000_000  # of a text that a person gives


@dataclass(frozen=True)
class Texts:
    """Texts one after another in ``ids``: where each begins, how many words it has, and its label."""

    ids: Int[np.ndarray, " token"]
    starts: Int[np.ndarray, " text"]
    lengths: Int[np.ndarray, " text"]
    labels: Int[np.ndarray, " text"]
    pad: int

    @classmethod
    def of(cls, part: Part, vocabulary: Vocabulary, longest: int | None = None, keep: Keep = "start",
           swapped: bool = False) -> "Texts":
        """Encode some texts; of one with more than ``longest`` words it takes the first, the last, or half of each.

        A text without any word is read as one unknown word. Where labels are ``swapped``, their order is turned round.
        """
        tokens, parts = part.tokens, []
        flat = tokens.encoded(vocabulary)
        for row in part.rows.tolist():
            ids = flat[tokens.starts[row]:tokens.starts[row + 1]]
            parts.append(cut(ids, longest, keep) if len(ids) else np.array([vocabulary.unknown], flat.dtype))
        lengths = np.array([len(part) for part in parts])
        labels = int(tokens.labels.max(initial=1)) - part.labels if swapped else part.labels
        return cls(np.concatenate(parts), np.cumsum(lengths) - lengths, lengths, labels,
                   vocabulary.pad or 0)

    def padded(self, members: Int[np.ndarray, " member"]) -> tuple[
            Int[np.ndarray, "member time"], Int[np.ndarray, " member"]]:
        """Lay some texts beside each other, filled up to the longest of them, and say how long each is."""
        lengths = self.lengths[members]
        time = np.arange(lengths.max())
        real = time < lengths[:, None]
        places = np.where(real, self.starts[members][:, None] + time, 0)
        return np.where(real, self.ids[places], self.pad).astype(np.int64), lengths


def cut(ids: Int[np.ndarray, " time"], longest: int | None, keep: Keep) -> Int[np.ndarray, " _"]:
    """Keep at most ``longest`` words: those at the start, at the end, or half of them at each."""
    if longest is None or len(ids) <= longest:
        return ids
    if keep == "start":
        return ids[:longest]
    first = longest // 2 if keep == "both" else 0
    return np.concatenate((ids[:first], ids[len(ids) - longest + first:]))


@dataclass(frozen=True)
class Review:
    """One text as a network reads it: its first ``words`` and their ids; how many it has in ``total``.

    ``unknown_words`` counts the words outside the vocabulary, all of which have one id.
    """

    words: tuple[str, ...]
    ids: Int[np.ndarray, " time"]
    total: int
    unknown_words: Counter[str]


def read(text: str, vocabulary: Vocabulary, most: int, reader: Callable[[str], list[str]] = words_of) -> Review:
    """Cut a person's text into at most ``most`` words, whatever it holds; raises Fault where it holds none."""
    words = reader(text[:MOST_CHARACTERS])
    if not words:
        raise Fault("There is no word in this review. Type at least one, in letters; numbers and signs are not read.")
    words_read = tuple(words[:most])
    ids = np.array([vocabulary.places.get(word, vocabulary.unknown or 0) for word in words_read], np.int64)
    return Review(words_read, ids, len(words), Counter(word for word in words_read if word not in vocabulary.places))
